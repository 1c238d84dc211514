package org.wasla.gateway.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Check;
import org.wasla.gateway.frame.Escape;
import org.wasla.gateway.frame.Guard;
import org.wasla.gateway.frame.NumberForm;
import org.wasla.gateway.frame.SizeField;
import org.wasla.gateway.frame.Sum;

/** Reads what frames of several kinds share: {@code escape}, {@code size} and {@code check}. */
final class GuardReader {
    private static final Pattern HEX = Pattern.compile("0x[0-9A-Fa-f]{1,8}");
    private static final int PLACE_MAX = 65_535;
    private static final Map<String, Sum> SUMS = new TreeMap<>(Map.of(
            "sum8", new Sum.Add(8, false),
            "sum8-inverted", new Sum.Add(8, true),
            "sum16", new Sum.Add(16, false),
            "internet", new Sum.Internet(),
            "xor8", new Sum.Xor(),
            "crc8", new Sum.Crc(8, 0xd5, 0, false, false, 0),
            "crc16-ccitt-false", new Sum.Crc(16, 0x1021, 0xffff, false, false, 0),
            "crc16-xmodem", new Sum.Crc(16, 0x1021, 0, false, false, 0),
            "crc16-x25", new Sum.Crc(16, 0x1021, 0xffff, true, true, 0xffff),
            "crc32", new Sum.Crc(32, 0x04c11db7L, 0xffffffffL, true, true, 0xffffffffL)));

    private GuardReader() {}

    /** @param marks the marks between which bytes are escaped; none where nothing can be */
    static Guard read(Section frame, Bytes... marks) {
        return new Guard(
                marks.length > 0 && frame.has("escape") ? escape(frame.section("escape"), marks) : null,
                frame.has("size") ? size(frame.section("size")) : null,
                checks(frame));
    }

    static SizeField size(Section size) {
        SizeField field = new SizeField(
                size.need("pos", "1").whole(0, 255),
                form(size, new NumberForm(NumberForm.Kind.BE, 1)),
                size.whole("add", -PLACE_MAX, PLACE_MAX, 0));
        size.end();
        return field;
    }

    static List<Check> checks(Section frame) {
        List<Check> checks = new ArrayList<>();
        for (Entry entry : frame.list("check")) {
            checks.add(check(entry.section()));
        }
        return checks;
    }

    private static Check check(Section check) {
        Sum sum = sum(check);
        int at = check.need("pos", "-1").whole(-PLACE_MAX, PLACE_MAX);
        int from = check.whole("from", -PLACE_MAX, PLACE_MAX, 0);
        int to = check.whole("to", -PLACE_MAX, PLACE_MAX, at);
        NumberForm form = form(check, new NumberForm(NumberForm.Kind.BE, (sum.width() + 7) / 8));
        if (at < 0 && at + form.width() > 0) {
            check.problem("stands in fewer bytes than it needs", "write pos: " + -form.width() + " or lower");
        }
        boolean sameEnd = from < 0 == to <= 0;
        if (sameEnd && from >= to && to != 0) {
            check.problem("goes from byte " + from + " to byte " + to, "write a 'to' behind 'from'");
        }
        Bytes skip = check.get("skip").map(FrameReader::bytes).orElse(Bytes.NONE);
        Check read = new Check(sum, from, to, at, form, check.flag("raw", false), skip);
        check.end();
        return read;
    }

    private static Sum sum(Section check) {
        if (check.has("crc") && !check.has("sum")) {
            return crc(check.section("crc"));
        }
        Entry entry = check.need("sum", "sum8");
        if (check.has("crc")) {
            check.problem("names a sum and a crc", "keep one of them");
        }
        Sum sum = entry.isText() ? SUMS.get(entry.text()) : null;
        if (sum == null && entry.isText()) {
            entry.problem("is '" + entry.text() + "'", "write one of " + String.join(", ", SUMS.keySet()));
        }
        return sum == null ? new Sum.Add(8, false) : sum;
    }

    private static Sum crc(Section crc) {
        int width = crc.need("width", "16").whole(8, 32);
        long poly = bits(crc.need("poly", "0x1021"), width);
        long init = crc.get("init").map(entry -> bits(entry, width)).orElse(0L);
        long xorout = crc.get("xorout").map(entry -> bits(entry, width)).orElse(0L);
        Sum sum = new Sum.Crc(width, poly, init, crc.flag("refin", false), crc.flag("refout", false), xorout);
        crc.end();
        return sum;
    }

    private static long bits(Entry entry, int width) {
        String text = entry.text();
        long value = HEX.matcher(text).matches() ? Long.parseLong(text.substring(2), 16) : -1;
        if (text.equals("0")) {
            return 0;
        }
        if (value >= 0 && value >> width == 0) {
            return value;
        }
        if (entry.isText()) {
            entry.problem("is '" + text + "'", "write at most " + width + " bits, such as 0x1021");
        }
        return 0;
    }

