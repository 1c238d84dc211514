package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.gateway.codec.AstmLine.WHOLE;
import static org.wasla.gateway.codec.AstmLine.frame;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;

/** The computer as sender: answers to questions for orders (lab.md 1.1 and 1.2). */
class AstmSenderTest {
    private static final String ACK = "\6";
    private static final String NAK = "\25";
    private static final String QUESTION = "\5" + frame(1, "H|\\^&|||X1\rQ|1|^^S77^1^5||ALL||||||||O\rL|1|N\r") + "\4";
    private static final AstmSpec WITH_ORDERS = AstmLine.SPEC.with(new Desk(Desk.order("1", "S77", "GLU")));

    private static AstmLine asked(AstmSpec spec) {
        AstmLine line = new AstmLine(spec).hear(QUESTION);
        assertEquals("ACK ACK ENQ", line.said());
        return line;
    }

    @Test
    void nothingOrderedIsAnsweredToo() {
        AstmLine line = asked(AstmLine.SPEC).hear(ACK);
        assertEquals("[1H|\\^&|||wasla/]", line.said());
        line.hear(ACK);
        assertEquals("[2L|1|I/]", line.said());
        line.hear(ACK);
        assertEquals("EOT", line.said());
        assertEquals("", line.pass(100).said());
        assertEquals(List.of(), line.faults);
    }

    @Test
    void ordersAreSentRecordByRecord() {
        AstmLine line =
                asked(WITH_ORDERS).hear(ACK).hear(ACK).hear(ACK).hear(ACK).hear(ACK);
        assertEquals(
                "[1H|\\^&|||wasla/][2P|1/]" + "[3O|1|S77|1^5|^^^GLU|R||||||A||||||||||||||Q/][4L|1|N/]EOT",
                line.said());
    }

    @Test
    void aRefusedFrameIsSentAgainAndGivenUpAfterSixTimes() {
        AstmLine line = asked(AstmLine.SPEC).hear(ACK).hear(NAK).hear("x").hear(ACK);
        assertEquals("[1H|\\^&|||wasla/][1H|\\^&|||wasla/][1H|\\^&|||wasla/][2L|1|I/]", line.said());
        for (int i = 0; i < 6; i++) {
            line.hear(NAK);
        }
        assertEquals("[2L|1|I/]".repeat(5) + "EOT", line.said());
        assertTrue(line.faults.contains("refused"));
        assertEquals("", line.pass(9.9).said());
        assertEquals("ENQ", line.pass(0.2).said());
        assertEquals("[1H|\\^&|||wasla/]", line.hear(ACK).said());
    }

    @Test
    void aBusyInstrumentIsAskedAgainAfterTenSeconds() {
        AstmLine line = asked(AstmLine.SPEC).hear(NAK);
        assertEquals("", line.pass(9.9).said());
        assertEquals("ENQ", line.pass(0.2).said());
    }

    @Test
    void theInstrumentHasPriority() {
        AstmLine line = asked(AstmLine.SPEC).hear("\5");
        assertEquals("", line.pass(1).said());
        line.hear("\5" + frame(1, WHOLE));
        assertEquals("ACK ACK", line.said());
        line.hear("\4");
        assertEquals("ENQ", line.said());
        assertTrue(line.told().contains("results GLU=5.40"));
        line = asked(AstmLine.SPEC).hear("\5");
        assertEquals("", line.pass(19.9).said());
        assertEquals("ENQ", line.pass(0.2).said());
    }

    @Test
    void whoDoesNotAnswerIsLeftAlone() {
        AstmLine line = asked(AstmLine.SPEC).pass(14.9);
        assertEquals("", line.said());
        assertEquals("EOT", line.pass(0.2).said());
        assertEquals(List.of("timeout"), line.faults);
        assertTrue(asked(AstmLine.SPEC).hear(ACK).pass(15.1).said().endsWith("/]EOT"));
        line.pass(600);
        assertEquals(6, line.faults.stream().filter("timeout"::equals).count());
        line.said();
        assertEquals("", line.pass(600).said());
    }

    @Test
    void aReceiverThatWantsToSpeakIsLetSpeak() {
        AstmLine line = asked(AstmLine.SPEC).hear(ACK).hear("\4");
        assertEquals("[1H|\\^&|||wasla/]EOT", line.said());
        assertEquals("", line.pass(14.9).said());
        assertEquals("ENQ", line.pass(0.2).said());
    }

    @Test
    void recordsArePackedWhereTheInstrumentWantsIt() {
        List<Bytes> frames = AstmSender.frames(List.of("H|1", "P|1", "L|1|N"), 6, null);
        StringBuilder text = new StringBuilder();
        StringBuilder ends = new StringBuilder();
        for (Bytes frame : frames) {
            String each = frame.latin1();
            text.append(each, 2, each.length() - 5);
            ends.append(each.charAt(each.length() - 5));
        }
        assertEquals("\27\27\3", ends.toString());
        assertEquals("H|1\rP|1\rL|1|N\r", text.toString());
        assertEquals(3, frames.size());
    }

    @Test
    void aQuestionFromBeforeTheRestartIsNotAnswered() {
        AstmLine line = new AstmLine().hear(QUESTION.substring(0, QUESTION.length() - 1));
        assertEquals("", line.restarted().pass(60).said());
    }
}
