package org.wasla.gateway.observation;

import java.time.YearMonth;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The times of ASTM and HL7: YYYYMMDD, then HHMM, seconds, fractions and a zone as far as they are sent. Stateless. */
final class CompactTime {
    private static final Pattern TIME =
            Pattern.compile("(\\d{4})(\\d{2})(\\d{2})(\\d{2})(\\d{2})(?:(\\d{2})(?:\\.(\\d{1,4}))?)?([+-]\\d{4})?");

    private CompactTime() {}

    /** @return the time as ISO 8601, as fine as it was sent, with a zone only if one was; null when it is no time of day */
    static @Nullable String iso(String text) {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String second = matcher.group(6);
        if (!isDate(text) || number(text, 8) > 23 || number(text, 10) > 59 || second != null && number(text, 12) > 59) {
            return null;
        }
        String fraction = matcher.group(7);
        String zone = matcher.group(8);
        StringBuilder iso = new StringBuilder(32);
        iso.append(text, 0, 4).append('-').append(text, 4, 6).append('-').append(text, 6, 8);
        iso.append('T').append(text, 8, 10).append(':').append(text, 10, 12);
        iso.append(second == null ? "" : ":" + second);
        iso.append(fraction == null ? "" : "." + fraction);
        iso.append(zone == null ? "" : zone.substring(0, 3) + ":" + zone.substring(3));
        return iso.toString();
    }

    private static boolean isDate(String text) {
        int month = number(text, 4);
        int year = Integer.parseInt(text, 0, 4, 10);
        return month >= 1 && month <= 12 && YearMonth.of(year, month).isValidDay(number(text, 6));
    }

    /** The two digits there. */
    private static int number(String text, int at) {
        return Integer.parseInt(text, at, at + 2, 10);
    }
}
