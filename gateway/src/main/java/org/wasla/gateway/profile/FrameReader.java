package org.wasla.gateway.profile;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.BlockFrame;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Check;
import org.wasla.gateway.frame.FrameSpec;
import org.wasla.gateway.frame.LineFrame;
import org.wasla.gateway.frame.SyncFrame;

/** Reads the {@code frame} block of a profile. */
final class FrameReader {
    private static final FrameSpec STAND_IN = new LineFrame(Bytes.latin1("\n"), 512, false);

    private FrameReader() {}

    static FrameSpec read(Section frame) {
        FrameSpec spec = STAND_IN;
        int kinds = 0;
        if (frame.has("line")) {
            spec = line(frame.section("line"));
            kinds++;
        }
        if (frame.has("block")) {
            spec = block(frame.section("block"));
            kinds++;
        }
        if (frame.has("sync")) {
            spec = sync(frame.section("sync"));
            kinds++;
        }
        frame.end();
        if (kinds != 1) {
            frame.problem("names " + kinds + " kinds of framing", "write one of line, block, sync");
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
        LineFrame spec = new LineFrame(mark, line.whole("max", 16, 65_536, 512), line.flag("skip-nul", false));
        line.end();
        return spec;
    }

    private static FrameSpec block(Section block) {
        Bytes start = mark(block.need("start", "\"\\x02\""));
        Bytes end = mark(block.need("end", "\"\\x03\""));
        BlockFrame spec = new BlockFrame(start, end, block.whole("max", 16, 65_536, 4096));
        block.end();
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
        Check check = sync.has("sum8") ? sum8(sync.section("sum8"), size) : null;
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

    private static @Nullable Check sum8(Section sum, int size) {
        Check check = new Check(
                sum.need("from", "0").whole(0, size - 1),
                sum.need("to", "4").whole(1, size),
                sum.need("pos", "4").whole(0, size - 1));
        sum.end();
        return check;
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
