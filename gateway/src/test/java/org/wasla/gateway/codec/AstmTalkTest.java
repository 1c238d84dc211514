package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.gateway.codec.AstmLine.HEAD;
import static org.wasla.gateway.codec.AstmLine.RESULT;
import static org.wasla.gateway.codec.AstmLine.WHOLE;
import static org.wasla.gateway.codec.AstmLine.frame;
import static org.wasla.gateway.codec.AstmLine.part;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The receiver of ASTM E1381, fault by fault (lab.md 1.1 and 5). */
class AstmTalkTest {
    private static final String ENQ = "\5";
    private static final String EOT = "\4";
    private static final List<String> ONE = List.of("results GLU=5.40");

    @Test
    void aMessageIsAResultAtItsEnd() {
        AstmLine line = new AstmLine().hear(ENQ + frame(1, WHOLE));
        assertEquals("ACK ACK", line.said());
        assertEquals(List.of(), line.told());
        line.hear(EOT);
        assertEquals(ONE, line.told());
        assertEquals("", line.said());
        assertEquals(List.of(), line.faults);
    }

    @Test
    void chunksDoNotMatter() {
        String all =
                ENQ + part(1, HEAD.substring(0, 20)) + part(2, HEAD.substring(20) + RESULT) + frame(3, "L|1|N\r") + EOT;
        AstmLine whole = new AstmLine().hear(all);
        AstmLine bytes = new AstmLine().bytewise(all);
        assertEquals(ONE, whole.told());
        assertEquals(whole.messages, bytes.messages);
        assertEquals(whole.said(), bytes.said());
    }

    @Test
    void eachFrameIsOnDiskBeforeItsAck() {
        AstmLine line = new AstmLine().hear(ENQ + part(1, HEAD));
        assertEquals(1, line.kept.size());
        line.isDiskFull = true;
        line.said();
        line.hear(frame(2, RESULT + "L|1|N\r"));
        assertEquals("NAK", line.said());
        line.isDiskFull = false;
        line.hear(frame(2, RESULT + "L|1|N\r") + EOT);
        assertEquals("ACK", line.said());
        assertEquals(ONE, line.told());
    }

    @Test
    void theFramesNumberIsTheLastOrTheNext() {
        StringBuilder many = new StringBuilder(ENQ).append(frame(1, HEAD));
        for (int i = 2; i <= 17; i++) {
            many.append(frame(i % 8, "R|1|^^^T" + i + "|1\r"));
        }
        AstmLine line = new AstmLine().hear(many + frame(2, "L|1|N\r") + EOT);
        assertEquals(16, line.told().get(0).split(" ").length - 1);
        line.hear(ENQ + frame(2, WHOLE));
        assertTrue(line.said().endsWith("ACK NAK"));
        assertEquals(List.of("format"), line.faults);
    }

    @Test
    void aFrameThatComesAgainAfterALostAckCountsOnce() {
        AstmLine line = new AstmLine().hear(ENQ + frame(1, HEAD) + frame(2, RESULT) + frame(2, RESULT));
        assertEquals("ACK ACK ACK ACK", line.said());
        assertEquals(ONE, line.hear(frame(3, "L|1|N\r") + EOT).told());
    }

    @Test
    void theSameNumberWithOtherBytesIsRefused() {
        AstmLine line = new AstmLine().hear(ENQ + frame(1, HEAD) + frame(1, RESULT));
        assertEquals("ACK ACK NAK", line.said());
    }

    @Test
    void aBadChecksumIsAskedForAgain() {
        String good = frame(1, WHOLE);
        AstmLine line = new AstmLine().hear(ENQ + good.replace("5.40", "6.40"));
        assertEquals("ACK NAK", line.said());
        assertEquals(List.of("checksum"), line.faults);
        assertEquals(ONE, line.hear(good + EOT).told());
    }

    @Test
    void lowerCaseDigitsAndMissingLineEndsAreTaken() {
        String good = frame(1, WHOLE);
        String bare = good.substring(0, good.length() - 2);
        for (String sent : List.of(bare, bare + "\r", bare + "\n", bare.toLowerCase(java.util.Locale.ROOT))) {
            AstmLine line = new AstmLine().hear(ENQ + sent);
            if (sent.equals(bare) || sent.endsWith("\r")) {
                assertEquals("ACK", line.said());
                line.pass(0.3);
                assertEquals("ACK", line.said());
            }
        }
        assertEquals(ONE, new AstmLine().hear(ENQ + bare + EOT).told());
    }

    @Test
    void endBeforeTheMessagesEndIsNoResult() {
        AstmLine line = new AstmLine().hear(ENQ + part(1, WHOLE) + EOT);
        assertEquals(List.of("incomplete eot-before-end"), line.told());
        assertEquals(List.of("incomplete"), line.faults);
        line = new AstmLine().hear(ENQ + frame(1, HEAD + RESULT) + EOT);
        assertEquals(List.of("incomplete eot-before-end"), line.told());
    }

    @Test
    void ofTwoMessagesTheWholeOneCounts() {
        AstmLine line = new AstmLine().hear(ENQ + frame(1, WHOLE) + part(2, HEAD) + EOT);
        assertEquals(List.of("results GLU=5.40", "incomplete eot-before-end"), line.told());
    }

