package org.wasla.gateway.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.trust.Renewal.Life;
import org.wasla.gateway.trust.Renewal.Urgency;

/** Sixty days of a certificate, by a clock that the test turns. */
class RenewalTest {
    private static final long DAY_MS = TimeUnit.DAYS.toMillis(1);
    private static final long FROM_MS = TestCertificates.at("2026-11-01T00:00:00Z");
    private static final Life LIFE = new Life(FROM_MS, FROM_MS + 60 * DAY_MS, false);
    private static final Life HELD = new Life(FROM_MS, FROM_MS + 60 * DAY_MS, true);
    private final Renewal renewal = new Renewal(new SplittableRandom(7));

    @Test
    void theNearerItsEndTheMoreItMatters() {
        assertEquals(Urgency.FINE, LIFE.at(FROM_MS + 30 * DAY_MS - 1));
        assertEquals(Urgency.DUE, LIFE.at(FROM_MS + 30 * DAY_MS));
        assertEquals(Urgency.DUE, LIFE.at(FROM_MS + 45 * DAY_MS));
        assertEquals(Urgency.LATE, LIFE.at(FROM_MS + 45 * DAY_MS + 1));
        assertEquals(Urgency.EXPIRED, LIFE.at(FROM_MS + 60 * DAY_MS));
        assertEquals(Urgency.EXPIRED, LIFE.at(FROM_MS + 150 * DAY_MS - 1));
        assertEquals(Urgency.GONE, LIFE.at(FROM_MS + 150 * DAY_MS));
    }

    @Test
    void nothingIsAskedBeforeHalfLife() {
        assertFalse(renewal.isDue(LIFE, FROM_MS + 30 * DAY_MS - 1, 0));
        assertTrue(renewal.isDue(LIFE, FROM_MS + 30 * DAY_MS, 0));
    }

    /** A board that starts in 1970 has a good certificate, and one whose clock is a year ahead still asks. */
    @Test
    void aWrongClockNeitherAsksForeverNorGivesUp() {
        assertEquals(Urgency.FINE, LIFE.at(0));
        assertFalse(renewal.isDue(LIFE, 0, 0));
        long aYearAhead = FROM_MS + 366 * DAY_MS;
        assertEquals(Urgency.GONE, LIFE.at(aYearAhead));
        assertTrue(renewal.isDue(LIFE, aYearAhead, 0));
    }

    /** An endpoint that is away for weeks is not asked every second, and yet often enough before the end. */
    @Test
    void anEndpointThatIsAwayIsAskedSeldomAndInTime() {
        long nowMs = LIFE.halfMs();
        long endMs = LIFE.untilMs();
        int asked = 0;
        long longestMs = 0;
        long lastMs = nowMs;
        for (; nowMs < endMs; nowMs += 30_000) {
            long nowNs = TimeUnit.MILLISECONDS.toNanos(nowMs - FROM_MS);
            if (renewal.isDue(LIFE, nowMs, nowNs)) {
                asked++;
                longestMs = Math.max(longestMs, nowMs - lastMs);
                lastMs = nowMs;
                renewal.failed(LIFE, 0, nowNs);
            }
        }
        assertTrue(asked > 120 && asked < 400, "asked " + asked);
        assertTrue(longestMs <= TimeUnit.HOURS.toMillis(6) + 30_000, "silent for " + longestMs);
    }

    /** A certificate of a minute has its tries within the minute. */
    @Test
    void aShortLifeHasShortWaits() {
        Life minute = new Life(FROM_MS, FROM_MS + 60_000, false);
        for (int i = 0; i < 40; i++) {
            renewal.failed(minute, 0, 0);
            assertTrue(renewal.isDue(minute, minute.halfMs(), TimeUnit.MILLISECONDS.toNanos(3_750)));
        }
    }

    @Test
    void theRegionSaysHowLongToWait() {
        renewal.failed(HELD, 300_000, 0);
        assertFalse(renewal.isDue(HELD, FROM_MS, TimeUnit.MILLISECONDS.toNanos(299_999)));
        assertTrue(renewal.isDue(HELD, FROM_MS, TimeUnit.MILLISECONDS.toNanos(300_000)));
        renewal.failed(HELD, Long.MAX_VALUE, 0);
        assertTrue(renewal.isDue(HELD, FROM_MS, TimeUnit.HOURS.toNanos(6)));
    }

    /** That is how it learns that somebody has confirmed it. */
    @Test
    void inQuarantineItAsksAtAllTimes() {
        assertTrue(renewal.isDue(HELD, FROM_MS + 1, 0));
        assertTrue(renewal.isDue(HELD, 0, 0));
    }

    @Test
    void afterASuccessAllIsNew() {
        renewal.failed(LIFE, 0, 0);
        assertEquals(1, renewal.failures());
        renewal.succeeded();
        assertEquals(0, renewal.failures());
        assertTrue(renewal.isDue(LIFE, LIFE.halfMs(), 0));
    }
}
