package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.codec.Hl7Spec.Content;
import org.wasla.gateway.codec.Hl7Spec.Part;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.hl7.Hl7Answers.Mode;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Action.Deliver;
import org.wasla.gateway.message.Action.Report;
import org.wasla.gateway.message.Action.Send;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.orders.OrderDesk;

/** A device that sends HL7, by hand: the test is the device and turns the clock. */
class Hl7TalkTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Hl7Spec SPEC = new Hl7Spec(
            Mode.AUTO,
            Content.AUTO,
            Part.BED,
            null,
            Map.of("mm[Hg]", "mm[Hg]"),
            100_000,
            true,
            10 * SECOND,
            60 * SECOND,
            30 * SECOND,
            false);
    private static final String HEADER = "MSH|^~\\&|BC|LAB|GW||20260616080000||ORU^R01|7|P|2.3.1\r";
    private static final String RESULT =
            HEADER + "OBR|1|O1|S1|CBC^Count^L\rOBX|1|NM|WBC^WBC^L||9.80|10*9/L|4.00-10.00|N|||F\rNTE|1||clot\r";
    private static final String DEVICE = HEADER + "PV1||I|ICU^^5\rOBR|1|||X^Y^MDC|||20260616075900\r"
            + "OBX|1|NM|150021^MDC_PRESS_BLD_NONINV_SYS^MDC|1.0.1.1|120|mm[Hg]^^UCUM|||||R\r";

    private final Talk talk = SPEC.open(0);

    private static byte[] frame(String text) {
        return ('\u000b' + text + "\u001c\r").getBytes(StandardCharsets.UTF_8);
    }

    private static List<Action> hear(Talk talk, byte[] bytes, int chunk, long nowNs) {
        List<Action> actions = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += chunk) {
            byte[] some = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + chunk));
            actions.addAll(talk.onBytes(some, some.length, nowNs));
        }
        return actions;
    }

    private List<Action> hear(String text) {
        return hear(talk, frame(text), 1_000, 0);
    }

    private static String code(Bytes answer) {
        String text = answer.latin1();
        int at = text.indexOf("\rMSA|");
        return at < 0 ? "" : text.substring(at + 5).split("[\r\u001c]")[0];
    }

    /** Mirth #2027: a positive answer went out while the store was down. */
    @Test
    void aMessageIsAcknowledgedByWhatBecomesOfIt() {
        Deliver deliver = (Deliver) hear(RESULT).get(0);
        assertEquals("AA|7", code(deliver.ifKept()));
        assertEquals("AE|7", code(deliver.ifRefused()));
        assertEquals(RESULT.length() + 2, deliver.size());
    }

    @Test
    void resultsAreOneMessageAnOrder() {
        Message message = ((Deliver) hear(RESULT).get(0)).message();
        assertEquals("results", message.type());
        assertEquals("S1", message.text("OBR.3"));
        assertEquals("Count", message.text("OBR.4.2"));
        assertEquals("7", message.text("MSH.10"));
        assertNull(message.part());
        Message.Finding finding =
                (Message.Finding) message.fields().get(message.fields().size() - 1);
        assertEquals("WBC 9.80 10*9/L", finding.name() + ' ' + finding.text() + ' ' + finding.unit());
        assertEquals(List.of("clot"), finding.comments());
    }

    /** Names and birth dates have no place in a message: nothing behind it could leak them. */
    @Test
    void nothingOfThePatientIsReadButIdsAndPlace() {
        String patient = "PID|1||77^^^HOSP||Nobody^Ann||19700101|F|||Street 1\rPV1|1|I|W^1^2||||Doctor\r";
        List<Action> actions = hear(RESULT.replace("OBR|1", patient + "OBR|1"));
        Message message = ((Deliver) actions.get(0)).message();
        String all = message.fields().toString();
        assertEquals("77", message.text("PID.3"));
        for (String secret : List.of("Nobody", "Ann", "1970", "Street", "Doctor")) {
            assertFalse(all.contains(secret), secret);
        }
        Message device = ((Deliver)
                        hear(DEVICE.replace("PV1", "PID|||77||Nobody^Ann\rPV1")).get(0))
                .message();
        assertFalse(device.fields().toString().matches(".*(77|Nobody|Ann).*"), "of a device no id either");
    }

    @Test
    void valuesOfADeviceAreOfItsBed() {
        Message message = ((Deliver) hear(DEVICE).get(0)).message();
        assertEquals("device", message.type());
        assertEquals("ICU-5", message.part());
        assertEquals("120", message.text("150021"));
        assertEquals("20260616075900", message.text("time"));
    }

    /** The limits of a monitor and that a value is beyond them are facts of their own; that it is normal is none. */
    @Test
    void limitsOfADeviceStandBesideItsValue() {
        String beyond = DEVICE.replace("120|mm[Hg]^^UCUM|||||R", "190|mm[Hg]^^UCUM|90-160|HH~QUES|||R");
        Message.Item item = (Message.Item)
                ((Deliver) hear(beyond).get(0)).message().fields().get(1);
        assertEquals("questionable", item.flag());
        assertEquals("90-160", item.range());
        assertEquals("HH", item.marks());
        String normal = DEVICE.replace("120|mm[Hg]^^UCUM|||||R", "120|mm[Hg]^^UCUM||N|||R");
        item = (Message.Item) ((Deliver) hear(normal).get(0)).message().fields().get(1);
        assertNull(item.range());
        assertNull(item.marks());
    }

    /** What one message carries is kept together: its last part has the answers. */
    @Test
    void ofSeveralOrdersTheLastIsAnswered() {
        List<Action> actions = hear(RESULT + "OBR|2|O2|S1|X^Y^L\rOBX|1|NM|CRP^CRP^L||3|mg/L\r");
        assertEquals(2, actions.size());
        Deliver first = (Deliver) actions.get(0);
        Deliver last = (Deliver) actions.get(1);
        assertEquals(Bytes.NONE, first.ifKept());
        assertEquals("AA|7", code(last.ifKept()));
        assertEquals(0, last.size());
        assertNotEquals(first.once(), last.once());
    }

    @Test
    void whatIsSentAgainIsTheSameAndNothingElseIs() {
        String once = ((Deliver) hear(RESULT).get(0)).once();
        assertEquals(once, ((Deliver) hear(RESULT).get(0)).once());
        // Its numbers begin again with each start, and so may its clock: what it says must be the same too.
        assertNotEquals(once, ((Deliver) hear(RESULT.replace("9.80", "9.81")).get(0)).once());
        assertNull(((Deliver) hear(RESULT.replace("|7|P", "||P")).get(0)).once(), "without a number");
        assertNull(((Deliver) hear(RESULT.replace("20260616080000", "")).get(0)).once(), "without a time");
    }

    @Test
    void kindsThatAreNotTakenAreRejectedAndTold() {
        List<Action> actions = hear("MSH|^~\\&|HIS||||||ADT^A01|5|P|2.5\rPID|1\r");
        assertEquals(Fault.FORMAT, ((Report) actions.get(0)).fault());
        assertEquals("AR|5", code(((Send) actions.get(1)).bytes()));
    }

    /** Who is on which device is told to another port: taken here it would be acknowledged and lost. */
    @Test
    void anAssociationOfPatientAndDeviceIsRejected() {
        String pcim = HEADER + "OBR|||1|69136^MDC_OBS_ASSOCIATION_PATIENT_DEVICE^MDC\r"
                + "OBX|1|CWE|68487^MDC_ATTR_EVT_COND^MDC||198332^MDC_EVT_ASSOCIATION_PATIENT_DEVICE^MDC||||||F\r";
        assertEquals("AR|7", code(((Send) hear(pcim).get(1)).bytes()));
    }

    @Test
    void alarmsWithOneFirstMessageAreOneAlarm() {
        String first = HEADER.replace("R01", "R40") + "OBR|1||A1|196616^MDC_EVT_ALARM^MDC\r"
                + "OBX|1|CWE|196616^MDC_EVT_ALARM^MDC|1.3.1.150456.1|196652^MDC_EVT_LO^MDC|||L~PH~SP\r"
                + "OBX|2|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.3.1.150456.2|84\r"
                + "OBX|3|ST|68481^MDC_ATTR_EVENT_PHASE^MDC|1.3.1.150456.3|start\r";
        String second = first.replace("||A1|196616^MDC_EVT_ALARM^MDC", "||A2|196616^X^MDC" + "|".repeat(25) + "^A1")
                .replace("start", "end")
                .replace("PH", "PM");
        Message.Alarm alarm = alarm(first);
        assertEquals(new Message.Alarm("196652/A1", "MDC_EVT_LO", "phys", "high", "active", "150456"), alarm);
        assertEquals(
                new Message.Alarm("196652/A1", "MDC_EVT_LO", "phys", "medium", "inactive", "150456"), alarm(second));
        String rows = first + "OBX|6|ST|68484^X^MDC|1.3.1.150456.6|PL\rOBX|7|ST|68485^X^MDC|1.3.1.150456.7|ST\r";
        assertEquals("low tech", alarm(rows).priority() + ' ' + alarm(rows).kind(), "rows of their own come first");
    }

    private Message.Alarm alarm(String text) {
        Message message = ((Deliver) hear(text).get(0)).message();
        assertEquals("alarms", message.type());
        return ((Message.Alarms) message.fields().get(message.fields().size() - 1))
                .alarms()
                .get(0);
    }

    @Test
    void aFrameThatIsNoMessageIsRejected() {
        for (String odd : List.of("", "x", "PID|1\r", "MSH||||\r", "MSH|^^^^|\r")) {
            List<Action> actions = hear(odd);
            assertEquals(Fault.FORMAT, ((Report) actions.get(0)).fault(), odd);
            assertEquals("AR|", code(((Send) actions.get(1)).bytes()), odd);
        }
    }

    /** Two ends must not acknowledge each other's acknowledgements for ever. */
    @Test
    void anAnswerIsNeverAnswered() {
        List<Action> actions = hear("MSH|^~\\&|||||||ACK^R01|1|P|2.6\rMSA|AR|9\r");
        assertEquals(
                List.of(new Deliver(
                        new Message("answer", List.of()), actions(actions).size(), Bytes.NONE, Bytes.NONE)),
                actions);
    }

    private static Deliver actions(List<Action> actions) {
        return (Deliver) actions.get(0);
    }

    @Test
    void onAReadOnlyLineNothingIsSaid() {
        Talk silent = SPEC.listening().open(0);
        List<Action> actions = new ArrayList<>(hear(silent, frame(RESULT), 99, 0));
        actions.addAll(hear(silent, frame("nonsense"), 99, 0));
        actions.addAll(hear(silent, frame("MSH|^~\\&|||||||ADT^A01|1"), 99, 0));
        for (Action action : actions) {
            assertFalse(action instanceof Send);
            assertTrue(!(action instanceof Deliver deliver)
                    || deliver.ifKept().size() + deliver.ifRefused().size() == 0);
        }
    }

    @Test
    void aFrameThatDoesNotGoOnIsGivenUp() {
        assertEquals(List.of(), talk.onBytes(frame(RESULT), 20, SECOND));
        assertEquals(10 * SECOND, talk.waitNs(SECOND));
        assertEquals(List.of(), talk.onTime(10 * SECOND));
        assertEquals(List.of(new Report(Fault.CUT, 1, 20)), talk.onTime(11 * SECOND));
        assertTrue(hear(RESULT).get(0) instanceof Deliver);
    }

    /** A peer that sends a byte now and then would else hold the line for ever. */
    @Test
    void aFrameThatDripsIsGivenUpToo() {
        byte[] bytes = frame(RESULT);
        List<Action> actions = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            actions.addAll(talk.onBytes(new byte[] {bytes[i]}, 1, i * 5L * SECOND));
        }
        assertEquals(new Report(Fault.CUT, 1, 12), actions.get(0));
    }

    @Test
    void bareTextIsOverWhenTheLineIsQuiet() {
        byte[] bytes = RESULT.replace('\r', '\n').getBytes(StandardCharsets.UTF_8);
        assertEquals(List.of(), talk.onBytes(bytes, bytes.length, 0));
        assertEquals(SECOND, talk.waitNs(0));
        assertEquals("AA|7", code(((Deliver) talk.onTime(SECOND).get(0)).ifKept()));
    }

    @Test
    void signsOfLifeKeepADeviceFromCountingAsSilent() {
        assertFalse(talk.isSilent(29 * SECOND));
        talk.onBytes(new byte[] {5}, 1, 29 * SECOND);
        assertFalse(talk.isSilent(58 * SECOND));
        assertTrue(talk.isSilent(59 * SECOND));
        talk.onBytes("xyz".getBytes(StandardCharsets.UTF_8), 3, 59 * SECOND);
        assertTrue(talk.isSilent(59 * SECOND));
    }

    @Test
    void theChunksDoNotMatter() {
        byte[] both = ("xyz" + new String(frame(RESULT), StandardCharsets.UTF_8)
                        + new String(frame(DEVICE), StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
        List<Action> whole = delivered(hear(SPEC.open(0), both, both.length, 0));
        assertEquals(2, whole.size());
        for (int chunk = 1; chunk < 64; chunk++) {
            assertEquals(whole, delivered(hear(SPEC.open(0), both, chunk, 0)), "chunks of " + chunk);
        }
    }

    private static List<Action> delivered(List<Action> actions) {
        return actions.stream().filter(Deliver.class::isInstance).toList();
    }

    /** A message without its end is no message, wherever it is cut; the next one is understood. */
    @Test
    void aCutAnywhereGivesNothingButTheNextMessage() {
        byte[] first = frame(RESULT);
        List<Action> second = delivered(hear(SPEC.open(0), frame(DEVICE), 9, 0));
        for (int cut = 0; cut < first.length - 2; cut++) {
            Talk open = SPEC.open(0);
            hear(open, Arrays.copyOf(first, cut), 50, 0);
            assertEquals(second, delivered(hear(open, frame(DEVICE), 50, 0)), "cut to " + cut);
        }
    }

    @Test
    void noBytesMakeItThrow() {
        byte[] good = frame(DEVICE + "OBX|2|NA|131330^X^MDC|1.2.3.4|1^2^3\rOBX|3|SN|1^A^L||<^5\rSPM|1\r" + RESULT);
        int delivered = 0;
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = good.clone();
            for (int i = 0; i < 1 + random.nextInt(20); i++) {
                byte[] odd = {'|', '^', '~', '\\', '&', '\r', '\n', 0x0b, 0x1c, (byte) random.nextInt(256)};
                bytes[random.nextInt(bytes.length)] = odd[random.nextInt(odd.length)];
            }
            Talk open = SPEC.open(0);
            List<Action> actions = hear(open, bytes, 1 + random.nextInt(300), 0);
            actions.addAll(open.onEnd());
            delivered += delivered(actions).size();
        }
        assertTrue(delivered > 500, "only " + delivered + " were messages");
    }

    /** The number says on whom the device is; it is no value, and only a profile can know that it was entered there. */
    @Test
    void aNumberThatWasEnteredIsOfTheMessageAndNoField() {
        Hl7Spec typed = new Hl7Spec(
                Mode.AUTO,
                Content.DEVICE,
                Part.NONE,
                null,
                Map.of(),
                100_000,
                true,
                SECOND,
                SECOND,
                SECOND,
                true,
                false,
                OrderDesk.NONE,
                false);
        String text = DEVICE.replace("PV1|", "PID|||4711^^^CHU^PI||Test^Anna\rPV1|");
        Message message = ((Deliver) hear(typed.open(0), frame(text), 1_000, 0).get(0)).message();
        assertEquals("4711^^^CHU", message.patient());
        assertFalse(message.fields().toString().contains("4711"));
        String none = DEVICE.replace("PV1|", "PID|||\"\"||Test^Anna\rPV1|");
        assertEquals(
                "",
                ((Deliver) hear(typed.open(0), frame(none), 1_000, 0).get(0))
                        .message()
                        .patient());
        assertNull(((Deliver) hear(typed.open(0), frame(DEVICE), 1_000, 0).get(0))
                .message()
                .patient());
        assertNull(((Deliver) hear(text).get(0)).message().patient());
    }
}
