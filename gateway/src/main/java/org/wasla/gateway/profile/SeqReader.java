package org.wasla.gateway.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.SizeField;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.message.Parts;
import org.wasla.gateway.message.Repeat;
import org.wasla.gateway.message.Seq;
import org.wasla.gateway.message.SeqField;
import org.wasla.gateway.message.SeqForm;
import org.wasla.gateway.message.SeqGroup;
import org.wasla.gateway.message.When;

/** Reads {@code seq}: the fields and records of a binary message. */
final class SeqReader {
    private static final int PLACE_MAX = 65_536;
    private static final int DELTA_FIRST_BITS = 24;
    private static final int DELTAS_MAX = 64;
    private static final String TYPES =
            "u1, u2be, u2le, u3be, u3le, u4be, u4le, i1, i2be, i2le, i4be, i4le, float, sfloat, bcd, hex, str";
    private static final Pattern TYPE = Pattern.compile(TYPES.replace(", ", "|"));
    private static final Pattern KEY_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]*");

    private SeqReader() {}

    /** @param frameBytesMax the most bytes a frame may hold, or 0 when that is not known */
    static List<Seq> read(Section message, int frameBytesMax) {
        List<Seq> seq = new ArrayList<>();
        for (Entry entry : message.list("seq")) {
            Section part = entry.section();
            seq.add(part.has("seq") ? group(part) : field(part, -PLACE_MAX, frameBytesMax));
        }
        return seq;
    }

    /** Whether this part of a message may give the field. */
    static boolean mayHave(Seq part, String field) {
        return part instanceof SeqGroup group
                ? find(group.key(), group.seq(), field) != null
                : part.ids().contains(field);
    }

    /** @return which of the fields, of records named by the key if there is one, has this name; null: none */
    static @Nullable SeqField find(SeqGroup.@Nullable Key key, List<SeqField> seq, String field) {
        int dot = field.indexOf('.');
        String name = dot < 0 ? "" : field.substring(0, dot);
        if (key != null && !key.names().containsValue(name) && !name.matches("\\d+")) {
            return null;
        }
        String id = key == null ? field : field.substring(dot + 1);
        return seq.stream().filter(each -> each.id().equals(id)).findFirst().orElse(null);
    }

    /** Whether the message itself tells how many samples of this field there are in a second. */
    static boolean tellsRate(MessageSpec spec, String field) {
        Stream<@Nullable SeqField> inSeq = spec.seq().stream()
                .map(part -> part instanceof SeqGroup group
                        ? find(group.key(), group.seq(), field)
                        : find(null, List.of((SeqField) part), field));
        Stream<@Nullable SeqField> packed = spec.parts().stream()
                .map(part -> part instanceof Parts.Packed pack ? find(pack.key(), pack.seq(), field) : null);
        return Stream.concat(inSeq, packed)
                .anyMatch(found -> found != null && found.packing().hz() != null);
    }

    /** @return fields of a record that is as long as it is; they count from its beginning */
    static List<SeqField> fields(Section record) {
        List<SeqField> fields = new ArrayList<>();
        for (Entry entry : record.list("seq")) {
            fields.add(field(entry.section(), 0, 0));
        }
        if (fields.isEmpty()) {
            record.problem("holds no field", "write seq: [{id: spo2, pos: 3}]");
        }
        return fields;
    }

    /** @param leastPos 0 where places cannot count from the end */
    static List<When> conditions(Section section, int leastPos) {
        List<When> conditions = new ArrayList<>();
        section.list("when").forEach(entry -> conditions.add(condition(entry.section(), leastPos)));
        return conditions;
    }

    private static When condition(Section section, int leastPos) {
        int pos = section.need("pos", "2").whole(leastPos, PLACE_MAX);
        int mask = section.whole("mask", 1, 255, 255);
        int value = section.need("is", "0x01").whole(0, 255);
        if ((value & ~mask) != 0) {
            section.problem("can never hold", "write an 'is' within the mask");
        }
        section.end();
        return new When(pos, mask, value);
    }

    private static SeqGroup group(Section group) {
        int pos = group.need("pos", "17").whole(0, PLACE_MAX);
        Repeat repeat = repeat(group, 0);
        int to = group.whole("to", -PLACE_MAX, PLACE_MAX, 0);
        When stop = group.has("stop") ? condition(group.section("stop"), 0) : null;
        List<SeqField> fields = new ArrayList<>();
        for (Entry entry : group.list("seq")) {
            Section field = entry.section();
            fields.add(field(field, 0, 0));
            tellOutside(field, fields.get(fields.size() - 1), group.has("body") ? PLACE_MAX : repeat.step());
        }
        if (fields.isEmpty()) {
            group.problem("holds no field", "write seq: [{id: spo2, pos: 3}]");
        }
        SeqGroup read = new SeqGroup(pos, repeat, to, stop, conditions(group, 0), key(group), body(group), fields);
        group.end();
        return read;
    }

    private static void tellOutside(Section field, SeqField read, int recordBytes) {
        for (SeqField.Bits part : read.places()) {
            long last = part.at()
                    + (Math.max(1, read.repeat().times()) - 1L) * read.repeat().step();
            if (last >= recordBytes) {
                field.problem("reaches byte " + last + " of a record of " + recordBytes, "correct pos, or step");
                return;
            }
        }
    }

    static SeqGroup.@Nullable Key key(Section group) {
        if (!group.has("key")) {
            return null;
        }
        Section key = group.section("key");
        Map<Long, String> names = new HashMap<>();
        Section section = key.section("enum");
        for (String code : section.keys()) {
            String name = section.need(code, "ecg").text(KEY_NAME, "write a word, of letters, digits and dashes");
            if (code.matches("\\d{1,9}")) {
                names.put(Long.valueOf(code), name);
            } else {
                section.problem("has the key '" + code + "'", "write a whole number");
            }
        }
        return new SeqGroup.Key(number(key, "enum"), names);
    }

    private static SeqGroup.@Nullable Body body(Section group) {
        if (!group.has("body")) {
            return null;
        }
        Section body = group.section("body");
        List<When> when = conditions(body, 0);
        return new SeqGroup.Body(number(body, "when"), when);
    }

    /** A number of the frame, as in a frame's size; the other key was read before. */
    private static SizeField number(Section section, String besides) {
        section.get(besides);
        return GuardReader.size(section);
    }

    /** @param step when it is left out; 0: it is needed */
    private static Repeat repeat(Section section, int step) {
        int apart =
                step == 0 ? section.need("step", "3").whole(1, PLACE_MAX) : section.whole("step", 1, PLACE_MAX, step);
        if (!section.has("repeat")) {
            return new Repeat(1, apart, null);
        }
        Entry repeat = section.need("repeat", "8");
        if (!repeat.isText()) {
            return new Repeat(Repeat.EOS, apart, number(repeat.section(), "pos"));
        }
        return new Repeat(repeat.text().equals("eos") ? Repeat.EOS : repeat.whole(1, PLACE_MAX), apart, null);
    }

    private static SeqField field(Section field, int leastPos, int frameBytesMax) {
        int told = field.told();
        String id = field.need("id", "spo2").text();
        String type = field.has("type") ? field.need("type", "u1").text(TYPE, "write one of " + TYPES) : "u1";
        SeqForm form = form(type);
        List<SeqField.Bits> bits = bits(field, type, form, leastPos);
        Repeat repeat = repeat(field, Math.max(1, field.has("bits") ? 1 : bits.size()));
        SeqField.Join join = field.has("join")
                ? field.need("join", "samples").choice(SeqField.Join.class)
                : repeat.isMany() ? SeqField.Join.SAMPLES : SeqField.Join.NONE;
        SeqField read =
                new SeqField(id, bits, form, repeat, join, conditions(field, leastPos), packing(field, leastPos));
        if (field.told() == told) {
            check(field, read, frameBytesMax);
        }
        field.end();
        return read;
    }

    private static SeqForm form(String type) {
        return switch (type) {
            case "float" -> SeqForm.FLOAT;
            case "sfloat" -> SeqForm.SFLOAT;
            case "bcd" -> SeqForm.BCD;
            case "hex" -> SeqForm.HEX;
            case "str" -> SeqForm.STR;
            default -> type.startsWith("i") ? SeqForm.SIGNED : SeqForm.UNSIGNED;
        };
    }

    private static void check(Section field, SeqField read, int frameBytesMax) {
        int width = read.bits().stream()
                .mapToInt(part -> Integer.bitCount(part.mask()))
                .sum();
        // A whole u4 is told unsigned; samples and bits that are put together are signed numbers of 32 bits.
        boolean isSigned = read.join() == SeqField.Join.SAMPLES && read.form() == SeqForm.UNSIGNED;
        int widest = isSigned || field.has("bits") ? 31 : 32;
        if (read.form().isWhole() && width > widest) {
            field.problem("has " + width + " bits", "write at most " + widest);
        }
        SeqField.Packing packing = read.packing();
        if (!packing.equals(SeqField.Packing.NONE) && read.join() != SeqField.Join.SAMPLES) {
            field.problem("has hz, delta or times and no samples", "add join: samples, or leave them out");
        }
        // So wide a first sample and all that differences can add to it stay a number of 32 bits.
        if (!packing.deltas().isEmpty() && width > DELTA_FIRST_BITS) {
            field.problem("has " + width + " bits before a delta", "write at most " + DELTA_FIRST_BITS);
        }
        if (read.repeat().isMany() && !read.form().isWhole()) {
            field.problem("repeats what is no whole number", "write it once, or give it a whole type");
        }
        int times = read.repeat().isMany() ? Math.max(1, read.repeat().times()) : 1;
        for (SeqField.Bits part : read.places()) {
            long first = part.at() < 0 ? frameBytesMax + part.at() : part.at();
            long last = first + (times - 1L) * read.repeat().step();
            if (frameBytesMax > 0 && (first < 0 || last >= frameBytesMax)) {
                field.problem(
                        "reaches byte " + (first < 0 ? first : last) + " of a frame of " + frameBytesMax,
                        "count from 0, and correct pos, repeat or step");
                return;
            }
        }
    }

    private static SeqField.Packing packing(Section field, int leastPos) {
        SizeField hz = field.has("hz") ? GuardReader.size(field.section("hz")) : null;
        List<SeqField.Delta> deltas = new ArrayList<>();
        List<Entry> list = field.list("delta");
        if (list.size() > DELTAS_MAX) {
            field.problem("has " + list.size() + " entries in delta", "write at most " + DELTAS_MAX);
        }
        for (Entry entry : list) {
            Section delta = entry.section();
            SeqField.Bits bits = new SeqField.Bits(pos(delta, leastPos), mask(delta));
            SeqField.Bits minus = null;
            if (delta.has("minus")) {
                Section sign = delta.section("minus");
                minus = new SeqField.Bits(pos(sign, leastPos), mask(sign));
                if (Integer.bitCount(minus.mask()) != 1) {
                    sign.problem("is not one bit", "write a mask of one bit, such as 0x80");
                }
                sign.end();
            }
            deltas.add(new SeqField.Delta(bits, minus));
            delta.end();
        }
        return new SeqField.Packing(hz, deltas, field.whole("times", 1, 1024, 1));
    }

    private static List<SeqField.Bits> bits(Section field, String type, SeqForm form, int leastPos) {
        List<SeqField.Bits> bits = new ArrayList<>();
        for (Entry entry : field.list("bits")) {
            Section part = entry.section();
            bits.add(new SeqField.Bits(pos(part, leastPos), mask(part)));
            part.end();
        }
        if (!bits.isEmpty()) {
            return bits;
        }
        int pos = pos(field, leastPos);
        int size = bytes(field, type, form);
        if (pos < 0 && pos + size > 0) {
            field.problem("stands in fewer bytes than it needs", "write pos: " + -size + " or lower");
        }
        for (int i = 0; i < size; i++) {
            bits.add(new SeqField.Bits(
                    type.endsWith("le") ? pos + size - 1 - i : pos + i, type.equals("u1") ? mask(field) : 255));
        }
        return bits;
    }

    private static int bytes(Section field, String type, SeqForm form) {
        return switch (form) {
            case FLOAT -> 4;
            case SFLOAT -> 2;
            case BCD, HEX, STR -> field.need("size", "8").whole(1, 4096);
            default -> TYPE.matcher(type).matches() ? type.charAt(1) - '0' : 1;
        };
    }

    private static int pos(Section section, int leastPos) {
        return section.need("pos", "3").whole(leastPos, PLACE_MAX);
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
