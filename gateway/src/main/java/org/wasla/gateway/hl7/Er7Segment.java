package org.wasla.gateway.hl7;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One segment of a message. Fields, repetitions, components and subcomponents count from 1, as in the standard; what is
 * not there is an empty text. Texts come without escapes; {@code ""}, which stands for a deliberate nothing, is empty too.
 */
public final class Er7Segment {
    /** Fields behind it are not read: the standard's longest segments have less than a hundred. */
    public static final int FIELDS_MAX = 512;
    /** Repetitions behind it are not read. */
    public static final int REPETITIONS_MAX = 1024;

    private final Er7Message message;
    private final int from;
    private final int to;
    private final String name;
    private final boolean isHeader;
    /** Where the fields begin; behind the last one stands where the next would. */
    private int @Nullable [] starts;

    Er7Segment(Er7Message message, int from, int to) {
        this.message = message;
        this.from = from;
        this.to = to;
        this.name = message.text().substring(from, from + 3);
        this.isHeader = name.equals("MSH") || name.equals("FHS") || name.equals("BHS");
    }

    /** @return three letters or digits, such as {@code OBX} */
    public String name() {
        return name;
    }

    /** @return the number of the last field that was sent */
    public int fields() {
        int count = starts().length - 2;
        return isHeader ? count + 1 : count;
    }

    /** @return the first subcomponent of the first component of the first repetition */
    public String text(int field) {
        return text(field, 1, 1);
    }

    public String text(int field, int component) {
        return text(field, component, 1);
    }

    /** The same as that of {@link #value}, with one copy: long messages are read by nothing else. */
    public String text(int field, int component, int subcomponent) {
        int part = part(field);
        if (part < 1 || isHeader && field <= 2) {
            return value(field).text(component, subcomponent);
        }
        Er7Delimiters marks = message.delimiters();
        int begin = starts()[part];
        int end = before(marks.repetition(), begin, starts()[part + 1] - 1);
        for (int i = 1; i < component; i++) {
            begin = behind(marks.component(), begin, end);
        }
        end = before(marks.component(), begin, end);
        for (int i = 1; i < subcomponent; i++) {
            begin = behind(marks.subcomponent(), begin, end);
        }
        return plain(begin, before(marks.subcomponent(), begin, end));
    }

    private String plain(int begin, int end) {
        String raw = begin >= end ? "" : message.text().substring(begin, end);
        return raw.equals(Er7Value.NULL) ? "" : Er7Escape.read(raw, message.delimiters(), message.charset());
    }

    /** Where the mark stands, or the end. */
    private int before(char mark, int begin, int end) {
        String text = message.text();
        int at = begin;
        while (at < end && text.charAt(at) != mark) {
            at++;
        }
        return Math.min(at, end);
    }

    /** Where what follows the mark begins; behind the end when there is no mark. */
    private int behind(char mark, int begin, int end) {
        return before(mark, begin, end) + 1;
    }

    /** Whether the field says {@code ""}: what was known before is to be deleted. */
    public boolean isNull(int field) {
        return value(field).raw().equals(Er7Value.NULL);
    }

    /** @return the first repetition */
    public Er7Value value(int field) {
        if (isHeader && field <= 2) {
            return Er7Value.plain(
                    field == 1 ? String.valueOf(message.delimiters().field()) : raw(2), message);
        }
        String raw = raw(field);
        int end = raw.indexOf(message.delimiters().repetition());
        return new Er7Value(end < 0 ? raw : raw.substring(0, end), message);
    }

    /** @return every repetition; none of a field that is empty */
    public List<Er7Value> values(int field) {
        if (isHeader && field <= 2) {
            return List.of(value(field));
        }
        String raw = raw(field);
        List<Er7Value> values = new ArrayList<>();
        int at = 0;
        while (!raw.isEmpty() && at <= raw.length() && values.size() < REPETITIONS_MAX) {
            int end = raw.indexOf(message.delimiters().repetition(), at);
            int stop = end < 0 ? raw.length() : end;
            values.add(new Er7Value(raw.substring(at, stop), message));
            at = stop + 1;
        }
        return values;
    }

    /** @return the field as sent, with all that parts it */
    public String raw(int field) {
        int part = part(field);
        return part < 1 ? "" : message.text().substring(starts()[part], starts()[part + 1] - 1);
    }

    /** @return which of the starts is the field's; 0 when it was not sent, or is the mark between fields */
    private int part(int field) {
        // In a header the separator is itself the first field.
        int part = isHeader ? field - 1 : field;
        return part < 1 || part > starts().length - 2 ? 0 : part;
    }

    private int[] starts() {
        int[] known = starts;
        if (known != null) {
            return known;
        }
        int[] found = new int[16];
        int count = 0;
        char field = message.delimiters().field();
        found[count++] = from;
        int next = message.text().indexOf(field, from);
        while (next >= 0 && next < to && count <= FIELDS_MAX + 1) {
            found = count + 1 < found.length ? found : Arrays.copyOf(found, 2 * found.length);
            found[count++] = next + 1;
            next = message.text().indexOf(field, next + 1);
        }
        // When the limit was reached the last start ends the last field that is read.
        if (count <= FIELDS_MAX + 1) {
            found = count < found.length ? found : Arrays.copyOf(found, count + 1);
            found[count++] = to + 1;
        }
        known = Arrays.copyOf(found, count);
        starts = known;
        return known;
    }
}
