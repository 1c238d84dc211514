package org.wasla.gateway.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.message.MessageSpec.Count;
import org.wasla.gateway.message.Parts;
import org.wasla.gateway.message.SeqField;

/** Reads the {@code message} list of a profile. */
final class MessageReader {
    private static final Pattern GROUP = Pattern.compile("\\(\\?<([a-zA-Z][a-zA-Z0-9]*)>");
    private static final Pattern TYPE = Pattern.compile("u1|u2be|u2le|u3be|u4be|u4le");

    private MessageReader() {}

    static List<MessageSpec> read(Section profile) {
        List<MessageSpec> messages = new ArrayList<>();
        for (Entry entry :
                profile.need("message", "[{id: row, pattern: '(?<spo2>\\d+)'}]").list()) {
            messages.add(message(entry.section()));
        }
        return messages;
    }

    private static MessageSpec message(Section section) {
        String id = section.need("id", "row").text(MappingReader.NAME, "write small letters, digits and dashes");
        Pattern pattern = section.get("pattern").map(Entry::pattern).orElse(null);
        List<String> groups = groups(pattern);
        MessageSpec message = new MessageSpec(
                id,
                pattern,
                groups,
                parts(section, groups),
                counts(section, groups),
                seq(section),
                section.texts("required"),
                section.has("skip") ? section.text("skip", "") : null);
        if ((pattern == null) == message.seq().isEmpty()) {
            section.problem("says not how its fields are found", "write either pattern (text) or seq (binary)");
        }
        section.end();
        return message;
    }

    private static List<String> groups(@Nullable Pattern pattern) {
        List<String> groups = new ArrayList<>();
        Matcher matcher = GROUP.matcher(pattern == null ? "" : pattern.pattern());
        while (matcher.find()) {
            groups.add(matcher.group(1));
        }
        return groups;
    }

    private static @Nullable Parts parts(Section message, List<String> groups) {
        Parts parts = null;
        if (message.has("pairs")) {
            Section pairs = message.section("pairs");
            Pattern between =
                    pairs.has("between") ? pairs.need("between", "' +'").pattern() : Pattern.compile(" +");
            parts = new Parts.Pairs(group(pairs, "in", groups), between, pairs.text("assign", "="));
            pairs.end();
        }
        if (message.has("split")) {
            Section split = message.section("split");
            parts = new Parts.Split(
                    group(split, "in", groups),
                    split.text("by", ","),
                    split.whole("first", 0, 9999, 1),
                    widths(split.section("widths")),
                    split.has("width") ? split.whole("width", 1, 9999, 1) : null);
            split.end();
            if (message.has("pairs")) {
                message.problem("has both pairs and split", "keep one of them");
            }
        }
        return parts;
    }

    private static Map<Integer, Integer> widths(Section section) {
        Map<Integer, Integer> widths = new HashMap<>();
        for (String key : section.keys()) {
            if (key.matches("\\d{1,4}")) {
                widths.put(Integer.valueOf(key), section.whole(key, 1, 9999, 1));
            } else {
                section.problem("has the key '" + key + "'", "write the number of a field");
            }
        }
        return widths;
    }

    private static String group(Section section, String key, List<String> groups) {
        Entry entry = section.need(key, groups.isEmpty() ? "body" : groups.get(groups.size() - 1));
        String name = entry.text();
        if (!name.isEmpty() && !groups.contains(name)) {
            entry.problem("is '" + name + "'", "write a named group of the pattern: " + String.join(", ", groups));
        }
        return groups.contains(name) || groups.isEmpty() ? name : groups.get(0);
    }

    private static List<Count> counts(Section message, List<String> groups) {
        List<Count> counts = new ArrayList<>();
        for (Entry entry : message.list("count")) {
            Section count = entry.section();
            counts.add(new Count(
                    group(count, "of", groups),
                    count.need("unit", "bytes").choice(Count.Unit.class),
                    group(count, "is", groups)));
            count.end();
        }
        return counts;
    }

    private static List<SeqField> seq(Section message) {
        List<SeqField> fields = new ArrayList<>();
        for (Entry entry : message.list("seq")) {
            Section field = entry.section();
            String id = field.need("id", "spo2").text();
            int repeat = field.whole("repeat", 1, 65_536, 1);
            int step = field.whole("step", 1, 65_536, 1);
            SeqField.Join join = field.has("join")
                    ? field.need("join", "samples").choice(SeqField.Join.class)
                    : repeat > 1 ? SeqField.Join.SAMPLES : SeqField.Join.NONE;
            fields.add(new SeqField(id, bits(field), repeat, step, join));
            field.end();
        }
        return fields;
    }

    private static List<SeqField.Bits> bits(Section field) {
        List<SeqField.Bits> bits = new ArrayList<>();
        for (Entry entry : field.list("bits")) {
            Section part = entry.section();
            bits.add(new SeqField.Bits(pos(part), mask(part)));
            part.end();
        }
        if (!bits.isEmpty()) {
            return bits;
        }
        int pos = pos(field);
        String type = field.has("type")
                ? field.need("type", "u1").text(TYPE, "write one of u1, u2be, u2le, u3be, u4be, u4le")
                : "u1";
        int size = type.length() > 1 ? Math.max(1, type.charAt(1) - '0') : 1;
        for (int i = 0; i < size; i++) {
            bits.add(new SeqField.Bits(
                    type.endsWith("le") ? pos + size - 1 - i : pos + i, size == 1 ? mask(field) : 255));
        }
        return bits;
    }

    private static int pos(Section section) {
        return section.need("pos", "3").whole(-65_536, 65_536);
    }

    private static int mask(Section section) {
        return section.whole("mask", 1, 255, 255);
    }
}
