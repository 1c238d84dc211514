package org.wasla.gateway.message;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Item;

/** How one group of a text message is cut into fields. Immutable. */
public sealed interface Parts {
    /** @return the named group that is cut */
    String group();

    /** Adds the fields of the text; false when it is not of this form. */
    boolean split(String text, List<Field> fields);

    /** @return how many fields the text holds */
    int count(String text);

    /** {@code KEY=VALUE} parted by a mark: the key is the field's name, whether the profile knows it or not. */
    record Pairs(String group, Pattern between, String assign) implements Parts {
        @Override
        public boolean split(String text, List<Field> fields) {
            for (String pair : between.split(text.strip())) {
                int at = pair.indexOf(assign);
                if (at < 1) {
                    return false;
                }
                fields.add(new Item(pair.substring(0, at), pair.substring(at + assign.length())));
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
        public boolean split(String text, List<Field> fields) {
            int number = first;
            int from = 0;
            while (from < text.length()) {
                int at = text.indexOf(by, from);
                int end = at < 0 ? text.length() : at;
                Integer exact = widths.getOrDefault(number, width);
                if (exact != null && end - from != exact) {
                    return false;
                }
                fields.add(new Item(
                        Integer.toString(number++), text.substring(from, end).strip()));
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
}
