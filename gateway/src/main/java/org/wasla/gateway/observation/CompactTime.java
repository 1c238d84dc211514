package org.wasla.gateway.observation;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The times of ASTM and HL7: YYYYMMDD, then HHMM, seconds, fractions and a zone as far as they are sent; those of POCT1-A
 * are in the longer form of ISO 8601. Stateless.
 */
final class CompactTime {
    private static final int TO_MINUTE = 12;
    private static final int TO_SECOND = 14;
    private static final int FRACTION_MAX = 4;
    private static final int ZONE = 5;

    /** ISO 8601, as POCT1-A has it. */
    private static final Pattern ISO =
            Pattern.compile("(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?)(Z|[+-]\\d{2}:?\\d{2})?");

    private CompactTime() {}

    /** @return the time as ISO 8601, as fine as it was sent, with a zone only if one was; null when it is no time of day */
    static @Nullable String iso(String text) {
        if (text.length() > 4 && text.charAt(4) == '-') {
            return extended(text);
        }
        int digits = digits(text, 0);
        boolean hasSecond = digits == TO_SECOND;
        if (!hasSecond && digits != TO_MINUTE || !isMoment(text, hasSecond)) {
            return null;
        }
        int end = digits;
        if (hasSecond && end < text.length() && text.charAt(end) == '.') {
            end = digits(text, end + 1);
            int sent = end - digits - 1;
            if (sent < 1 || sent > FRACTION_MAX) {
                return null;
            }
        }
        if (end < text.length() && !isZone(text, end)) {
            return null;
        }
        StringBuilder iso = new StringBuilder(32);
        iso.append(text, 0, 4).append('-').append(text, 4, 6).append('-').append(text, 6, 8);
        iso.append('T').append(text, 8, 10).append(':').append(text, 10, TO_MINUTE);
        if (hasSecond) {
            iso.append(':').append(text, TO_MINUTE, end);
        }
        if (end < text.length()) {
            iso.append(text, end, end + 3).append(':').append(text, end + 3, end + ZONE);
        }
        return iso.toString();
    }

    /** An offset of minus zero says that the clock's zone is not known (RFC 3339, 4.3). */
    private static @Nullable String extended(String text) {
        Matcher matcher = ISO.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        try {
            LocalDateTime.parse(matcher.group(1));
        } catch (DateTimeException impossible) {
            return null;
        }
        String zone = matcher.group(2);
        boolean isUnknown = zone == null || zone.equals("-00:00") || zone.equals("-0000");
        boolean isShort = !isUnknown && zone.length() == "+0100".length();
        return matcher.group(1) + (isUnknown ? "" : isShort ? zone.substring(0, 3) + ":" + zone.substring(3) : zone);
    }

    /** Where the digits that begin there end. */
    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static boolean isZone(String text, int at) {
        char sign = text.charAt(at);
        return (sign == '+' || sign == '-') && at + ZONE == text.length() && digits(text, at + 1) == text.length();
    }

    private static boolean isMoment(String text, boolean hasSecond) {
        int month = number(text, 4);
        boolean isMonth = month >= 1 && month <= 12;
        int year = 100 * number(text, 0) + number(text, 2);
        return isMonth
                && YearMonth.of(year, month).isValidDay(number(text, 6))
                && number(text, 8) < 24
                && number(text, 10) < 60
                && (!hasSecond || number(text, TO_MINUTE) < 60);
    }

    /** The two digits there. */
    private static int number(String text, int at) {
        return 10 * (text.charAt(at) - '0') + text.charAt(at + 1) - '0';
    }
}
