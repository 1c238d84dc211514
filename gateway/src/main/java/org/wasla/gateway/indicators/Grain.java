package org.wasla.gateway.indicators;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** How long a period is. Minutes, hours and days begin as the clocks of the site show them. Immutable. */
public enum Grain {
    MINUTE(ChronoUnit.MINUTES),
    HOUR(ChronoUnit.HOURS),
    DAY(ChronoUnit.DAYS);

    private final ChronoUnit unit;

    Grain(ChronoUnit unit) {
        this.unit = unit;
    }

    /** As in topic and document. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The period that a moment lies in. A day in which clocks are set forward or back has another length, and an hour that
     * comes twice is two periods.
     *
     * @param timeMs UTC
     */
    Period period(long timeMs, ZoneId zone) {
        ZonedDateTime start = Instant.ofEpochMilli(timeMs).atZone(zone).truncatedTo(unit);
        return new Period(
                start.toInstant().toEpochMilli(),
                start.plus(1, unit).toInstant().toEpochMilli());
    }

    /** @param fromMs UTC, included; {@code toMs} not */
    record Period(long fromMs, long toMs) {}
}
