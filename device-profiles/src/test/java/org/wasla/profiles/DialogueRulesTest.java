package org.wasla.profiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.simulator.Simulated;

/**
 * What a device owes and is owed beside its data: the simulators of devices that must be acknowledged fall silent without
 * it, as the real ones do, and devices that can be told goodbye are.
 */
class DialogueRulesTest {
    private static final LocalDateTime NOON = LocalDateTime.of(2026, 6, 16, 12, 0, 0);
    private static final long STEP_NS = 50_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final Set<String> PART_WITH_WORDS =
            Set.of("capnostream20", "draeger-medibus", "ge-dri", "philips-intellivue");

    /** A simulated device and the talk of its profile on one line, in time that we make. */
    private static final class Pair {
        private final Simulated device;
        private final Talk talk;
        private Predicate<Bytes> passes = bytes -> true;
        private long nowNs;

        Pair(Profile profile) {
            device = Objects.requireNonNull(profile.simulator()).start(0);
            talk = profile.talk().open(0);
        }

        /** @return everything that the device said meanwhile */
        List<Bytes> run(long forNs) {
            List<Bytes> said = new ArrayList<>();
            for (long endNs = nowNs + forNs; nowNs < endNs; nowNs += STEP_NS) {
                List<Bytes> heard = new ArrayList<>(device.onTime(nowNs, NOON.plusNanos(nowNs)));
                hand(talk.onTime(nowNs), heard);
                for (int i = 0; i < heard.size(); i++) {
                    said.add(heard.get(i));
                    byte[] bytes = heard.get(i).toArray();
                    hand(talk.onBytes(bytes, bytes.length, nowNs), heard);
                }
            }
            return said;
        }

        private void hand(List<? extends Action> actions, List<Bytes> heard) {
            for (Action action : actions) {
                Bytes bytes = action instanceof Action.Send send
                        ? send.bytes()
                        : action instanceof Action.Deliver deliver ? deliver.ifKept() : Bytes.NONE;
                if (bytes.size() > 0 && passes.test(bytes)) {
                    heard.addAll(device.onBytes(bytes.toArray(), bytes.size(), nowNs, NOON.plusNanos(nowNs)));
                }
            }
        }

        List<Bytes> stop() {
            List<Bytes> answers = new ArrayList<>();
            hand(talk.onStop(nowNs), answers);
            return answers;
        }
    }

    private static boolean isAck(Bytes bytes) {
        return bytes.latin1().startsWith("\006");
    }

    @Test
    void thePumpRackThatIsNotAcknowledgedSaysNothingMore() throws IOException {
        Pair pair = new Pair(Shelf.profile("bbraun-space"));
        assertTrue(pair.run(20 * SECOND_NS).size() >= 5, "alive, version and its values");
        pair.passes = bytes -> !isAck(bytes);
        assertEquals(1, pair.run(10 * SECOND_NS).size(), "what is not acknowledged is its last word");
        pair.passes = bytes -> true;
        assertTrue(pair.run(60 * SECOND_NS).size() >= 3, "asked whether it lives it speaks again");
    }

    /** A refused block is asked for again, and the rack sends the same once more. */
    @Test
    void thePumpRackRepeatsWhatWasRefused() throws IOException {
        Pair pair = new Pair(Shelf.profile("bbraun-space"));
        pair.run(2 * SECOND_NS);
        Bytes question = Bytes.latin1("\00100027\u00021/1/1>MEEM:GEET\u000300039\004");
        List<Bytes> block = pair.device.onBytes(question.toArray(), question.size(), pair.nowNs, NOON);
        assertEquals(1, block.size());
        assertEquals(block, pair.device.onBytes(new byte[] {0x15}, 1, pair.nowNs + SECOND_NS, NOON));
    }

    @Test
    void theBaseThatIsNotAcknowledgedSaysNothingMore() throws IOException {
        for (String lost : List.of("\006", "\006\002", "\024")) {
            Pair pair = new Pair(Shelf.profile("fresenius-orchestra"));
            assertTrue(pair.run(30 * SECOND_NS).size() >= 20, "answers, reports and calls");
            // Not opened anew either: that would start it.
            pair.passes = bytes -> !isLost(bytes.latin1(), lost);
            pair.run(20 * SECOND_NS);
            assertEquals(List.of(), pair.run(10 * SECOND_NS), "without " + Bytes.latin1(lost));
            pair.passes = bytes -> true;
            assertFalse(pair.run(60 * SECOND_NS).isEmpty(), "opened anew it speaks again");
        }
    }

    private static boolean isLost(String said, String lost) {
        boolean opens = said.startsWith("\0020DC");
        return opens || (lost.length() == 1 ? said.equals(lost) : said.startsWith(lost));
    }

    @Test
    void theMonitorThatHearsNoKeepAliveSaysNothingMore() throws IOException {
        Pair pair = new Pair(Shelf.profile("mindray-pds"));
        assertTrue(pair.run(10 * SECOND_NS).size() >= 20, "values each second");
        pair.passes = bytes -> false;
        pair.run(3 * SECOND_NS);
        assertEquals(List.of(), pair.run(10 * SECOND_NS), "three seconds without 106");
    }

    /** After three seconds of silence the connection is over, and the device only calls. */
    @Test
    void theVentilatorThatIsNotAnsweredOnlyCalls() throws IOException {
        Pair pair = new Pair(Shelf.profile("draeger-medibus"));
        assertTrue(pair.run(10 * SECOND_NS).size() >= 20, "answers and waves");
        pair.passes = bytes -> false;
        pair.run(4 * SECOND_NS);
        Set<Bytes> call = Set.of(Bytes.latin1("\033Q6C\r"));
        List<Bytes> calls = pair.run(10 * SECOND_NS);
        assertTrue(calls.size() >= 2, calls.toString());
        assertEquals(call, Set.copyOf(calls));
    }

    /** Nobody listens any more: a device that can be told so is, and one that cannot is told nothing. */
    @TestFactory
    List<DynamicTest> whoCanBeToldGoodbyeIs() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Profile profile : Shelf.profiles()) {
            tests.add(dynamicTest(profile.id(), () -> {
                boolean parts = PART_WITH_WORDS.contains(profile.id());
                Talk silent = profile.talk().listening().open(0);
                assertFalse(silent.hasLastWords());
                assertEquals(List.of(), silent.onStop(0));
                Pair pair = new Pair(profile);
                assertTrue(pair.run(20 * SECOND_NS).size() >= 1 || !parts);
                assertEquals(parts, pair.talk.hasLastWords());
                assertEquals(parts, !pair.talk.onStop(pair.nowNs).isEmpty());
            }));
        }
        return tests;
    }

    /** Two devices push by themselves once they were started: they stop. */
    @Test
    void theDeviceStopsWhenItIsTold() throws IOException {
        for (String id : List.of("capnostream20", "ge-dri")) {
            Pair pair = new Pair(Shelf.profile(id));
            assertTrue(pair.run(20 * SECOND_NS).size() >= 20, id);
            pair.stop();
            List<Bytes> after = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                pair.nowNs += SECOND_NS / 10;
                after.addAll(pair.device.onTime(pair.nowNs, NOON));
            }
            assertEquals(List.of(), after, id);
        }
    }
}
