package org.wasla.gateway.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.gateway.message.Talks.SECOND;
import static org.wasla.gateway.message.Talks.captured;
import static org.wasla.gateway.message.Talks.request;

import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Dialogue.Request;
import org.wasla.gateway.message.Variable.Form;
import org.wasla.gateway.message.Variable.Origin;

/** A dialogue with all constructs against bytes and times by chance: it must stay bounded and never fail. */
class DialogueFuzzTest {
    private static final int RUNS = 500;
    private static final int MOMENTS = 400;
    private static final List<String> PHRASES = List.of(
            "V=1\n",
            "OK\n",
            "ID=abc\n",
            "RESET\n",
            "ENQ\n",
            "ENQx\n",
            "P=1\n",
            "L=9\n",
            "C3,ab\n",
            "what\n",
            "V=",
            "\n",
            "",
            "");

    private static ExchangeSpec spec() {
        return new Talks()
                .init(
                        request("i one", "ok", 2 * SECOND, 1, SECOND / 5),
                        request(null, "id", 2 * SECOND, 0, 0),
                        request("i go {dev}", "", 0, 0, SECOND))
                .ask(request("q a {nr}", "row", SECOND, 2, SECOND / 10), SECOND)
                .ask(new Request(Template.parse("q get"), Set.of("last"), Set.of("page"), SECOND, 0, 0), 2 * SECOND)
                .keepAlive("k", SECOND, true)
                .reply("enq", "r {code}", null)
                .reply("page", "r next", "r again")
                .unknown("c ?")
                .damaged("c nak")
                .variables(
                        captured("dev", "id", "id", null),
                        new Variable("nr", new Origin.Counted(0, 255), new Form(Form.Type.U1, 0)))
                .spec();
    }

    private static Bytes chunk(Random random) {
        if (random.nextInt(4) == 0) {
            byte[] garbage = new byte[random.nextInt(100)];
            random.nextBytes(garbage);
            return Bytes.of(garbage);
        }
        return Bytes.latin1(PHRASES.get(random.nextInt(PHRASES.size())));
    }

    @Test
    void neverMoreThanOneQuestionIsOpenAndNothingStorms() {
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            long startNs = random.nextBoolean() ? Long.MAX_VALUE - 5 * SECOND : random.nextLong();
            long nowNs = startNs;
            Exchange exchange = new Exchange(spec(), nowNs);
            String open = "";
            int sends = 0;
            for (int i = 0; i < MOMENTS; i++) {
                long waitNs = exchange.waitNs(nowNs);
                assertTrue(waitNs >= 0 && waitNs <= Talks.QUIET, "seed " + seed + ": waits " + waitNs);
                boolean isBytes = random.nextInt(3) > 0;
                nowNs += isBytes ? random.nextInt((int) SECOND) : waitNs;
                byte[] bytes = isBytes ? chunk(random).toArray() : new byte[0];
                List<Action> actions = isBytes ? exchange.onBytes(bytes, bytes.length, nowNs) : exchange.onTime(nowNs);
                for (Action action : actions) {
                    open = after(action, open, "seed " + seed + " moment " + i);
                    sends += action instanceof Action.Send send
                                    && !send.bytes().latin1().startsWith("c")
                            ? 1
                            : 0;
                }
                long seconds = (nowNs - startNs) / SECOND + 1;
                assertTrue(sends <= 8 * seconds + 8, "seed " + seed + ": " + sends + " sends in " + seconds + " s");
            }
            assertTrue(exchange.onEnd().size() <= 1, "seed " + seed);
        }
    }

    /** @return the type of message that the open question waits for; "" when none is open */
    private static String after(Action action, String open, String where) {
        if (action instanceof Action.Report report) {
            return report.fault() == Fault.TIMEOUT ? "" : open;
        }
        if (action instanceof Action.Deliver deliver) {
            return deliver.message().type().equals(open) ? "" : open;
        }
        String text = ((Action.Send) action).bytes().latin1();
        assertTrue(text.length() < 20, where + ": " + text);
        if (text.startsWith("q")) {
            assertEquals("", open, where + ": a second question");
            return text.startsWith("q a") ? "row" : "last";
        }
        // The initialisation starts anew: what was open is given up with it.
        return text.startsWith("i") ? "" : open;
    }

    /** A wait that is over must do something, or the worker's loop would spin. */
    @Test
    void onTimeAlwaysMovesTheNextWait() {
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            long nowNs = 0;
            Exchange exchange = new Exchange(spec(), nowNs);
            for (int i = 0; i < MOMENTS; i++) {
                byte[] bytes = chunk(random).toArray();
                exchange.onBytes(bytes, bytes.length, nowNs);
                nowNs += random.nextInt(2) * exchange.waitNs(nowNs) + random.nextInt(1000);
                exchange.onTime(nowNs);
                assertTrue(exchange.waitNs(nowNs) > 0, "seed " + seed + " moment " + i);
            }
        }
    }

    /** A line beside another reader is never written to, whatever the profile says. */
    @Test
    void onAReadOnlyLineNoByteIsSent() {
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            long nowNs = 0;
            Exchange exchange = new Exchange(spec().listening(), nowNs);
            for (int i = 0; i < MOMENTS; i++) {
                byte[] bytes = chunk(random).toArray();
                for (Action action : exchange.onBytes(bytes, bytes.length, nowNs)) {
                    assertSilent(action, seed);
                }
                nowNs += exchange.waitNs(nowNs);
                for (Action action : exchange.onTime(nowNs)) {
                    assertSilent(action, seed);
                }
            }
        }
    }

    private static void assertSilent(Action action, int seed) {
        assertTrue(!(action instanceof Action.Send), "seed " + seed);
        if (action instanceof Action.Deliver deliver) {
            assertEquals(Bytes.NONE, deliver.ifKept(), "seed " + seed);
            assertEquals(Bytes.NONE, deliver.ifRefused(), "seed " + seed);
        }
    }
}
