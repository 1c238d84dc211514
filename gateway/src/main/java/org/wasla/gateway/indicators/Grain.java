package org.wasla.gateway.indicators;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Locale;

/** How long a period is. Minutes and hours are those of UTC, days those of the site. Immutable. */
public enum Grain {
    MINUTE(60_000),
    HOUR(3_600_000),
    /** It has another length where clocks are set forward or back. */
    DAY(0);

    private final long lengthMs;

    Grain(long lengthMs) {
        this.lengthMs = lengthMs;
    }

    /** As in topic and document. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The period that a moment lies in.
     *
     * @param timeMs UTC
     * @param zone of the site
     */
    Period period(long timeMs, ZoneId zone) {
        if (this == DAY) {
            LocalDate day = Instant.ofEpochMilli(timeMs).atZone(zone).toLocalDate();
            return new Period(startMs(day, zone), startMs(day.plusDays(1), zone));
        }
        long fromMs = Math.floorDiv(timeMs, lengthMs) * lengthMs;
        return new Period(fromMs, fromMs + lengthMs);
    }

    private static long startMs(LocalDate day, ZoneId zone) {
        return day.atStartOfDay(zone).toInstant().toEpochMilli();
    }

    /** @param fromMs UTC, included; {@code toMs} not */
    record Period(long fromMs, long toMs) {}
}
