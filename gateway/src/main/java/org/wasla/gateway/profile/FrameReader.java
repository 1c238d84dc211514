package org.wasla.gateway.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.BlockFrame;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Check;
import org.wasla.gateway.frame.DatagramFrame;
import org.wasla.gateway.frame.FrameSpec;
import org.wasla.gateway.frame.Guard;
import org.wasla.gateway.frame.LengthFrame;
import org.wasla.gateway.frame.LineFrame;
import org.wasla.gateway.frame.NumberForm;
import org.wasla.gateway.frame.SizeField;
import org.wasla.gateway.frame.SyncFrame;

/** Reads the {@code frame} block of a profile. */
final class FrameReader {
    private static final FrameSpec STAND_IN = new LineFrame(Bytes.latin1("\n"), 512, false);

    private static final Map<String, Function<Section, FrameSpec>> KINDS = new TreeMap<>(Map.of(
            "line", FrameReader::line,
            "block", FrameReader::block,
            "length", FrameReader::length,
            "sync", FrameReader::sync,
            "datagram", FrameReader::datagram));

    private FrameReader() {}

    static FrameSpec read(Section frame) {
        FrameSpec spec = STAND_IN;
        int kinds = 0;
        for (Map.Entry<String, Function<Section, FrameSpec>> kind : KINDS.entrySet()) {
            if (frame.has(kind.getKey())) {
                spec = kind.getValue().apply(frame.section(kind.getKey()));
                kinds++;
            }
        }
        frame.end();
        if (kinds != 1) {
            frame.problem("names " + kinds + " kinds of framing", "write one of " + String.join(", ", KINDS.keySet()));
        }
        return spec;
    }

    private static FrameSpec line(Section line) {
        String end = line.text("end", "CRLF");
        Bytes mark = switch (end) {
            case "CRLF" -> Bytes.latin1("\r\n");
            case "CR" -> Bytes.latin1("\r");
            case "LF" -> Bytes.latin1("\n");
            default -> Bytes.NONE;
        };
        if (mark.size() == 0) {
            line.need("end", "CRLF").problem("is '" + end + "'", "write CRLF, CR or LF");
            mark = Bytes.latin1("\n");
        }
        LineFrame spec = new LineFrame(
                mark, line.whole("max", 16, 65_536, 512), line.flag("skip-nul", false), GuardReader.read(line));
        line.end();
        return spec;
    }

    private static FrameSpec block(Section block) {
        Bytes start = mark(block.need("start", "\"\\x02\""));
        Bytes end = mark(block.need("end", "\"\\x03\""));
        int max = block.whole("max", 16, 65_536, 4096);
        BlockFrame.Shape shape = new BlockFrame.Shape(
                block.whole("opaque", 0, 65_535, 0),
                block.whole("tail", 0, 64, 0),
                block.get("never").map(FrameReader::mark).orElse(Bytes.NONE),
                block.get("single").map(FrameReader::mark).orElse(Bytes.NONE));
        BlockFrame spec = new BlockFrame(start, end, max, shape, GuardReader.read(block, start, end));
        if (start.size() + shape.opaque() + end.size() + shape.tail() > max) {
            block.problem("is larger than its max of " + max + " bytes", "write a larger max");
        }
        if (shape.single().has((byte) start.at(0)) || shape.single().has((byte) end.at(0))) {
            block.problem("has a mark that is a single byte too", "write other bytes as single");
        }
        if (spec.guard().escape() != null && shape.opaque() + shape.tail() > 0) {
            block.problem("has an escape beside opaque or tail", "keep one of them: escaped bytes hold no mark");
        }
        block.end();
        return spec;
    }

    private static FrameSpec length(Section length) {
        Bytes start = length.get("start").map(FrameReader::mark).orElse(Bytes.NONE);
        Bytes end = length.get("end").map(FrameReader::mark).orElse(Bytes.NONE);
        int max = length.whole("max", 16, 65_536, 4096);
        Entry size = length.need("size", "{pos: 1, type: u1, add: 3}");
        Guard guard = GuardReader.read(length, start, end);
        if (guard.size() == null) {
            guard = new Guard(guard.escape(), new SizeField(0, new NumberForm(NumberForm.Kind.BE, 1), 0), List.of());
        } else if (guard.size().at() < start.size()) {
            size.problem("stands in the start mark", "write pos: " + start.size() + " or higher");
        }
        length.end();
        return new LengthFrame(start, end, max, guard);
    }

    private static FrameSpec datagram(Section datagram) {
        FrameSpec spec = new DatagramFrame(datagram.whole("max", 16, 65_536, 65_536), GuardReader.read(datagram));
        datagram.end();
        return spec;
    }

    private static FrameSpec sync(Section sync) {
        int size = sync.need("size", "5").whole(2, 1024);
        int blocks = sync.whole("blocks", 1, 256, 1);
        List<SyncFrame.Bits> fixed = new ArrayList<>();
        int told = sync.told();
        for (Entry entry : sync.need("fixed", "[{pos: 0, is: 0x01}]").list()) {
            fixed.add(bits(entry.section(), size));
        }
        SyncFrame.Bits first = blocks > 1
                ? bits(sync.need("first", "{pos: 1, mask: 0x01, is: 0x01}").section(), size)
                : null;
        Check check = check(sync, size);
        sync.end();
        if (fixed.isEmpty() || size * blocks > 65_536) {
            if (sync.told() == told) {
                sync.problem("cannot be found in a stream", "name fixed bits, and at most 65536 bytes a packet");
            }
            return STAND_IN;
        }
        return new SyncFrame(size, fixed, check, blocks, first);
    }

    private static SyncFrame.Bits bits(Section bits, int size) {
        int mask = bits.whole("mask", 1, 255, 255);
        SyncFrame.Bits read = new SyncFrame.Bits(
                bits.need("pos", "0").whole(0, size - 1),
                mask,
                bits.need("is", "0x01").whole(0, 255));
        bits.end();
        if ((read.value() & ~mask) != 0) {
            bits.problem("asks for bits outside its mask", "write a value within the mask");
        }
        return read;
    }

    private static @Nullable Check check(Section sync, int size) {
        if (!sync.has("check")) {
            return null;
        }
        List<Check> checks = GuardReader.checks(sync);
        if (checks.size() != 1) {
            sync.problem("has " + checks.size() + " checks", "write one, or leave it out");
            return null;
        }
        if (!checks.get(0).fits(size)) {
            sync.need("check", "").problem("goes beyond a block of " + size + " bytes", "write places inside of it");
        }
        return checks.get(0);
    }

    /** Bytes written as text, one character a byte; a double-quoted text may hold {@code \x02} and {@code \r}. */
    static Bytes bytes(Entry entry) {
        String text = entry.text();
        if (text.chars().anyMatch(c -> c > 255)) {
            entry.problem("holds a character that is no byte", "write bytes as \"\\x02\" in double quotes");
            return Bytes.NONE;
        }
        return Bytes.latin1(text);
    }

    private static Bytes mark(Entry entry) {
        Bytes mark = bytes(entry);
        if (mark.size() < 1 || mark.size() > 16) {
            entry.problem("is " + mark.size() + " bytes long", "write 1 to 16 bytes, such as \"\\x02\"");
            return Bytes.latin1("\n");
        }
        return mark;
    }
}
