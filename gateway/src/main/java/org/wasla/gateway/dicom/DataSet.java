package org.wasla.gateway.dicom;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.Element.Value;
import org.wasla.gateway.frame.Bytes;

/**
 * The elements of a data set or of one item, in the order of their tags, each tag once. Questions for what is not there
 * are answered with null, an empty list or 0 values, never with an exception. Immutable.
 */
public final class DataSet {
    public static final DataSet EMPTY = new DataSet(List.of());
    private final List<Element> elements;

    /** @param elements in the order of their tags, without repetition */
    DataSet(List<Element> elements) {
        this.elements = List.copyOf(elements);
    }

    public List<Element> elements() {
        return elements;
    }

    public @Nullable Element element(int tag) {
        int low = 0;
        int high = elements.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Integer.compareUnsigned(elements.get(middle).tag(), tag);
            if (order == 0) {
                return elements.get(middle);
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return null;
    }

    /** @return the first value as text, a number in its digits; null when there is none or it is empty */
    public @Nullable String text(int tag) {
        List<String> values = texts(tag);
        return values.isEmpty() || values.get(0).isEmpty() ? null : values.get(0);
    }

    /** @return all values as text, empty ones too */
    public List<String> texts(int tag) {
        Element element = element(tag);
        return element == null || element.isEmpty() ? List.of() : texts(element);
    }

    /** @return the values of an element as text; none for sequences, pixels and opaque bytes */
    static List<String> texts(Element element) {
        if (element.value() instanceof Value.Text text) {
            return element.vr().form() == Vr.Form.PROSE || element.vr() == Vr.UR
                    ? List.of(text.text())
                    : split(text.text(), '\\');
        }
        if (!(element.value() instanceof Value.Binary binary) || element.vr().isOpaque()) {
            return List.of();
        }
        int width = element.vr().width();
        List<String> values = new ArrayList<>();
        for (int at = 0; at + width <= binary.bytes().size(); at += width) {
            values.add(number(element.vr(), binary, at));
        }
        return values;
    }

    /** @return the items of a sequence, none when there is no such sequence */
    public List<DataSet> items(int tag) {
        Element element = element(tag);
        return element != null && element.value() instanceof Value.Items items ? items.items() : List.of();
    }

    /** @return the first item of a sequence, or an empty one */
    public DataSet item(int tag) {
        List<DataSet> items = items(tag);
        return items.isEmpty() ? EMPTY : items.get(0);
    }

    /** @return the bytes of a value that is held, numbers in their own byte order; null when there is none */
    public @Nullable Bytes bytes(int tag) {
        Element element = element(tag);
        return element != null && element.value() instanceof Value.Binary binary ? binary.bytes() : null;
    }

    /** Whether the numbers of this element stand with their most significant byte first. */
    public boolean isBigEndian(int tag) {
        Element element = element(tag);
        return element != null && element.value() instanceof Value.Binary binary && binary.bigEndian();
    }

    private static String number(Vr vr, Value.Binary binary, int at) {
        int width = vr.width();
        long bits = 0;
        for (int i = 0; i < width; i++) {
            bits = bits << 8 | binary.bytes().at(at + (binary.bigEndian() ? i : width - 1 - i));
        }
        return switch (vr) {
            case AT -> Tags.hex(tag(bits, binary.bigEndian()));
            case FL -> Float.toString(Float.intBitsToFloat((int) bits));
            case FD -> Double.toString(Double.longBitsToDouble(bits));
            case SS -> Short.toString((short) bits);
            case SL -> Integer.toString((int) bits);
            case SV -> Long.toString(bits);
            case UV -> Long.toUnsignedString(bits);
            default -> Long.toString(bits);
        };
    }

    /** A tag is two numbers of two bytes, group first in either byte order. */
    private static int tag(long bits, boolean bigEndian) {
        return bigEndian ? (int) bits : (int) (bits << 16 | bits >>> 16 & 0xffff);
    }

    /** Splits at every separator, empty parts kept. */
    static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
            parts.add(trim(text.substring(from, at)));
            from = at + 1;
        }
        parts.add(trim(text.substring(from)));
        return parts;
    }

    /** Takes padding off both ends: blanks, and the NUL of UIDs that some put elsewhere. */
    static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && (text.charAt(from) == ' ' || text.charAt(from) == 0)) {
            from++;
        }
        while (to > from && (text.charAt(to - 1) == ' ' || text.charAt(to - 1) == 0)) {
            to--;
        }
        return text.substring(from, to);
    }
}
