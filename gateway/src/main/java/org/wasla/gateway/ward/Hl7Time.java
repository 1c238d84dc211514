package org.wasla.gateway.ward;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times of HL7 v2 (TS, DTM): {@code YYYYMMDD[HH[MM[SS[.S...]]]][+/-ZZZZ]}. Stateless. */
final class Hl7Time {
    private static final Pattern FORM = Pattern.compile(
            "(\\d{4})(\\d\\d)(\\d\\d)(?:(\\d\\d)(?:(\\d\\d)(?:(\\d\\d)(?:\\.\\d{1,4})?)?)?)?([+-]\\d{4})?");

    private Hl7Time() {}

    /** UTC in ms, to the second; empty when the text is no time, or not to the day at least. */
    static OptionalLong ms(String text, ZoneId zone) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return OptionalLong.empty();
        }
        try {
            LocalDateTime local = LocalDateTime.of(
                    number(parts, 1),
                    number(parts, 2),
                    number(parts, 3),
                    number(parts, 4),
                    number(parts, 5),
                    Math.min(59, number(parts, 6)));
            String offset = parts.group(7);
            ZoneId of = offset == null ? zone : ZoneOffset.of(offset);
            return OptionalLong.of(local.atZone(of).toInstant().toEpochMilli());
        } catch (DateTimeException impossible) {
            return OptionalLong.empty();
        }
    }

    private static int number(Matcher parts, int group) {
        String digits = parts.group(group);
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
