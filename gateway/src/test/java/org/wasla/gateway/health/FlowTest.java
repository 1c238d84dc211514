package org.wasla.gateway.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When the watchdog starves: only for what stands still in the box itself. */
class FlowTest {
    private final Flow flow = new Flow();

    private Optional<String> at(long seconds, long queued, long settled, long inFlight, long answered) {
        return at(seconds, queued, settled, inFlight, answered, Map.of());
    }

    private Optional<String> at(
            long seconds, long queued, long settled, long inFlight, long answered, Map<String, Long> lines) {
        // A monotonic clock may be negative.
        return flow.stalled(new Flow.Pulse(ns(seconds), queued, settled, inFlight, answered, lines));
    }

    private static long ns(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds) - 1_000_000_000_000_000L;
    }

    /** A night without a patient is no fault: a box that restarts itself then would miss the morning. */
    @Test
    void nothingToDoIsNoStandstill() {
        for (long s = 0; s < 86_400; s += 40) {
            assertEquals(Optional.empty(), at(s, 0, 17, 0, 4));
        }
    }

    @Test
    void recordsThatWaitForADeadDiskStarveIt() {
        assertEquals(Optional.empty(), at(0, 3, 10, 0, 0));
        assertEquals(Optional.empty(), at(60, 3, 10, 0, 0));
        assertEquals(Optional.of("disk: 5 records wait 61 s for it"), at(61, 5, 10, 0, 0));
        assertEquals(Optional.empty(), at(62, 5, 11, 0, 0), "it moved again");
        assertEquals(Optional.empty(), at(122, 5, 11, 0, 0));
        assertTrue(at(123, 5, 11, 0, 0).isPresent());
    }

    /** Counted from when something began to wait, not from when the last thing moved. */
    @Test
    void aLongSilenceBeforeIsNotCounted() {
        at(0, 0, 10, 0, 0);
        assertEquals(Optional.empty(), at(3_600, 1, 10, 0, 0));
        assertEquals(Optional.empty(), at(3_660, 1, 10, 0, 0));
    }

    @Test
    void refusedIsMovedToo() {
        for (long s = 0; s < 3_600; s += 40) {
            assertEquals(Optional.empty(), at(s, 2, s, 0, 0));
        }
    }

    @Test
    void aConnectionThatAnswersNothingStarvesIt() {
        assertEquals(Optional.empty(), at(0, 0, 0, 20, 100));
        assertEquals(Optional.empty(), at(300, 0, 0, 20, 100));
        assertEquals(Optional.of("uplink: 20 messages unanswered for 301 s"), at(301, 0, 0, 20, 100));
        assertEquals(Optional.empty(), at(302, 0, 0, 0, 100), "without a connection nothing is owed");
    }

    @Test
    void anOpenLineThatNobodyReadsStarvesIt() {
        Map<String, Long> lines = Map.of("oxi-1", ns(1_000), "pump-1", ns(900));
        assertEquals(Optional.empty(), at(1_020, 0, 0, 0, 0, lines));
        assertEquals(Optional.of("device pump-1: its open line was not read for 121 s"), at(1_021, 0, 0, 0, 0, lines));
    }
}
