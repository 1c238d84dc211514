package org.wasla.gateway.profile;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.message.Letters;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.message.MessageSpec.Count;
import org.wasla.gateway.message.Parts;
import org.wasla.gateway.message.SeqField;

/** Reads the {@code message} list of a profile. */
final class MessageReader {
    private static final String EXAMPLE = "[{id: row, pattern: '(?<spo2>\\d+)'}]";
    private static final Pattern GROUP = Pattern.compile("\\(\\?<([a-zA-Z][a-zA-Z0-9]*)>");
    private static final Pattern TYPE = Pattern.compile("u1|u2be|u2le|u3be|u4be|u4le");

    private MessageReader() {}

    /** @param frameBytesMax the most bytes a frame may hold, or 0 when that is not known */
    static List<MessageSpec> read(Section profile, int frameBytesMax) {
        List<MessageSpec> messages = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        Entry list = profile.need("message", EXAMPLE);
        for (Entry entry : list.list()) {
            MessageSpec message = message(entry.section(), frameBytesMax);
            if (!message.id().isEmpty() && !ids.add(message.id())) {
                entry.problem("has the id '" + message.id() + "' a second time", "give every message its own id");
            }
            messages.add(message);
        }
        if (list.isEmptyList()) {
            list.problem("names no message", "write " + EXAMPLE);
        }
        return messages;
    }

    /** Whether a message of this kind may hold the field; of one that could not be read nothing is said. */
    static boolean mayHave(MessageSpec spec, String field) {
        Pattern pattern = spec.pattern();
        boolean unreadable =
                pattern == null ? spec.seq().isEmpty() : pattern.pattern().isEmpty();
        if (unreadable || spec.parts().stream().anyMatch(parts -> hasAnyName(parts, field))) {
            return true;
        }
        return spec.cut(field) == null && spec.groups().contains(field)
                || spec.seq().stream().map(SeqField::id).anyMatch(field::equals);
    }

    private static boolean hasAnyName(Parts parts, String field) {
        return parts instanceof Parts.Pairs
                || parts instanceof Parts.Items
                || parts instanceof Parts.Split split
                        && field.matches("\\d{1,5}")
                        && Integer.parseInt(field) >= split.first();
    }

    private static MessageSpec message(Section section, int frameBytesMax) {
        String id = section.need("id", "row").text(MappingReader.NAME, "write small letters, digits and dashes");
        Pattern pattern = section.get("pattern").map(Entry::pattern).orElse(null);
        List<String> groups = groups(pattern);
        MessageSpec message = new MessageSpec(
                id,
                pattern,
                groups,
                PartsReader.read(section, groups),
                counts(section, groups),
                seq(section, frameBytesMax),
                section.texts("required"),
                section.has("skip") ? section.text("skip", "") : null,
                section.has("part") ? section.text("part", "") : null,
                section.has("charset") ? section.need("charset", "utf-8").choice(Letters.class) : Letters.ASCII);
        List<Entry> needed = new ArrayList<>(section.list("required"));
        section.get("part").ifPresent(needed::add);
        for (Entry required : needed) {
            if (!mayHave(message, required.text())) {
                required.problem(
                        "is '" + required.text() + "', which the message cannot have",
                        "write a field of the message, or correct its spelling");
            }
        }
        if ((pattern == null) == message.seq().isEmpty()) {
            section.problem("says not how its fields are found", "write either pattern (text) or seq (binary)");
        }
        boolean hasItemParts =
                message.parts().stream().anyMatch(parts -> parts instanceof Parts.Items items && items.hasPart());
        if (message.part() != null && hasItemParts) {
            section.problem("says twice of which device it is", "keep part, or the group part of items");
        }
        section.end();
        return message;
    }

    static List<String> groups(@Nullable Pattern pattern) {
        List<String> groups = new ArrayList<>();
        Matcher matcher = GROUP.matcher(pattern == null ? "" : pattern.pattern());
        while (matcher.find()) {
            groups.add(matcher.group(1));
        }
        return groups;
    }

    private static List<Count> counts(Section message, List<String> groups) {
        List<Count> counts = new ArrayList<>();
        for (Entry entry : message.list("count")) {
            Section count = entry.section();
            counts.add(new Count(
                    PartsReader.group(count, "of", groups),
                    count.need("unit", "bytes").choice(Count.Unit.class),
                    PartsReader.group(count, "is", groups)));
            count.end();
        }
        return counts;
    }

    private static List<SeqField> seq(Section message, int frameBytesMax) {
        List<SeqField> fields = new ArrayList<>();
        for (Entry entry : message.list("seq")) {
            Section field = entry.section();
            int told = field.told();
            String id = field.need("id", "spo2").text();
            int repeat = field.whole("repeat", 1, 65_536, 1);
            int step = field.whole("step", 1, 65_536, 1);
            SeqField.Join join = field.has("join")
                    ? field.need("join", "samples").choice(SeqField.Join.class)
                    : repeat > 1 ? SeqField.Join.SAMPLES : SeqField.Join.NONE;
            SeqField read = new SeqField(id, bits(field), repeat, step, join);
            if (field.told() == told) {
                check(field, read, frameBytesMax);
            }
            fields.add(read);
            field.end();
        }
        return fields;
    }

    private static void check(Section field, SeqField read, int frameBytesMax) {
        int width = read.bits().stream()
                .mapToInt(part -> Integer.bitCount(part.mask()))
                .sum();
        // A whole u4 is told unsigned; samples and bits that are put together are signed numbers of 32 bits.
        int widest = read.join() == SeqField.Join.SAMPLES || field.has("bits") ? 31 : 32;
        if (width > widest) {
            field.problem("has " + width + " bits", "write at most " + widest);
        }
        for (SeqField.Bits part : read.bits()) {
            long first = part.at() < 0 ? frameBytesMax + part.at() : part.at();
            long last = first + (read.repeat() - 1L) * read.step();
            if (frameBytesMax > 0 && (first < 0 || last >= frameBytesMax)) {
                field.problem(
                        "reaches byte " + (first < 0 ? first : last) + " of a frame of " + frameBytesMax,
                        "count from 0, and correct pos, repeat or step");
                return;
            }
        }
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
        int size = TYPE.matcher(type).matches() ? type.charAt(1) - '0' : 1;
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
        int mask = section.whole("mask", 1, 255, 255);
        int run = mask >> Integer.numberOfTrailingZeros(mask);
        if ((run & run + 1) != 0) {
            section.need("mask", "0x7f").problem("has gaps", "write one run of ones, and several runs as bits");
        }
        return mask;
    }
}