    @Test
    void silenceIsNoResult() {
        AstmLine line = new AstmLine().hear(ENQ + frame(1, WHOLE)).pass(29.9);
        assertEquals(List.of(), line.told());
        line.pass(0.2);
        assertEquals(List.of("incomplete silence"), line.told());
        line.said();
        line.hear(EOT + frame(2, RESULT));
        assertEquals("", line.said());
        assertEquals(ONE, line.hear(ENQ + frame(1, WHOLE) + EOT).told().subList(1, 2));
    }

    @Test
    void anEnquiryInTheMiddleStartsAnew() {
        AstmLine line = new AstmLine().hear(ENQ + frame(1, HEAD) + ENQ + frame(1, WHOLE) + EOT);
        assertEquals("ACK ACK ACK ACK", line.said());
        assertEquals(List.of("incomplete sender-restarted", "results GLU=5.40"), line.told());
    }

    @Test
    void aFrameThatIsCutByTheNextOneCostsItselfOnly() {
        String good = frame(1, WHOLE);
        AstmLine line = new AstmLine().hear(ENQ + good.substring(0, 30) + good + EOT);
        assertEquals(ONE, line.told());
        assertEquals(List.of("cut"), line.faults);
    }

    @Test
    void anEnquiryWithoutFramesIsAKeepAlive() {
        AstmLine line = new AstmLine().hear(ENQ + EOT + ENQ + EOT);
        assertEquals("ACK ACK", line.said());
        assertEquals(List.of(), line.told());
        assertEquals(List.of(), line.faults);
    }

    @Test
    void aTransmissionThatComesTwiceIsOneResult() {
        AstmLine line = new AstmLine().hear(ENQ + frame(1, WHOLE) + EOT + ENQ + frame(1, WHOLE) + EOT);
        assertEquals(ONE, line.told());
        assertEquals(List.of("repeated"), line.faults);
        assertEquals(
                2,
                line.hear(ENQ + frame(1, WHOLE.replace("5.40", "5.41")) + EOT)
                        .told()
                        .size());
    }

    @Test
    void afterAPowerCutInTheMiddleTheTransmissionIsKnownToBeIncomplete() {
        AstmLine line =
                new AstmLine().hear(ENQ + frame(1, HEAD) + frame(2, RESULT)).restarted();
        assertEquals(List.of("incomplete restart"), line.told());
        assertEquals(
                1, line.restarted().hear(ENQ + frame(1, WHOLE) + EOT).told().size());
    }

    @Test
    void afterAPowerCutAtTheEndThereIsOneResult() {
        AstmLine acknowledged = new AstmLine().hear(ENQ + frame(1, WHOLE)).restarted();
        assertEquals(ONE, acknowledged.told());
        assertEquals(ONE, acknowledged.hear(ENQ + frame(1, WHOLE) + EOT).told());
        AstmLine told = new AstmLine().hear(ENQ + frame(1, WHOLE) + EOT).restarted();
        assertEquals(List.of(), told.told());
        assertEquals(List.of(), told.hear(ENQ + frame(1, WHOLE) + EOT).told());
    }

    @Test
    void whileResultsCannotBeKeptWeAreBusy() {
        AstmLine line = new AstmLine().hear(ENQ + frame(1, WHOLE));
        line.isDiskFull = true;
        line.hear(EOT);
        assertEquals(List.of(), line.told());
        line.said();
        line.hear(ENQ);
        assertEquals("NAK", line.said());
        line.isDiskFull = false;
        assertEquals(ONE, line.pass(6).told());
        assertEquals("ACK", line.hear(ENQ).said());
    }

    @Test
    void aLostLineIsNoResult() {
        assertEquals(
                List.of("incomplete line-lost"),
                new AstmLine().hear(ENQ + frame(1, WHOLE)).end().told());
        assertEquals(List.of(), new AstmLine().hear(ENQ).end().told());
    }

    @Test
    void aWholeMessageFitsOneFrameAndMoreIsRefused() {
        String long1 = HEAD + "R|1|^^^T|" + "x".repeat(63_800) + "\rL|1|N\r";
        assertEquals(1, new AstmLine().hear(ENQ + frame(1, long1) + EOT).told().size());
        AstmLine line = new AstmLine().hear(ENQ + frame(1, HEAD + "x".repeat(64_000)) + EOT);
        assertEquals(List.of(), line.told());
        assertEquals("overlong", line.faults.get(0));
        assertTrue(line.said().contains("NAK"));
    }

    @Test
    void framesBeforeAnEnquiryAreNotAnswered() {
        AstmLine line = new AstmLine().hear(frame(1, WHOLE) + EOT);
        assertEquals("", line.said());
        assertEquals(List.of(), line.told());
        assertFalse(line.faults.isEmpty());
    }

    @Test
    void whoOnlyListensSaysNothingAndReadsAll() {
        String file = frame(1, WHOLE);
        AstmLine line = AstmLine.reading(file + frame(1, WHOLE.replace("5.40", "7")), 64);
        assertEquals("", line.said());
        assertEquals(List.of("results GLU=5.40", "results GLU=7"), line.told());
        assertEquals(
                ONE, AstmLine.reading(file.substring(0, file.length() - 2), 1).told());
    }
}
