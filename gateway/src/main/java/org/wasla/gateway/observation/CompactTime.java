package org.wasla.gateway.observation;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The times of ASTM and HL7: YYYYMMDD, then HHMM, seconds, fractions and a zone as far as they are sent. Stateless. */
final class CompactTime {
    private static final Pattern TIME =
            Pattern.compile("(\\d{4})(\\d{2})(\\d{2})(\\d{2})(\\d{2})(?:(\\d{2})(?:\\.(\\d{1,4}))?)?([+-]\\d{4})?");
    private static final DateTimeFormatter TO_SECOND = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
    private static final DateTimeFormatter TO_MINUTE = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm");

    private CompactTime() {}

    /** @return the time as ISO 8601, as fine as it was sent, with a zone only if one was; null when it is no time of day */
    static @Nullable String iso(String text) {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String second = matcher.group(6);
        try {
            LocalDateTime time = LocalDateTime.of(
                    number(matcher.group(1)),
                    number(matcher.group(2)),
                    number(matcher.group(3)),
                    number(matcher.group(4)),
                    number(matcher.group(5)),
                    second == null ? 0 : number(second));
            String fraction = matcher.group(7);
            String zone = matcher.group(8);
            return (second == null ? TO_MINUTE : TO_SECOND).format(time)
                    + (fraction == null ? "" : "." + fraction)
                    + (zone == null ? "" : zone.substring(0, 3) + ":" + zone.substring(3));
        } catch (DateTimeException impossible) {
            return null;
        }
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }
}
