package org.wasla.gateway.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.LineFrame;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Action.Deliver;
import org.wasla.gateway.message.Action.Report;
import org.wasla.gateway.message.Message.Item;
import org.wasla.gateway.message.Message.Samples;
import org.wasla.gateway.message.SeqField.Bits;
import org.wasla.gateway.message.SeqField.Join;

/** Blocks of a few samples, sixty times a second, would be sixty records a second: they are put together. */
class RunTest {
    private static final long SECOND = 1_000_000_000L;
    /** A value in the text and a sample in its last byte. */
    private static final MessageSpec BLOCK = new MessageSpec(
            "block",
            Pattern.compile("V=(?<value>\\d)."),
            List.of("value"),
            null,
            List.of(),
            List.of(new SeqField("wave", List.of(new Bits(-1, 0x7f)), SeqForm.UNSIGNED, Repeat.ONCE, Join.SAMPLES)),
            List.of(),
            null);

    private static final MessageSpec END =
            new MessageSpec("end", Pattern.compile("END"), List.of(), null, List.of(), List.of(), List.of(), null);

    private static Exchange exchange(int most, int least) {
        LineFrame line = new LineFrame(Bytes.latin1("\n"), 64, false);
        ExchangeSpec spec = new ExchangeSpec(line, List.of(BLOCK, END), 5 * SECOND, SECOND, Dialogue.NONE);
        return new Exchange(spec.withRuns(List.of(new Run("block", most, least))), 0);
    }

    private static List<Action> put(Exchange exchange, String... lines) {
        byte[] bytes = Bytes.latin1(String.join("\n", lines) + "\n").toArray();
        return exchange.onBytes(bytes, bytes.length, 0);
    }

    private static Deliver block(String value, String samples) {
        List<Integer> values = samples.chars().boxed().toList();
        return new Deliver(
                new Message("block", List.of(new Item("value", value), new Samples("wave", values))),
                5 * samples.length(),
                Bytes.NONE,
                Bytes.NONE);
    }

    private static Deliver end() {
        return new Deliver(new Message("end", List.of()), 4, Bytes.NONE, Bytes.NONE);
    }

    @Test
    void soManyThatAgreeBecomeOne() {
        Exchange exchange = exchange(3, 1);
        assertEquals(List.of(), put(exchange, "V=1a", "V=1b"));
        assertEquals(List.of(block("1", "abc")), put(exchange, "V=1c", "V=1d"));
        assertEquals(List.of(block("1", "def")), put(exchange, "V=1e", "V=1f"));
    }

    @Test
    void anotherValueEndsThem() {
        Exchange exchange = exchange(9, 1);
        assertEquals(List.of(block("1", "ab"), block("2", "c")), put(exchange, "V=1a", "V=1b", "V=2c", "V=3d"));
    }

    @Test
    void whateverStandsBetweenEndsThemAndComesAfterThem() {
        Exchange exchange = exchange(9, 1);
        assertEquals(List.of(block("1", "a"), end()), put(exchange, "V=1a", "END"));
        assertEquals(
                List.of(block("1", "a"), new Report(Fault.FORMAT, 1, 3), block("1", "b"), end()),
                put(exchange, "V=1a", "??", "V=1b", "END"));
    }

    /** A block without a checksum counts only when its neighbours say the same. */
    @Test
    void tooFewThatAgreeAreDamage() {
        Exchange exchange = exchange(9, 2);
        assertEquals(
                List.of(new Report(Fault.CUT, 1, 5), block("2", "bc"), new Report(Fault.CUT, 1, 5), end()),
                put(exchange, "V=1a", "V=2b", "V=2c", "V=3d", "END"));
    }

    /** The rest behind a full message agrees with it, however short it is. */
    @Test
    void theRestOfALongRunIsNoDamage() {
        Exchange exchange = exchange(2, 2);
        assertEquals(List.of(block("1", "ab"), block("1", "c"), end()), put(exchange, "V=1a", "V=1b", "V=1c", "END"));
    }

    @Test
    void silenceAndTheEndOfTheLineEndThem() {
        Exchange exchange = exchange(9, 1);
        put(exchange, "V=1a");
        assertEquals(SECOND, exchange.waitNs(0));
        assertEquals(List.of(), exchange.onTime(SECOND - 1));
        assertEquals(List.of(block("1", "a")), exchange.onTime(SECOND));
        assertEquals(5 * SECOND - SECOND, exchange.waitNs(SECOND));
        put(exchange, "V=1b");
        assertEquals(List.of(block("1", "b")), exchange.onEnd());
    }

    @Test
    void aMessageThatIsAnsweredIsNotKeptWaiting() {
        List<Action> actions = new ArrayList<>();
        Deliver answered = new Deliver(new Message("block", List.of()), 4, Bytes.latin1("A"), Bytes.NONE);
        new Runs(List.of(new Run("block", 9, 1))).take(answered, actions);
        assertEquals(List.of(answered), actions);
    }

    /** Whatever comes, no sample is lost without being told and none is made up. */
    @Test
    void everyByteIsDeliveredOrReported() {
        Exchange exchange = exchange(4, 2);
        String[] lines = new String[500];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = i % 7 == 3 ? "?" : "V=" + i / 5 % 2 + (char) ('A' + i % 26);
        }
        List<Action> actions = new ArrayList<>(put(exchange, lines));
        actions.addAll(exchange.onEnd());
        int size = 0;
        for (Action action : actions) {
            size += action instanceof Deliver deliver ? deliver.size() : ((Report) action).size();
        }
        assertEquals(String.join("\n", lines).length() + 1, size);
        assertTrue(actions.stream().anyMatch(Deliver.class::isInstance));
    }

    /** The first line that is heard may have lost its beginning: 2.5 of 12.5 looks whole. */
    @Test
    void samplesOfTextCountOnlyBehindTheirBeginning() {
        MessageSpec row = new MessageSpec(
                "row",
                Pattern.compile("(?<flow>[-.\\d]+)"),
                List.of("flow"),
                null,
                List.of(),
                List.of(),
                List.of(),
                null);
        LineFrame line = new LineFrame(Bytes.latin1("\n"), 64, false);
        ExchangeSpec spec = new ExchangeSpec(line, List.of(row, END), 5 * SECOND, SECOND, Dialogue.NONE);
        Exchange exchange = new Exchange(spec.withRuns(List.of(new Run("row", 2, 1, "end", Map.of("flow", 2)))), 0);
        assertEquals(List.of(new Report(Fault.CUT, 1, 4)), put(exchange, "2.5"));
        Message two = new Message("row", List.of(new Samples("flow", List.of(1250, -100))));
        assertEquals(List.of(end(), new Deliver(two, 8, Bytes.NONE, Bytes.NONE)), put(exchange, "END", "12.5", "-1"));
        assertEquals(List.of(new Report(Fault.FORMAT, 1, 2), new Report(Fault.CUT, 1, 2)), put(exchange, "?", "1"));
        put(exchange, "END");
        assertEquals(List.of(new Report(Fault.CUT, 1, 6)), put(exchange, "1.234"));
        assertEquals(List.of(new Report(Fault.CUT, 1, 4)), put(exchange, "1.."));
    }
}
