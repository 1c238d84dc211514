package org.wasla.gateway.codec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.wasla.gateway.message.Message.Alarm;
import org.wasla.gateway.message.Message.Alarms;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Item;

/**
 * Reads the data of MEDIBUS responses (90 28 258; bedside.md 2.3). A response whose records are not all well-formed gives
 * nothing at all: empty. A code that the device leaves out has no valid value, and no field. Stateless.
 */
final class MedibusRecords {
    private static final int CODE_CHARS = 2;
    private static final int VALUE_CHARS = 4;
    private static final int SETTING_CHARS = 5;
    private static final int PHRASE_CHARS = 12;
    private static final int PRIORITY_MAX = 31;
    private static final int ADVISORY_MAX = 10;
    private static final int CAUTION_MAX = 24;
    private static final char TEXT_END = 3;
    private static final Pattern CODE = Pattern.compile("[0-9A-F]{2}");
    private static final Pattern PRINTABLE = Pattern.compile("[ -~]*");
    private static final Pattern APART = Pattern.compile("([-+]) +(?=[0-9])");
    private static final Pattern IDENTITY =
            Pattern.compile(" *([0-9A-Fa-f]{4})'([^']*)'(\\d\\d\\.\\d\\d):(\\d\\d\\.\\d\\d) *");
    private static final Pattern TIME =
            Pattern.compile(" *(\\d{1,2}):(\\d\\d)(?::(\\d\\d))? *(\\d{1,2})-([A-Za-z]{3})-(\\d\\d) *");
    /** English names, with the German ones that differ. */
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY MAI", "JUN", "JUL", "AUG", "SEP", "OCT OKT", "NOV", "DEC DEZ");

    private MedibusRecords() {}

    static Optional<List<Field>> read(MedibusQuestion question, String data, MedibusSpec spec) {
        return switch (question.form()) {
            case VALUES -> values(question.prefix(), VALUE_CHARS, data);
            case SETTINGS -> values(question.prefix(), SETTING_CHARS, data);
            case ALARMS -> alarms(question.prefix(), data, spec);
            case TEXTS -> texts(question.prefix(), data);
            case TIME -> Optional.of(time(data));
        };
    }

    private static Optional<List<Field>> values(String prefix, int width, String data) {
        int step = CODE_CHARS + width;
        List<Field> items = new ArrayList<>();
        Set<String> codes = new HashSet<>();
        for (int at = 0; at < data.length(); at += step) {
            if (data.length() - at < step) {
                return Optional.empty();
            }
            String code = data.substring(at, at + CODE_CHARS);
            String text = data.substring(at + CODE_CHARS, at + step);
            if (!isCode(code) || !isPrintable(text) || !codes.add(code)) {
                return Optional.empty();
            }
            items.add(new Item(prefix + code, unpadded(text)));
        }
        return Optional.of(items);
    }

    /** The device fills up with blanks on either side, and behind the sign ("-  80" is -80). */
    private static String unpadded(String text) {
        return APART.matcher(text.strip()).replaceFirst("$1");
    }

    private static boolean isCode(String text) {
        return CODE.matcher(text).matches();
    }

    private static boolean isPrintable(String text) {
        return PRINTABLE.matcher(text).matches();
    }

    private static Optional<List<Field>> alarms(String list, String data, MedibusSpec spec) {
        int step = 1 + CODE_CHARS + PHRASE_CHARS;
        List<Alarm> alarms = new ArrayList<>();
        for (int at = 0; at < data.length(); at += step) {
            if (data.length() - at < step) {
                return Optional.empty();
            }
            int priority = data.charAt(at) - '0';
            String code = data.substring(at + 1, at + 1 + CODE_CHARS);
            String phrase = data.substring(at + 1 + CODE_CHARS, at + step);
            if (priority < 1 || priority > PRIORITY_MAX || !isCode(code) || !isPrintable(phrase)) {
                return Optional.empty();
            }
            alarms.add(new Alarm(code, phrase.strip(), spec.alarmKind(list, code), priority(priority), "active", null));
        }
        return Optional.of(List.of(new Alarms(list, alarms, true)));
    }

    /** Advisory, caution, warning. */
    private static String priority(int priority) {
        if (priority <= ADVISORY_MAX) {
            return "low";
        }
        return priority <= CAUTION_MAX ? "medium" : "high";
    }

    private static Optional<List<Field>> texts(String prefix, String data) {
        List<Field> items = new ArrayList<>();
        Set<String> codes = new HashSet<>();
        int at = 0;
        while (at < data.length()) {
            int begin = at + CODE_CHARS + 1;
            int end = begin > data.length() ? begin : begin + data.charAt(begin - 1) - '0';
            if (end < begin || end >= data.length() || data.charAt(end) != TEXT_END) {
                return Optional.empty();
            }
            String code = data.substring(at, at + CODE_CHARS);
            String text = data.substring(begin, end);
            if (!isCode(code) || !isPrintable(text) || !codes.add(code)) {
                return Optional.empty();
            }
            items.add(new Item(prefix + code, text.strip()));
            at = end + 1;
        }
        return Optional.of(items);
    }

    /** A day as 2014-10-07 and a time as 09:33:00 or 09:33; the time as sent when it is neither. */
    private static List<Field> time(String data) {
        Matcher matcher = TIME.matcher(data);
        int month = matcher.matches() ? month(matcher.group(5).toUpperCase(Locale.ROOT)) : 0;
        if (month == 0) {
            return data.isBlank() ? List.of() : List.of(new Item("time", data.strip()));
        }
        int year = Integer.parseInt(matcher.group(6));
        String date = String.format(
                Locale.ROOT,
                "%04d-%02d-%02d",
                year < 80 ? 2000 + year : 1900 + year,
                month,
                Integer.valueOf(matcher.group(4)));
        String second = matcher.group(3) == null ? "" : ":" + matcher.group(3);
        String time =
                String.format(Locale.ROOT, "%02d:%s%s", Integer.valueOf(matcher.group(1)), matcher.group(2), second);
        return List.of(new Item("date", date), new Item("time", time));
    }

    private static int month(String name) {
        for (int i = 0; i < MONTHS.size(); i++) {
            if (MONTHS.get(i).contains(name)) {
                return i + 1;
            }
        }
        return 0;
    }

    /** Fields {@code id}, {@code model} where the profile knows it, {@code name}, {@code software} and {@code medibus}. */
    static List<Field> identity(String data, MedibusSpec spec) {
        Matcher matcher = IDENTITY.matcher(data);
        if (!matcher.matches()) {
            return data.isBlank() ? List.of() : List.of(new Item("id", data.strip()));
        }
        List<Field> items = new ArrayList<>();
        items.add(new Item("id", matcher.group(1)));
        String model = spec.models().get(matcher.group(1));
        if (model != null) {
            items.add(new Item("model", model));
        }
        items.add(new Item("name", matcher.group(2).strip()));
        items.add(new Item("software", matcher.group(3)));
        items.add(new Item("medibus", matcher.group(4)));
        return items;
    }
}
