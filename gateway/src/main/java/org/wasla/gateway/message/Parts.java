package org.wasla.gateway.message;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.message.Message.Alarm;
import org.wasla.gateway.message.Message.Alarms;
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
            for (String pair : between.split(text.strip())) {
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
            return between.split(text.strip()).length;
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
                String id = told(record, "id");
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
            return new Alarm(id, told(record, "text").strip(), kind, priority, "active", null);
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
}
