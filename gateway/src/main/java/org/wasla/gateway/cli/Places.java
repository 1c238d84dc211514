package org.wasla.gateway.cli;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Sought;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.message.MessageSpec.Outcome.Parsed;

/**
 * Which bytes of a frame each field was read from. In a text the pattern knows its groups, and what a group was cut into
 * stands in it in its order. In a binary frame each byte is changed, to see which fields change with it. Pure.
 */
final class Places {
    private static final int FRAME_BYTES_MAX = 4_096;
    private final Map<String, BitSet> places = new LinkedHashMap<>();
    private final int size;

    private Places(int size) {
        this.size = size;
    }

    static Places of(MessageSpec spec, Bytes frame, Message message) {
        Places places = new Places(frame.size());
        if (spec.pattern() != null) {
            places.text(spec, frame.latin1(), message);
        } else if (frame.size() <= FRAME_BYTES_MAX) {
            places.binary(spec, frame, message);
        }
        return places;
    }

    private void text(MessageSpec spec, String frame, Message message) {
        Matcher matcher = Sought.matcher(Objects.requireNonNull(spec.pattern()), frame);
        if (!matches(matcher)) {
            return;
        }
        int from = 0;
        for (Message.Field field : message.fields()) {
            if (!(field instanceof Message.Item item)) {
                continue;
            }
            if (spec.groups().contains(item.name())) {
                add(item.name(), matcher.start(item.name()), matcher.end(item.name()));
                continue;
            }
            int key = frame.indexOf(item.name(), from);
            int at = frame.indexOf(
                    item.text(),
                    key < 0 || isNumber(item.name()) ? from : key + item.name().length());
            if (at >= 0) {
                add(item.name(), at, at + item.text().length());
                from = at + item.text().length();
            }
        }
    }

    /** Fields of a split are numbered, and their numbers do not stand in the frame. */
    private static boolean isNumber(String name) {
        return name.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean matches(Matcher matcher) {
        try {
            return matcher.matches();
        } catch (StackOverflowError | Sought.Endless tooMuch) {
            return false;
        }
    }

    private void binary(MessageSpec spec, Bytes frame, Message message) {
        Map<String, String> before = texts(message);
        byte[] content = frame.toArray();
        for (int i = 0; i < content.length; i++) {
            content[i] ^= (byte) 0xff;
            if (spec.parse(Bytes.of(content)) instanceof Parsed parsed) {
                Map<String, String> after = texts(parsed.messages().get(0));
                for (Map.Entry<String, String> field : before.entrySet()) {
                    if (!field.getValue().equals(after.get(field.getKey()))) {
                        add(field.getKey(), i, i + 1);
                    }
                }
            }
            content[i] ^= (byte) 0xff;
        }
    }

    private static Map<String, String> texts(Message message) {
        Map<String, String> texts = new LinkedHashMap<>();
        message.fields().forEach(field -> texts.put(field.name(), field.toString()));
        return texts;
    }

    private void add(String field, int from, int to) {
        places.computeIfAbsent(field, name -> new BitSet()).set(from, to);
    }

    /** @return such as {@code 13+1} (one byte at index 13), {@code 3+1 8+1}; {@code ?} where it is not known */
    String of(String field) {
        BitSet at = places.get(field);
        return at == null ? "?" : at.isEmpty() ? "-" : runs(at);
    }

    /** @return the bytes that no field was read from, or null when there are none */
    @Nullable
    String others() {
        BitSet others = new BitSet();
        others.set(0, size);
        places.values().forEach(others::andNot);
        return others.isEmpty() || places.isEmpty() ? null : runs(others);
    }

    private static String runs(BitSet at) {
        List<String> runs = new ArrayList<>();
        for (int from = at.nextSetBit(0); from >= 0; from = at.nextSetBit(at.nextClearBit(from))) {
            runs.add(from + "+" + (at.nextClearBit(from) - from));
        }
        return runs.size() <= 6
                ? String.join(" ", runs)
                : String.join(" ", runs.subList(0, 5)) + " and " + (runs.size() - 5) + " more";
    }
}
