package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Action.Deliver;
import org.wasla.gateway.message.Message.Finding;
import org.wasla.gateway.message.Talk;
import org.xml.sax.SAXException;

/** POCT1-A as a device sees it: the test is the device and turns the clock. What we send is read by the JDK's parser. */
class PoctTalkTest {
    private static final long SECOND = 1_000_000_000L;
    private static final PoctSpec SPEC = new PoctSpec(true, 32_768, 10 * SECOND, 3_600 * SECOND, false);
    private static final String STAYS =
            "<DSC.directives_supported_cd V=\"SET_TIME\"/><DSC.directives_supported_cd V=\"START_CONTINUOUS\"/>";

    private final Talk talk = SPEC.open(0);
    private final List<Deliver> delivered = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private boolean isFull;

    static String message(String kind, String id, String content) {
        return "<?xml version=\"1.0\"?><" + kind + "><HDR><HDR.control_id V=\"" + id
                + "\"/><HDR.version_id V=\"POCT1\"/><HDR.creation_dttm V=\"2026-06-16T08:00:00-05:00\"/></HDR>"
                + content
                + "</" + kind + ">";
    }

    static String hello(String directives) {
        return message(
                "HEL.R01",
                "1",
                "<DEV><DEV.serial_id V=\"7\"/><DCP><DCP.application_timeout V=\"20\"/></DCP><DSC>" + directives
                        + "</DSC></DEV>");
    }

    static String status(String quantity) {
        return message("DST.R01", "2", "<DST><DST.new_observations_qty V=\"" + quantity + "\"/></DST>");
    }

    static String result(String id, String value) {
        return message("OBS.R01", id, """
                <SVC><SVC.role_cd V="OBS"/><SVC.observation_dttm V="2026-06-16T07:59:00-05:00"/><SVC.reason_cd V="NEW"/>
                <PT><PT.patient_id V="4711"/><PT.name V="Doe"/><OBS><OBS.observation_id V="2341-6" DN="Glu" SN="LN"/>
                <OBS.value V="VALUE" U="mg/dL"/><OBS.method_cd V="M"/><OBS.status_cd V="A"/>
                <OBS.interpretation_cd V="HH"/><OBS.normal_lo-hi_limit V="[80;120]"/></OBS></PT>
                <NTE><NTE.text V="ID FLAGS"> OPR_ID=IN_LIST^
                 SMPL_ID=ENTERED_TEXT|NOT_IN_LIST</NTE.text></NTE><NTE><NTE.text V="a remark">TY=C</NTE.text></NTE>
                </SVC>""".replace("VALUE", value));
    }

    static String endOfTopic(String id) {
        return message("EOT.R01", id, "<EOT><EOT.topic_cd V=\"OBS\"/></EOT>");
    }

