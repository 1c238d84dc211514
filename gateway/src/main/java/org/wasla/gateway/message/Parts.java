package org.wasla.gateway.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Check;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.frame.Sought;
import org.wasla.gateway.message.Message.Alarm;
import org.wasla.gateway.message.Message.Alarms;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Item;

/** How one group of a text message is cut into fields. Immutable. */
public sealed interface Parts {
    /** @return the named group that is cut */
    String group();

    /** Adds the fields of the text; false when it is not of this form. */
    boolean split(String text, Gathered fields);

    /** @return how many fields the text holds */
    int count(String text);

    /** {@code KEY=VALUE} parted by a mark: the key is the field's name, whether the profile knows it or not. */
    record Pairs(String group, Pattern between, String assign) implements Parts {
        @Override
        public boolean split(String text, Gathered fields) {
            for (String pair : Sought.split(between, text.strip())) {
                int at = pair.indexOf(assign);
                if (at < 1) {
                    return false;
                }
                fields.add(null, new Item(pair.substring(0, at), pair.substring(at + assign.length())));
            }
            return true;
        }

        @Override
        public int count(String text) {
            return Sought.split(between, text.strip()).length;
        }
    }

    /**
     * Fields parted by a mark and numbered; the number is the field's name.
     *
     * @param by the mark, which may also end the last field
     * @param first the number of the first field
     * @param widths exact width by field number, blanks included
     * @param width exact width of every other field, or null when it is free
     */
    record Split(
            String group,
            String by,
            int first,
            Map<Integer, Integer> widths,
            @Nullable Integer width) implements Parts {
        public Split {
            widths = Map.copyOf(widths);
        }

        @Override
        public boolean split(String text, Gathered fields) {
            int number = first;
            int from = 0;
            while (from < text.length()) {
                int at = text.indexOf(by, from);
                int end = at < 0 ? text.length() : at;
                Integer exact = widths.getOrDefault(number, width);
                if (exact != null && end - from != exact) {
                    return false;
                }
                String name = Integer.toString(number++);
                fields.add(null, new Item(name, text.substring(from, end).strip()));
                from = end + by.length();
            }
            return true;
        }

        @Override
        public int count(String text) {
            int count = 0;
            for (int from = 0; from < text.length(); count++) {
                int at = text.indexOf(by, from);
                from = at < 0 ? text.length() : at + by.length();
            }
            return count;
        }
    }

    /**
     * Records with a key and a value: the key is the field's name, whether the profile knows it or not.
     *
     * @param records their form, with the named groups {@code key} and {@code value}
     * @param units what the texts of a named group for the unit are in UCUM; null: there is no such group
     * @param hasPart whether a named group {@code part} says which of several devices a record is of
     */
    record Items(String group, Records records, @Nullable Map<String, String> units, boolean hasPart) implements Parts {
        public Items {
            units = units == null ? null : Map.copyOf(units);
        }

        @Override
        public boolean split(String text, Gathered fields) {
            return records.each(text, record -> {
                String key = record.group("key");
                if (key == null || key.isEmpty()) {
                    return false;
                }
                String value = Objects.requireNonNullElse(record.group("value"), "");
                fields.add(hasPart ? record.group("part") : null, item(key, value, record));
                return true;
            });
        }

        /** A number in a unit that the profile does not know must not be taken for one in the usual unit. */
        private Item item(String key, String value, Matcher record) {
            String unit = units == null ? null : record.group("unit");
            if (units == null || unit == null || unit.isEmpty()) {
                return new Item(key, value);
            }
            String known = units.get(unit);
            return known == null ? new Item(key, value + " " + unit) : new Item(key, value, known, null);
        }

        @Override
        public int count(String text) {
            return records.count(text);
        }
    }

