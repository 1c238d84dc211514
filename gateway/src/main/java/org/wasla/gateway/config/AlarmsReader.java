package org.wasla.gateway.config;

import org.wasla.gateway.profile.Section;

/** Reads {@code alarms}: for how long a set of current alarms counts. Stateless. */
final class AlarmsReader {
    private static final long VALID_MS = 120_000;
    private static final long VALID_MS_MIN = 3_000;
    private static final long VALID_MS_MAX = 3_600_000;

    private AlarmsReader() {}

    /** @return in ms, whole seconds */
    static long read(Section section) {
        long validMs = section.millis("valid", VALID_MS);
        if (validMs < VALID_MS_MIN || validMs > VALID_MS_MAX || validMs % 1_000 != 0) {
            section.need("valid", "120s").problem("is no time for a set to count", "write whole seconds from 3s to 1h");
            validMs = VALID_MS;
        }
        section.end();
        return validMs;
    }
}