    /** @return what is said in answer: kind, and what it is about */
    private List<String> hear(String text, long nowNs) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return said(talk.onBytes(bytes, bytes.length, nowNs));
    }

    private List<String> said(List<Action> actions) {
        return raw(actions).stream().map(PoctTalkTest::words).toList();
    }

    private List<Bytes> raw(List<Action> actions) {
        List<Bytes> said = new ArrayList<>();
        List<Bytes> later = new ArrayList<>();
        for (Action action : actions) {
            if (action instanceof Deliver deliver) {
                if (!isFull) {
                    delivered.add(deliver);
                }
                said.add(isFull ? deliver.ifRefused() : deliver.ifKept());
            } else if (action instanceof Action.Send send) {
                later.add(send.bytes());
            } else if (action instanceof Action.Report report) {
                faults.add(report.fault().counter());
            }
        }
        said.addAll(later);
        return said.stream().filter(bytes -> bytes.size() > 0).toList();
    }

    /** Read by the JDK's parser: what we say is well formed, and says what it should. */
    static String words(Bytes bytes) {
        try {
            String text = new String(bytes.toArray(), StandardCharsets.UTF_8).replaceAll("[\u000b\u001c]", "");
            Document document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(text.strip().getBytes(StandardCharsets.UTF_8)));
            Element root = document.getDocumentElement();
            assertFalse(value(root, "HDR.control_id").isEmpty(), text);
            assertEquals("POCT1", value(root, "HDR.version_id"));
            String about = value(root, "ACK.ack_control_id")
                    + value(root, "REQ.request_cd")
                    + value(root, "DTV.command_cd")
                    + value(root, "TRM.reason_cd");
            String type = value(root, "ACK.type_cd");
            return root.getTagName().substring(0, 3) + ' ' + (type.isEmpty() ? "" : type + ' ') + about;
        } catch (SAXException | ParserConfigurationException | IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static String value(Element root, String name) {
        Element first = (Element) root.getElementsByTagName(name).item(0);
        return first == null ? "" : first.getAttribute("V");
    }

    private List<Finding> findings() {
        return delivered.stream()
                .flatMap(deliver -> deliver.message().fields().stream())
                .filter(Finding.class::isInstance)
                .map(Finding.class::cast)
                .toList();
    }

    /** The order of lab.md 2.6: hello, status, the results held, and then as they come. */
    @Test
    void aDeviceIsAskedForWhatItHoldsAndThenToStay() {
        assertEquals(List.of("ACK AA 1"), hear(hello(STAYS), 0));
        assertEquals(List.of("ACK AA 2", "REQ ROBS"), hear(status("2"), 0));
        assertEquals(List.of("ACK AA 3"), hear(result("3", "145"), 0));
        assertEquals(List.of("ACK AA 4"), hear(result("4", "99.50"), 0));
        assertEquals(List.of("ACK AA 5", "DTV START_CONTINUOUS"), hear(endOfTopic("5"), 0));
        assertEquals(List.of(), hear(message("ACK.R01", "6", "<ACK><ACK.type_cd V=\"AA\"/></ACK>"), 0));
        assertEquals(List.of("ACK AA 2"), hear(status("1"), 0), "who stays sends by itself");
        assertEquals(List.of("ACK AA 8"), hear(result("8", "7"), 0));
        assertEquals(List.of("ACK AA 9"), hear(message("END.R01", "9", ""), 0));
        assertEquals(
                List.of("145", "99.50", "7"),
                findings().stream().map(Finding::text).toList());
        assertEquals(List.of(), faults);
    }

    @Test
    void aDeviceThatCannotStayIsLetGo() {
        hear(hello(""), 0);
        assertEquals(List.of("ACK AA 2", "END NRM"), hear(status("0"), 0), "it holds nothing");
        hear(hello(""), 0);
        assertEquals(List.of("ACK AA 2", "REQ ROBS"), hear(message("DST.R01", "2", "<DST/>"), 0), "it does not say");
        assertEquals(List.of("ACK AA 3", "END NRM"), hear(endOfTopic("3"), 0));
    }

    @Test
    void everythingOfAResultIsReadAndOnlyTheNumberOfThePatient() {
        hear(result("3", "145"), 0);
        Finding found = findings().get(0);
        assertEquals(
                new Finding(
                        "2341-6",
                        "LN",
                        "Glu",
                        "145",
                        "mg/dL",
                        "80;120",
                        "HH",
                        "A",
                        "2026-06-16T07:59:00-05:00",
                        "M",
                        List.of()),
                found);
        assertEquals("typed", delivered.get(0).message().text("ID.capture"));
        assertEquals("4711", delivered.get(0).message().text("PT.patient_id"));
        assertNull(delivered.get(0).message().text("PT.name"));
        assertEquals("a remark", delivered.get(0).message().text("note"));
    }

    /** One door for every acknowledgement: what is not on the disk was not taken. */
    @Test
    void whatCannotBeKeptIsAnsweredWithAnError() {
        isFull = true;
        assertEquals(List.of("ACK AE 3"), hear(result("3", "145"), 0));
        isFull = false;
        assertEquals(List.of("ACK AA 3"), hear(result("3", "145"), 0));
        assertEquals(1, findings().size());
    }

    /** A device that did not hear our answer says it again, under a new number and a new time. */
    @Test
    void aResultThatIsSentAgainIsTheSame() {
        hear(result("3", "145"), 0);
        hear(result("4", "145").replace("08:00:00", "08:00:30").replace("V=\"NEW\"", "V=\"RES\""), 0);
        hear(result("5", "146"), 0);
        String first = Objects.requireNonNull(delivered.get(0).once());
        assertEquals(first, delivered.get(1).once());
        assertNotEquals(first, delivered.get(2).once());
        hear(result("6", "145").replace("SVC.observation_dttm", "SVC.x"), 0);
        assertNull(delivered.get(3).once(), "without a time nothing tells it from the next of the same value");
    }

    @Test
    void aDeviceThatDoesNotAnswerIsAskedAgainOnceAndNotForEver() {
        hear(hello(STAYS), 0);
        hear(status("1"), 0);
        assertEquals(List.of(), said(talk.onTime(19 * SECOND)));
        assertEquals(List.of("REQ ROBS"), said(talk.onTime(20 * SECOND)));
        assertEquals(List.of(), said(talk.onTime(40 * SECOND)));
        assertEquals(List.of("timeout", "timeout"), faults);
        assertTrue(talk.waitNs(40 * SECOND) > SECOND);
    }

    @Test
    void aMessageThatCannotBeReadIsAnsweredWithAnErrorWhereItHasANumber() {
        assertEquals(List.of("ACK AE 3"), hear(result("3", "1").replace("<PT>", "<PT><PT>"), 0));
        assertEquals(List.of(), hear("<OBS.R01><HDR></OBS.R01>", 0));
        assertEquals(List.of("ACK AE 4"), hear(message("OPL.R01", "4", ""), 0));
        assertEquals(List.of("format", "format", "format"), faults);
        assertEquals(List.of(), hear("<OBS.R01><HDR>", SECOND));
        assertEquals(List.of(), said(talk.onTime(12 * SECOND)));
        assertEquals("cut", faults.get(3));
    }

    /** A device that frames as MLLP does is answered so. */
    @Test
    void theFrameOfTheDeviceIsTheFrameOfTheAnswer() {
        byte[] bytes = ('\u000b' + hello("") + "\u001c\r").getBytes(StandardCharsets.UTF_8);
        Deliver deliver = (Deliver) talk.onBytes(bytes, bytes.length, 0).get(0);
        String said = deliver.ifKept().latin1();
        assertTrue(said.startsWith("\u000b<") && said.endsWith(">\u001c\r"), said);
    }

    /** What the device writes into its number stands in our answer, whatever it is. */
    @Test
    void namesOfTheDeviceAreWrittenAsXml() {
        List<String> said = hear(message("HEL.R01", "a&lt;&amp;&quot;&#9;&#x1F600;", ""), 0);
        assertEquals(List.of("ACK AA a<&\"\t\uD83D\uDE00"), said);
    }

    @Test
    void whoOnlyListensSaysNothing() {
        Talk quiet = SPEC.listening().open(0);
        byte[] bytes = (hello(STAYS) + status("1") + result("3", "5") + endOfTopic("4") + message("XYZ.R01", "5", ""))
                .getBytes(StandardCharsets.UTF_8);
        for (Action action : quiet.onBytes(bytes, bytes.length, 0)) {
            assertFalse(action instanceof Action.Send);
            assertFalse(action instanceof Deliver deliver && deliver.isAnswered());
        }
    }

    /** A connection may break at any byte, and begin in the middle of what a device says. */
    @Test
    void aCutAnywhereGivesNoOtherResultAndCostsNoLaterOne() {
        String first = hello(STAYS) + status("1") + result("3", "145");
        for (int at = 0; at < first.length(); at++) {
            for (String damaged : List.of(first.substring(0, at), first.substring(at))) {
                PoctTalkTest line = new PoctTalkTest();
                line.raw(line.talk.onBytes(bytes(damaged), damaged.length(), 0));
                line.raw(line.talk.onTime(15 * SECOND));
                line.raw(line.talk.onBytes(
                        bytes(result("9", "99")), result("9", "99").length(), 16 * SECOND));
                List<String> values =
                        line.findings().stream().map(Finding::text).toList();
                assertEquals("99", values.get(values.size() - 1), "at " + at);
                assertTrue(List.of("145", "99").containsAll(values), at + ": " + values);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void anyBytesAreTakenWithoutAnException() {
        String whole = hello(STAYS) + status("1") + result("3", "145") + endOfTopic("4");
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(whole);
            for (int i = 0; i < 10; i++) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
            }
            PoctTalkTest line = new PoctTalkTest();
            line.raw(line.talk.onBytes(bytes(text.toString()), text.length(), 0));
            line.raw(line.talk.onEnd());
        }
    }
}
