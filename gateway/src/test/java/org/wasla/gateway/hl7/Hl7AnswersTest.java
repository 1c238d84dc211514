package org.wasla.gateway.hl7;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.v26.message.ACK;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.hl7.Hl7Answers.Mode;
import org.wasla.gateway.hl7.Hl7Answers.Outcome;

class Hl7AnswersTest {
    private static Er7Message message(String accept, String application) {
        String text = "MSH|^~\\&|MON^01^EUI-64|ICU|GW|SITE|20260616080000+0100||ORU^R01^ORU_R01|42&1|P|2.6|||" + accept
                + '|' + application + "||UNICODE UTF-8\r";
        return Er7Message.read(Bytes.latin1(text), null).orElseThrow();
    }

    private static String codes(Bytes answer) {
        StringBuilder codes = new StringBuilder();
        for (String line : answer.latin1().split("\r")) {
            codes.append(line.startsWith("MSA|") ? line.substring(4, 6) + ' ' : "");
        }
        return codes.toString().strip();
    }

    /** Whoever sees a CA takes the message for safe (IHE DEV TF-2 B.1). */
    @Test
    void theKindFollowsTheHeader() {
        Map<String, String> expected = Map.ofEntries(
                Map.entry(" ", "AA AE AR"),
                Map.entry("AL NE", "CA CE CR"),
                Map.entry("NE AL", "AA AE AR"),
                Map.entry("AL AL", "CA AA CE AE CR AR"),
                Map.entry("ER NE", "CE CR"),
                Map.entry("SU ", "CA"),
                Map.entry("NE NE", ""),
                Map.entry("ER ER", "CE AE CR AR"),
                Map.entry(" AL", "AA AE AR"));
        expected.forEach((conditions, codes) -> {
            String[] both = conditions.split(" ", -1);
            StringBuilder told = new StringBuilder();
            for (Outcome outcome : Outcome.values()) {
                told.append(codes(Hl7Answers.to(message(both[0], both[1]), Mode.AUTO, outcome)))
                        .append(' ');
            }
            assertEquals(codes, told.toString().strip().replaceAll(" +", " "), conditions);
        });
    }

    @Test
    void aProfileMayDecideItself() {
        assertEquals("AA", codes(Hl7Answers.to(message("AL", "NE"), Mode.AA, Outcome.KEPT)));
        assertEquals("CE", codes(Hl7Answers.to(message("", ""), Mode.CA, Outcome.REFUSED)));
        assertEquals("", codes(Hl7Answers.to(message("AL", "AL"), Mode.NONE, Outcome.KEPT)));
    }

    @Test
    void theAnswerGoesBackToTheSender() {
        String answer =
                Hl7Answers.to(message("AL", "NE"), Mode.AUTO, Outcome.KEPT).latin1();
        String text =
                "MSH|^~\\&|GW|SITE|MON^01^EUI-64|ICU|20260616080000+0100||ACK^R01^ACK|42&1|P|2.6|||NE|NE||UNICODE UTF-8"
                        + "\rMSA|CA|42&1\r";
        assertEquals('\u000b' + text + "\u001c\r", answer);
    }

    @Test
    void anAnalyserOfAnOlderVersionIsAnsweredInItsOwn() {
        Er7Message message = Er7Message.read(
                        Bytes.latin1("MSH|^~\\&|BC-5380|Mindray|||20080617143943||ORU^R01|1|Q|2.3.1||||||UNICODE\r"),
                        null)
                .orElseThrow();
        String answer = Hl7Answers.to(message, Mode.AUTO, Outcome.REFUSED).latin1();
        assertTrue(answer.contains("||ACK^R01|1|Q|2.3.1||||||UNICODE\rMSA|AE|1\r\u001c"), answer);
    }

    @Test
    void hapiReadsOurAnswers() throws HL7Exception {
        DefaultHapiContext context = new DefaultHapiContext();
        for (Outcome outcome : Outcome.values()) {
            String framed =
                    Hl7Answers.to(message("AL", "NE"), Mode.AUTO, outcome).latin1();
            ACK read = assertInstanceOf(
                    ACK.class, context.getPipeParser().parse(framed.substring(1, framed.length() - 2)));
            assertEquals("42", read.getMSA().getMessageControlID().getValue().substring(0, 2));
            assertEquals("C", read.getMSA().getAcknowledgmentCode().getValue().substring(0, 1));
            assertEquals(
                    outcome == Outcome.KEPT ? 0 : 1,
                    read.getERRReps() > 0 && read.getERR().getSeverity().getValue() != null ? 1 : 0);
        }
    }

    @Test
    void aFrameThatIsNoMessageIsRejectedToNobody() {
        assertEquals("AR", codes(Hl7Answers.toUnreadable()));
        assertTrue(
                Er7Message.read(Bytes.latin1(Hl7Answers.toUnreadable().latin1().substring(1)), null)
                        .isPresent());
    }
}