    private static NumberForm form(Section section, NumberForm otherwise) {
        Optional<Entry> type = section.get("type");
        if (type.isEmpty()) {
            return otherwise;
        }
        String text = type.get().text();
        return switch (text) {
            case "hex" -> new NumberForm(NumberForm.Kind.HEX, section.whole("width", 1, 8, 2));
            case "small-hex" -> new NumberForm(NumberForm.Kind.SMALL_HEX, section.whole("width", 1, 8, 2));
            case "decimal" -> new NumberForm(NumberForm.Kind.DECIMAL, section.whole("width", 1, 8, 5));
            case "u1" -> new NumberForm(NumberForm.Kind.BE, 1);
            case "u2be", "u3be", "u4be" -> new NumberForm(NumberForm.Kind.BE, text.charAt(1) - '0');
            case "u2le", "u3le", "u4le" -> new NumberForm(NumberForm.Kind.LE, text.charAt(1) - '0');
            default -> {
                type.get().problem("is '" + text + "'", "write u1, u2be, u2le, u3be, u3le, u4be, u4le, hex or decimal");
                yield otherwise;
            }
        };
    }

    private static Escape escape(Section escape, Bytes... marks) {
        return escape.has("table") ? table(escape, marks) : mark(escape, marks);
    }

    private static Escape mark(Section escape, Bytes... marks) {
        Bytes mark = one(escape.need("byte", "\"\\x7d\""));
        int xor = escape.whole("xor", 0, 255, 0);
        int or = escape.whole("or", 0, 255, 0);
        if ((xor == 0) == (or == 0)) {
            escape.problem("does not say how a byte is changed", "write one of xor: 0x20, or: 0x20, table");
        }
        Bytes escaped = mark;
        for (Bytes each : marks) {
            escaped = Bytes.latin1(escaped.latin1() + each.latin1());
        }
        if (xor == 0 != (or == 0)) {
            tellLost(escape, escaped, xor, or);
        }
        escape.end();
        return new Escape.Mark(mark.at(0), xor, or, escaped);
    }

    /** A mark is to become a byte that is none, and to come back. */
    private static void tellLost(Section escape, Bytes escaped, int xor, int or) {
        for (int i = 0; i < escaped.size(); i++) {
            int changed = (escaped.at(i) ^ xor) & ~or;
            boolean comesBack = ((changed | or) ^ xor) == escaped.at(i);
            if (!comesBack || escaped.latin1().indexOf(changed) >= 0) {
                escape.problem(
                        "cannot write byte 0x" + Integer.toHexString(escaped.at(i)),
                        "write bits that change every mark into a byte that is no mark and can be changed back");
                return;
            }
        }
    }

    private static Escape table(Section escape, Bytes... marks) {
        Section table = escape.section("table");
        List<Escape.Table.Code> codes = new ArrayList<>();
        String plains = String.join("", table.keys());
        for (String key : table.keys()) {
            Entry entry = table.need(key, "\"\\x80\\x00\"");
            Bytes code = FrameReader.bytes(entry);
            if (key.length() != 1 || key.charAt(0) > 255) {
                entry.problem("does not stand for one byte", "write one byte before the colon, such as \"\\x80\"");
            } else if (code.size() < 1 || code.size() > 16 || plains.indexOf(code.at(0)) < 0) {
                entry.problem(
                        "is ambiguous",
                        "write 1 to 16 bytes, the first of which is in the table itself, as E in E: EE");
            } else {
                codes.add(new Escape.Table.Code((byte) key.charAt(0), code));
            }
        }
        if (table.keys().isEmpty()) {
            table.problem("escapes nothing", "write bytes and codes, such as \"\\x80\": \"\\x80\\x00\"");
        }
        tellPrefixes(table, codes);
        tellMarks(table, codes, marks);
        escape.end();
        return new Escape.Table(codes);
    }

    private static void tellPrefixes(Section table, List<Escape.Table.Code> codes) {
        for (Escape.Table.Code code : codes) {
            for (Escape.Table.Code other : codes) {
                if (!code.equals(other)
                        && other.code().latin1().startsWith(code.code().latin1())) {
                    table.problem(
                            "is ambiguous: one code begins with another", "write codes of which none begins another");
                }
            }
        }
    }

    /** A mark of one byte that could stand inside a frame would not be a mark. */
    private static void tellMarks(Section table, List<Escape.Table.Code> codes, Bytes... marks) {
        for (Bytes mark : marks) {
            for (Escape.Table.Code code : codes) {
                if (mark.size() == 1 && code.code().latin1().contains(mark.latin1())) {
                    table.problem("writes a mark inside a frame", "write codes without the start and end marks");
                }
            }
        }
    }

    private static Bytes one(Entry entry) {
        Bytes bytes = FrameReader.bytes(entry);
        if (bytes.size() != 1) {
            entry.problem("is " + bytes.size() + " bytes long", "write one byte, such as \"\\x7d\"");
            return Bytes.latin1("}");
        }
        return bytes;
    }
}
