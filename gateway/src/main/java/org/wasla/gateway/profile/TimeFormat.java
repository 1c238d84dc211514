package org.wasla.gateway.profile;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.Mapping.Clock;

/**
 * Time formats of profiles. Letters as in java.time: dd MM MMM yy uuuu HH mm ss, XXX or XX for an offset; months in English whatever their case;
 * two digits of a year are 2000 to 2099. A date that does not exist is not read. Stateless.
 */
final class TimeFormat {
    /** An afternoon, and no two parts alike: a format that mixes them up does not read it back. */
    private static final OffsetDateTime SAMPLE = OffsetDateTime.of(2026, 11, 23, 15, 47, 58, 0, ZoneOffset.ofHours(1));

    private static final DateTimeFormatter STAND_IN = DateTimeFormatter.ISO_LOCAL_DATE_TIME;

    /** Not a pattern: YYYYMMDDHHMM and what may follow. */
    private static final String HL7 = "hl7";

    private TimeFormat() {}

    /** Where a device's time stands, and how it is read. */
    static Clock clock(List<String> messages, List<String> fields, Entry format, @Nullable ZoneId zone) {
        if (format.text().equals(HL7)) {
            // These times have as many digits as their sender likes, and perhaps a zone: no pattern says that.
            return new Clock(messages, fields, STAND_IN, Clock.Output.AS_SENT, zone);
        }
        Clock.Output output = format.text().contains("s") ? Clock.Output.SECOND : Clock.Output.MINUTE;
        return new Clock(messages, fields, reading(format), output, zone);
    }

    /** A format that a device's date and time are read with. */
    static DateTimeFormatter reading(Entry entry) {
        Optional<DateTimeFormatter> format = compile(entry);
        if (format.isPresent() && !readsBack(format.get())) {
            entry.problem("gives no date and time", "write day, month, year, hour and minute, as in dd-MMM-yy HH:mm");
            return STAND_IN;
        }
        return format.orElse(STAND_IN);
    }

    /** @return the zone that the device's clock is set to wherever it stands, or null when nothing is said */
    static @Nullable ZoneId zone(Section section) {
        if (!section.has("zone")) {
            return null;
        }
        Entry zone = section.need("zone", "UTC");
        try {
            return ZoneId.of(zone.text());
        } catch (DateTimeException unknown) {
            zone.problem("is '" + zone.text() + "', which is no zone", "write UTC, Africa/Casablanca or +01:00");
            return null;
        }
    }

    /** A format that a simulator writes the time of day with, or a part of it. */
    static DateTimeFormatter writing(Entry entry) {
        Optional<DateTimeFormatter> format = compile(entry);
        if (format.isPresent() && !writes(format.get())) {
            entry.problem("asks for what a local time does not have", "write it with dd MM MMM yy uuuu HH mm ss");
            return STAND_IN;
        }
        return format.orElse(STAND_IN);
    }

    /** @return what a format of {@link #writing} makes of one moment */
    static String sample(DateTimeFormatter format) {
        return format.format(SAMPLE);
    }

    private static Optional<DateTimeFormatter> compile(Entry entry) {
        try {
            return Optional.of(new DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .appendPattern(years(entry.text()))
                    .toFormatter(Locale.ENGLISH)
                    .withResolverStyle(ResolverStyle.STRICT));
        } catch (IllegalArgumentException wrong) {
            entry.problem("is no time format", "write it with dd MM MMM yy uuuu HH mm ss");
            return Optional.empty();
        }
    }

    /** To java.time y is the year of an era, which cannot be read strictly without the era; here it is the year, u. */
    private static String years(String text) {
        StringBuilder years = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted ^= c == '\'';
            years.append(c == 'y' && !quoted ? 'u' : c);
        }
        return years.toString();
    }

    private static boolean readsBack(DateTimeFormatter format) {
        try {
            LocalDateTime back = LocalDateTime.parse(format.format(SAMPLE), format);
            return back.truncatedTo(ChronoUnit.MINUTES)
                    .equals(SAMPLE.toLocalDateTime().truncatedTo(ChronoUnit.MINUTES));
        } catch (DateTimeException incomplete) {
            return false;
        }
    }

    private static boolean writes(DateTimeFormatter format) {
        try {
            format.formatTo(SAMPLE.toLocalDateTime(), new StringBuilder());
            return true;
        } catch (DateTimeException asksForMore) {
            return false;
        }
    }
}
