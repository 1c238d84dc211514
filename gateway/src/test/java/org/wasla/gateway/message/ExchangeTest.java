package org.wasla.gateway.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.LineFrame;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Action.Deliver;
import org.wasla.gateway.message.Action.Report;
import org.wasla.gateway.message.Action.Send;
import org.wasla.gateway.message.Dialogue.Ask;
import org.wasla.gateway.message.Dialogue.Request;

/** The talk with a device, driven by a clock that only the test moves. */
class ExchangeTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Bytes ASK = Bytes.latin1("ASK\r");

    private static ExchangeSpec spec(Ask... asks) {
        MessageSpec row = new MessageSpec(
                "row",
                Pattern.compile("V=(?<value>\\d+)"),
                List.of("value"),
                null,
                List.of(),
                List.of(),
                List.of("value"),
                null);
        LineFrame line = new LineFrame(Bytes.latin1("\n"), 64, false);
        return new ExchangeSpec(line, List.of(row), 5 * SECOND, 2 * SECOND, Dialogue.asking(asks));
    }

    /** Every ten seconds, with three for the answer. */
    private static Ask ask(String send) {
        Request request = new Request(Template.parse(send), Set.of(), Set.of(), 3 * SECOND, 0, 0);
        return new Ask(request, 10 * SECOND);
    }

    private static List<Action> bytes(Exchange exchange, String text, long nowNs) {
        byte[] bytes = Bytes.latin1(text).toArray();
        return exchange.onBytes(bytes, bytes.length, nowNs);
    }

    private static Deliver value(String value, int size) {
        Message message = new Message("row", List.of(new Message.Item("value", value)));
        return new Deliver(message, size, Bytes.NONE, Bytes.NONE);
    }

    @Test
    void everyMessageOfAChunkIsDeliveredInOrder() {
        Exchange exchange = new Exchange(spec(), 0);
        assertEquals(
                List.of(value("1", 4), new Report(Fault.FORMAT, 1, 3), value("22", 5)),
                bytes(exchange, "V=1\nXX\nV=22\n", 1));
    }

    /** A pump rack tells of several pumps in one block, and it is acknowledged once: when all of it is kept. */
    @Test
    void aFrameOfSeveralPartsIsAnsweredOnce() {
        Records records = new Records(Pattern.compile("(?<part>\\d)(?<key>[a-z])(?<value>\\d)"), null, false);
        MessageSpec rack = new MessageSpec(
                "rack",
                Pattern.compile("R(?<all>.*)"),
                List.of("all"),
                new Parts.Items("all", records, null, true),
                List.of(),
                List.of(),
                List.of(),
                null);
        Dialogue dialogue = new Talks().reply("rack", "ACK", "NAK").spec().dialogue();
        LineFrame line = new LineFrame(Bytes.latin1("\n"), 64, false);
        Exchange exchange = new Exchange(new ExchangeSpec(line, List.of(rack), SECOND, SECOND, dialogue), 0);
        Message first = new Message("rack", List.of(new Message.Item("a", "5")), "1");
        Message second = new Message("rack", List.of(new Message.Item("a", "6")), "2");
        assertEquals(
                List.of(
                        new Deliver(first, 8, Bytes.NONE, Bytes.NONE),
                        new Deliver(second, 0, Bytes.latin1("ACK"), Bytes.latin1("NAK"))),
                bytes(exchange, "R1a52a6\n", 1));
    }

    @Test
    void aFrameThatStopsInTheMiddleIsGivenUpAfterTheGap() {
        Exchange exchange = new Exchange(spec(), 0);
        assertEquals(List.of(), bytes(exchange, "V=1", 0));
        assertEquals(2 * SECOND, exchange.waitNs(0));
        assertEquals(List.of(), exchange.onTime(SECOND));
        assertEquals(List.of(new Report(Fault.CUT, 1, 3)), exchange.onTime(2 * SECOND));
        // Without this, half a line from before a pause and half from after it would read as one.
        assertEquals(List.of(value("23", 5)), bytes(exchange, "V=23\n", 3 * SECOND));
    }

    @Test
    void silenceCountsFromTheLastGoodMessage() {
        Exchange exchange = new Exchange(spec(), 0);
        bytes(exchange, "V=1\n", SECOND);
        bytes(exchange, "noise\n", 4 * SECOND);
        assertFalse(exchange.isSilent(6 * SECOND - 1));
        assertTrue(exchange.isSilent(6 * SECOND));
        bytes(exchange, "V=1\n", 7 * SECOND);
        assertFalse(exchange.isSilent(7 * SECOND));
    }

    @Test
    void theNextQuestionWaitsForTheAnswerOrTheTimeout() {
        Exchange exchange = new Exchange(spec(ask("ASK\r")), 0);
        assertEquals(List.of(new Send(ASK)), exchange.onTime(0));
        assertEquals(3 * SECOND, exchange.waitNs(0));
        assertEquals(List.of(value("7", 4)), bytes(exchange, "V=7\n", SECOND));
        assertEquals(List.of(), exchange.onTime(9 * SECOND));
        assertEquals(List.of(new Send(ASK)), exchange.onTime(10 * SECOND));
        assertEquals(List.of(new Report(Fault.TIMEOUT, 1, 0)), exchange.onTime(13 * SECOND));
        assertEquals(List.of(new Send(ASK)), exchange.onTime(20 * SECOND));
    }

    @Test
    void twoQuestionsAreNeverOpenAtOnce() {
        Ask first = ask("ASK\r");
        Ask second = ask("TOO\r");
        Exchange exchange = new Exchange(spec(first, second), 0);
        assertEquals(List.of(new Send(ASK)), exchange.onTime(0));
        assertEquals(List.of(), exchange.onTime(SECOND));
        assertEquals(List.of(value("7", 4), new Send(Bytes.latin1("TOO\r"))), bytes(exchange, "V=7\n", SECOND));
    }

    @Test
    void aClockNearItsOverflowKeepsWorking() {
        long start = Long.MAX_VALUE - SECOND;
        Exchange exchange = new Exchange(spec(ask("ASK\r")), start);
        assertEquals(List.of(new Send(ASK)), exchange.onTime(start));
        assertEquals(SECOND, exchange.waitNs(start + 2 * SECOND));
        assertEquals(List.of(new Report(Fault.TIMEOUT, 1, 0)), exchange.onTime(start + 3 * SECOND));
    }
}
