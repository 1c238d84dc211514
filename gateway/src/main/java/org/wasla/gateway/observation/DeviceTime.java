package org.wasla.gateway.observation;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the time that a device shows lies to the gateway's. A device that says no zone shows the time of its place, by the
 * rules that held on the day that it shows (facts/lab.md 0.7: in Morocco clocks go back an hour before Ramadan). Immutable.
 *
 * @param offsetMs device minus gateway in ms, null when the device tells no time to the second
 * @param isAmbiguous whether the time lies in an hour that comes twice: the offset is then the lesser of the two that it
 *     may be
 */
public record DeviceTime(@Nullable Long offsetMs, boolean isAmbiguous) {
    private static final DeviceTime UNKNOWN = new DeviceTime(null, false);
    private static final int MINUTE_CHARS = "2026-06-16T08:00".length();
    private static final int SECOND_CHARS = "2026-06-16T08:00:04".length();

    /**
     * @param text ISO 8601 to the minute or the second, perhaps with an offset behind it; null for no time
     * @param zone of the device's clock when the text has no offset
     * @param gatewayMs UTC when the text was read
     */
    public static DeviceTime of(@Nullable String text, ZoneId zone, long gatewayMs) {
        if (text == null || text.length() < MINUTE_CHARS) {
            return UNKNOWN;
        }
        boolean hasSeconds = text.length() >= SECOND_CHARS && text.charAt(MINUTE_CHARS) == ':';
        int end = hasSeconds ? SECOND_CHARS : MINUTE_CHARS;
        try {
            LocalDateTime shown = LocalDateTime.parse(text.substring(0, end));
            ZoneId of = end < text.length() ? ZoneOffset.of(text.substring(end)) : zone;
            List<ZoneOffset> valid = of.getRules().getValidOffsets(shown);
            boolean isAmbiguous = valid.size() > 1;
            if (!hasSeconds) {
                return new DeviceTime(null, isAmbiguous);
            }
            // In the hour that is skipped a clock that was not set forward yet goes on by the offset before.
            List<ZoneOffset> possible =
                    valid.isEmpty() ? List.of(of.getRules().getTransition(shown).getOffsetBefore()) : valid;
            return new DeviceTime(least(shown, possible, Instant.ofEpochMilli(gatewayMs)), isAmbiguous);
        } catch (DateTimeException impossible) {
            return UNKNOWN;
        }
    }

    private static long least(LocalDateTime shown, List<ZoneOffset> possible, Instant gateway) {
        long least = Long.MAX_VALUE;
        for (ZoneOffset offset : possible) {
            long apart = Duration.between(gateway, shown.toInstant(offset)).toMillis();
            least = least == Long.MAX_VALUE || Math.abs(apart) < Math.abs(least) ? apart : least;
        }
        return least;
    }
}