    /**
     * A list of alarms. An alarm that is told twice counts once.
     *
     * @param name which of the device's lists it is
     * @param records their form, with the named group {@code id} and perhaps {@code text}, {@code level} and {@code end}:
     *     a record with {@code end} is no alarm but says that the list is complete
     * @param groups which of these groups the form has
     * @param priorities what a level means; that of the empty text goes for every other one
     * @param kind {@code phys}, {@code tech} or {@code adv}
     * @param complete whether every active alarm is always in the list
     */
    record AlarmList(
            String group,
            String name,
            Records records,
            List<String> groups,
            Map<String, String> priorities,
            String kind,
            boolean complete)
            implements Parts {
        public AlarmList {
            groups = List.copyOf(groups);
            priorities = Map.copyOf(priorities);
        }

        @Override
        public boolean split(String text, Gathered fields) {
            Map<String, Alarm> alarms = new LinkedHashMap<>();
            boolean[] ended = {complete};
            boolean isRead = records.each(text, record -> {
                String id = inOneLine(told(record, "id"));
                ended[0] |= !told(record, "end").isEmpty();
                if (!id.isEmpty()) {
                    alarms.putIfAbsent(id, alarm(id, record));
                }
                return !id.isEmpty() || !told(record, "end").isEmpty();
            });
            fields.add(null, new Alarms(name, List.copyOf(alarms.values()), ended[0]));
            return isRead;
        }

        private Alarm alarm(String id, Matcher record) {
            String usual = priorities.getOrDefault("", "none");
            String priority = priorities.getOrDefault(told(record, "level"), usual);
            return new Alarm(id, inOneLine(told(record, "text")), kind, priority, "active", null);
        }

        /** Displays break long texts into lines. */
        private static String inOneLine(String text) {
            return text.replaceAll("[\\r\\n]+", " ").strip();
        }

        private String told(Matcher record, String name) {
            String text = groups.contains(name) ? record.group(name) : null;
            return text == null ? "" : text;
        }

        @Override
        public int count(String text) {
            return records.count(text);
        }
    }

    /**
     * Packed records, each between two marks: bytes of 8 bits in {@link Pack7}, and in these the fields. A record that is
     * no such one refuses the message.
     *
     * @param start stands before each record
     * @param end stands behind each record
     * @param checks of the unpacked bytes
     * @param key names the fields of each record, or null
     * @param seq the fields; places count from the first unpacked byte
     */
    record Packed(
            String group, String start, String end, List<Check> checks, SeqGroup.@Nullable Key key, List<SeqField> seq)
            implements Parts {
        private static final int PLAIN_MAX = 32_768;

        public Packed {
            checks = List.copyOf(checks);
            seq = List.copyOf(seq);
        }

        @Override
        public boolean split(String text, Gathered fields) {
            int to;
            for (int from = 0; from < text.length(); from = to + end.length()) {
                to = text.indexOf(end, from);
                if (to < 0 || !text.startsWith(start, from)) {
                    return false;
                }
                Bytes plain = Pack7.unpack(Bytes.latin1(text.substring(from + start.length(), to)));
                if (plain == null || !read(plain, fields)) {
                    return false;
                }
            }
            return true;
        }

        private boolean read(Bytes plain, Gathered fields) {
            for (Check check : checks) {
                if (!check.holds(plain)) {
                    fields.blame(Fault.CHECKSUM);
                    return false;
                }
            }
            long code = key == null ? 0 : key.number().read(plain, 0);
            if (code < 0) {
                return false;
            }
            List<Field> read = new ArrayList<>();
            for (SeqField field : seq) {
                if (!field.read(plain, 0, plain.size(), key == null ? "" : key.prefix(code), read)) {
                    return false;
                }
            }
            read.forEach(field -> fields.add(null, field));
            return true;
        }

        @Override
        public int count(String text) {
            int count = 0;
            for (int at = text.indexOf(end); at >= 0; at = text.indexOf(end, at + end.length())) {
                count++;
            }
            return count;
        }

        /** The way back, for simulators: the records of which some value is there, in the order of their codes. */
        public String text(Seq.Values values) {
            StringBuilder text = new StringBuilder();
            for (long code :
                    key == null ? List.of(0L) : new TreeSet<>(key.names().keySet())) {
                String prefix = key == null ? "" : key.prefix(code);
                List<SeqField> sent = seq.stream()
                        .filter(field -> values.has(prefix + field.id()))
                        .toList();
                if (!sent.isEmpty()) {
                    text.append(start)
                            .append(Pack7.pack(plain(sent, prefix, code, values))
                                    .latin1())
                            .append(end);
                }
            }
            return text.toString();
        }

        private byte[] plain(List<SeqField> sent, String prefix, long code, Seq.Values values) {
            byte[] plain = new byte[PLAIN_MAX];
            int length = 0;
            for (SeqField field : sent) {
                length = Math.max(length, field.write(plain, 0, prefix, values));
            }
            if (key != null) {
                key.number().write(plain, 0, code);
            }
            byte[] cut = Arrays.copyOf(plain, Math.min(length, PLAIN_MAX));
            checks.forEach(check -> check.write(cut));
            return cut;
        }
    }
}
