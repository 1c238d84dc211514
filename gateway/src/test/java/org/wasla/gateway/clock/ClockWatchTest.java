package org.wasla.gateway.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Draft;

/** A record says how far its time can be trusted (design, section 3, clk): never better than it is. */
class ClockWatchTest {
    private static final long START_MS = 1_781_596_804_000L;
    private static final long HOUR_MS = 3_600_000L;
    private long wallMs = START_MS;
    private long nowNs = 77_000_000_000L;
    private TimeService.@Nullable Word word;

    private ClockWatch watch() {
        return new ClockWatch(() -> wallMs, () -> nowNs, () -> word);
    }

    private void pass(long ms) {
        wallMs += ms;
        nowNs += ms * 1_000_000;
    }

    private void says(@Nullable Long errorMs) {
        word = new TimeService.Word(wallMs, errorMs);
    }

    /** Looks once a second for so long; no step may be seen. */
    private void pass(ClockWatch watch, long ms) {
        for (long left = ms; left > 0; left -= 1_000) {
            pass(Math.min(left, 1_000));
            assertNull(watch.look());
        }
    }

    @Test
    void withoutATimeServiceTheClockIsUnsyncAndWithoutABound() {
        ClockWatch watch = watch();
        pass(watch, HOUR_MS);
        assertEquals(new Clock("unsync", null, null), watch.clock());
    }

    @Test
    void aWordOfTheServiceMakesItSyncWithinTenSeconds() {
        ClockWatch watch = watch();
        says(12L);
        pass(watch, 11_000);
        assertEquals(new Clock("sync", 12L, null), watch.clock());
    }

    /** timesyncd tells no bound: then there is none, and not 0. */
    @Test
    void aServiceWithoutABoundGivesNone() {
        says(null);
        ClockWatch watch = watch();
        assertEquals(new Clock("sync", null, null), watch.clock());
        pass(watch, 2 * HOUR_MS);
        assertEquals(new Clock("holdover", null, null), watch.clock());
    }

    /** 50 ppm: 180 ms an hour, from when the bound was told. */
    @Test
    void holdoverGrowsWithMonotonicTime() {
        says(12L);
        ClockWatch watch = watch();
        pass(watch, HOUR_MS);
        assertEquals(new Clock("sync", 12L, null), watch.clock());
        pass(watch, 9 * HOUR_MS);
        Clock later = watch.clock();
        assertEquals("holdover", later.state());
        long errorMs = java.util.Objects.requireNonNull(later.errorMs());
        // The service was last heard an hour and a half after its word, at most.
        long least = 12 + 50 * (10 * HOUR_MS - HOUR_MS * 3 / 2) / 1_000_000;
        assertTrue(errorMs >= least && errorMs <= 12 + 50 * 10 * HOUR_MS / 1_000_000 + 10, errorMs + " ms");
        pass(watch, 10 * HOUR_MS);
        assertTrue(java.util.Objects.requireNonNull(watch.clock().errorMs()) >= errorMs + 1_790);
    }

    @Test
    void aStepOfADayIsSeenOnceBothWays() {
        for (long stepMs : new long[] {24 * HOUR_MS, -24 * HOUR_MS, 1_500, -1_500}) {
            ClockWatch watch = watch();
            pass(watch, 5_000);
            pass(1_000);
            long expectedMs = wallMs;
            wallMs += stepMs;
            ClockWatch.Step step = watch.look();
            assertNotNull(step);
            assertEquals(expectedMs, step.fromMs());
            assertEquals(stepMs, step.ms());
            pass(watch, 60_000);
        }
    }

    /** Slewing at chrony's fastest, and jitter of the reading, are no steps. */
    @Test
    void aSlewIsNoStep() {
        ClockWatch watch = watch();
        for (int second = 0; second < 3_600; second++) {
            wallMs += second % 2 == 0 ? 90 : 80;
            pass(watch, 1_000);
        }
    }

    /** The word from before a step by hand says nothing of the clock after it; a new one does. */
    @Test
    void afterAStepByHandOnlyANewWordCounts() {
        says(12L);
        ClockWatch watch = watch();
        pass(watch, 60_000);
        wallMs -= 1_000 * 30;
        assertNotNull(watch.look());
        assertEquals("unsync", watch.clock().state());
        pass(watch, 300_000);
        assertEquals("unsync", watch.clock().state());
        says(5L);
        pass(watch, 11_000);
        assertEquals(new Clock("sync", 5L, null), watch.clock());
    }

    /** A box without a clock chip: the service steps it by years, and confirms it. */
    @Test
    void aStepOfTheServicesOwnMakesItSync() {
        ClockWatch watch = watch();
        pass(watch, 30_000);
        wallMs += 20_000 * HOUR_MS;
        says(8L);
        pass(500);
        assertNotNull(watch.look());
        assertEquals(new Clock("sync", 8L, null), watch.clock());
    }

    @Test
    void theStepIsAnEventOfTheGateway() {
        ClockWatch.Step step = new ClockWatch.Step(START_MS, START_MS - HOUR_MS);
        Draft draft = ClockFix.draft("gw-1", step, new Clock("sync", 8L, null));
        String json = new String(draft.payload().encode("0a1b2c3d", 3), StandardCharsets.UTF_8);
        assertEquals("gw-1", draft.device());
        assertTrue(json.contains("\"id\":\"gw-1.0a1b2c3d.gw-1.evt.3\""), json);
        assertTrue(json.contains("\"clk\":{\"s\":\"sync\",\"e\":8}"), json);
        assertTrue(
                json.contains("\"e\":\"clock-fix\",\"from\":1781596804000,\"step\":-3600000,\"to\":1781593204000"),
                json);
    }
}
