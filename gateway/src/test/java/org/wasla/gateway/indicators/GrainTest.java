package org.wasla.gateway.indicators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.indicators.Grain.Period;

/** A day that is cut in the wrong place counts a night shift for another day. */
class GrainTest {
    private static final long HOUR_MS = 3_600_000;

    private static long ms(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }

    @Test
    void daysAreThoseOfTheSite() {
        ZoneId paris = ZoneId.of("Europe/Paris");
        Period spring = Grain.DAY.period(ms("2026-03-29T12:00:00Z"), paris);
        assertEquals(ms("2026-03-28T23:00:00Z"), spring.fromMs());
        assertEquals(23 * HOUR_MS, spring.toMs() - spring.fromMs());
        Period autumn = Grain.DAY.period(ms("2026-10-25T12:00:00Z"), paris);
        assertEquals(25 * HOUR_MS, autumn.toMs() - autumn.fromMs());
    }

    @Test
    void anHourThatComesTwiceIsTwoPeriods() {
        ZoneId paris = ZoneId.of("Europe/Paris");
        Period first = Grain.HOUR.period(ms("2026-10-25T00:30:00Z"), paris);
        Period second = Grain.HOUR.period(ms("2026-10-25T01:30:00Z"), paris);
        assertNotEquals(first, second);
        assertEquals(first.toMs(), second.fromMs());
    }

    // Every moment lies in its period, and one period ends where the next begins: nothing is counted twice or not at
    // all.
    @Test
    void periodsLieSideBySide() {
        for (String zone :
                List.of("Africa/Casablanca", "Europe/Paris", "America/Santiago", "Australia/Lord_Howe", "UTC")) {
            for (Grain grain : List.of(Grain.HOUR, Grain.DAY)) {
                long atMs = ms("2026-01-01T00:00:00Z");
                Period period = grain.period(atMs, ZoneId.of(zone));
                while (atMs < ms("2027-01-02T00:00:00Z")) {
                    assertTrue(period.fromMs() <= atMs && atMs < period.toMs(), zone + ' ' + atMs);
                    assertEquals(period, grain.period(period.toMs() - 1, ZoneId.of(zone)), zone + ' ' + atMs);
                    Period next = grain.period(period.toMs(), ZoneId.of(zone));
                    assertEquals(period.toMs(), next.fromMs(), zone + ' ' + atMs);
                    atMs = period.toMs();
                    period = next;
                }
            }
        }
    }
}
