package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.codec.Hl7Spec.Content;
import org.wasla.gateway.codec.Hl7Spec.Part;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.hl7.Hl7Answers.Mode;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Action.Deliver;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.message.TalkSpec;
import org.wasla.gateway.orders.Order.Patient;
import org.wasla.gateway.orders.OrderDesk;

/** Analysers that ask for orders by HL7, each in its dialect (lab.md 2.1): told what is ordered, or that nothing is. */
class Hl7OrdersTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Patient ANNA = new Patient("4711", "CHU", "Te^st", "Anna", "1970-01-31", "F");
    private static final Hl7Spec SPEC = new Hl7Spec(
            Mode.AA,
            Content.RESULTS,
            Part.NONE,
            null,
            Map.of(),
            100_000,
            true,
            SECOND,
            SECOND,
            SECOND,
            false,
            true,
            OrderDesk.NONE,
            false);
    private static final TalkSpec ORDERS =
            SPEC.with(new Desk(Desk.order("o1", "S77", ANNA, "CBC"), Desk.order("o2", "S77", ANNA, "RET")));
    private static final String ORM =
            "MSH|^~\\&|BC-5150|Mindray|||20260616080000||ORM^O01|4|P|2.3.1||||||UNICODE\rORC|RF||S77||IP\r";
    private static final String QRY = "MSH|^~\\&|||Mindray|BS-480|20260616080000||QRY^Q02|9|P|2.3.1||||||ASCII\r"
            + "QRD|20260616080000|R|D|1|||RD|S77|OTH|||T|\rQRF|BS-480|||||RCT|COR|ALL||\r";
    private static final String QBP =
            "MSH|^~\\&|GX||LIS||20260616080000||QBP^Z03^QBP_Z03|7|P|2.5\r" + "QPD|Z03^HOST QUERY|T1|S77\rRCP|I\r";

    private static List<Action> hear(TalkSpec spec, String text) {
        Talk talk = spec.open(0);
        byte[] bytes = ('\u000b' + text + "\u001c\r").getBytes(StandardCharsets.UTF_8);
        return talk.onBytes(bytes, bytes.length, 0);
    }

    private static List<String> answer(TalkSpec spec, String text) {
        Deliver deliver = (Deliver) hear(spec, text).get(0);
        assertEquals(List.of(), deliver.message().fields());
        assertEquals(deliver.ifKept(), deliver.ifRefused());
        String frames = new String(deliver.ifKept().toArray(), StandardCharsets.UTF_8);
        return List.of(frames.replace("\u000b", "").replace("\u001c\r", "").split("\r"));
    }

    @Test
    void anOrderOfTheAnalysersOwnIsAnsweredWithTheTubesTests() {
        assertEquals(
                List.of(
                        "MSH|^~\\&|||BC-5150|Mindray|20260616080000||ORR^O02|4|P|2.3.1||||||UNICODE",
                        "MSA|AA|4",
                        "PID|1||4711^^^CHU^MR||Te\\S\\st^Anna||19700131|F",
                        "ORC|AF|S77",
                        "OBR|1|S77||00001^Automated Count^99MRC",
                        "OBX|1|IS|08003^Test Mode^99MRC||CBC||||||F",
                        "OBX|2|IS|08003^Test Mode^99MRC||RET||||||F"),
                answer(ORDERS, ORM));
        List<String> none = answer(ORDERS, ORM.replace("S77", "S78"));
        assertEquals("MSA|AE|4", none.get(1));
        assertEquals(2, none.size());
    }

    @Test
    void aQuestionForDisplayIsAnsweredInTwoMessages() {
        List<String> answer = answer(ORDERS, QRY);
        assertEquals("MSH|^~\\&|Mindray|BS-480|||20260616080000||QCK^Q02|9|P|2.3.1||||||ASCII", answer.get(0));
        assertEquals(List.of("MSA|AA|9|Message accepted|||0|", "ERR|0|", "QAK|SR|OK|"), answer.subList(1, 4));
        assertTrue(answer.get(4).contains("|DSR^Q03|9|"), answer.get(4));
        assertEquals(answer.subList(1, 4), answer.subList(5, 8));
        assertTrue(QRY.endsWith(answer.get(8) + "\r" + answer.get(9) + "\r"), "the question is given back");
        assertEquals("DSP|1||4711|||", answer.get(10));
        assertEquals("DSP|2|||||", answer.get(11));
        assertEquals("DSP|3||Te\\S\\st^Anna|||", answer.get(12));
        assertEquals("DSP|4||19700131000000|||", answer.get(13));
        assertEquals("DSP|21||S77|||", answer.get(30));
        assertEquals("DSP|24||N|||", answer.get(33));
        assertEquals(List.of("DSP|29||CBC^^^|||", "DSP|30||RET^^^|||", "DSC||"), answer.subList(38, 41));
        List<String> none = answer(ORDERS, QRY.replace("S77", ""));
        assertEquals("QAK|SR|NF|", none.get(3));
        assertEquals(4, none.size());
    }

    @Test
    void aQuestionByParametersIsAnsweredWithItsTag() {
        List<String> answer = answer(ORDERS, QBP);
        assertEquals("MSH|^~\\&|LIS||GX||20260616080000||RSP^Z02^RSP_Z02|7|P|2.5||||||", answer.get(0));
        assertEquals(
                List.of(
                        "MSA|AA|7",
                        "QAK|T1|OK|Z03^HOST QUERY",
                        "QPD|Z03^HOST QUERY|T1|S77",
                        "PID|1||4711^^^CHU^MR||Te\\S\\st^Anna||19700131|F",
                        "ORC|NW|o1",
                        "OBR|1|o1||CBC",
                        "TQ1|||||||||R",
                        "SPM|1|S77",
                        "ORC|NW|o2"),
                answer.subList(1, 10));
        assertTrue(answer(ORDERS, QBP.replace("|S77", "|X")).contains("QAK|T1|NF|Z03^HOST QUERY"));
        assertTrue(answer(ORDERS, QBP.replace("Z03", "Q11")).get(0).contains("|RSP^K11^RSP_K11|"));
    }

    /** A profile says who asks; others are told that such a message is not taken, as before. */
    @Test
    void whoDoesNotAskByItsProfileIsRejected() {
        Hl7Spec plain = new Hl7Spec(
                Mode.AA, Content.RESULTS, Part.NONE, null, Map.of(), 100_000, true, SECOND, SECOND, SECOND, false);
        assertTrue(hear(plain, ORM).stream().noneMatch(Deliver.class::isInstance));
        assertTrue(hear(ORDERS, ORM.replace("RF", "NW")).stream().noneMatch(Deliver.class::isInstance));
        assertFalse(plain.takesOrders());
        assertTrue(hear(ORDERS.listening(), ORM).stream().noneMatch(Deliver.class::isInstance));
    }

    @Test
    void damagedQuestionsNeverThrow() {
        for (long seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            byte[] bytes = List.of(ORM, QRY, QBP).get((int) (seed % 3)).getBytes(StandardCharsets.UTF_8);
            for (int i = random.nextInt(5); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            hear(ORDERS, Bytes.of(bytes).latin1());
        }
    }
}
