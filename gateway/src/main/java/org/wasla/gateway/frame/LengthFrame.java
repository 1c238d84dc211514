package org.wasla.gateway.frame;

import java.util.Objects;
import org.wasla.gateway.frame.Piece.Fault;

/**
 * Frames that say in their head how long they are (bedside.md 3.1, F3 and F8). After damage the next start mark is
 * looked for right behind the wrong one, so that a wrong length costs its own frame only. Without a start mark there is
 * nothing to look for: everything is given up until the line has been quiet for a while.
 *
 * @param start the start mark, up to 16 bytes; none: the head begins the frame
 * @param end the end mark, up to 16 bytes, where the length says; or none
 * @param maxBytes most bytes of a frame, marks and all, before escaping: 16 to 65,536
 * @param guard its size is needed
 */
public record LengthFrame(Bytes start, Bytes end, int maxBytes, Guard guard) implements FrameSpec {
    private static final int MORE = -1;
    private static final int WRONG = -2;
    private static final int CUT = -3;

    public LengthFrame {
        if (start.size() > 16 || end.size() > 16) {
            throw new IllegalArgumentException("start and end marks of at most 16 bytes");
        }
        FrameSpec.limit(maxBytes);
        Objects.requireNonNull(guard.size());
    }

    @Override
    public boolean resumesInside() {
        return start.size() > 0;
    }

    @Override
    public Step next(byte[] buffer, int from, int to, int searched, boolean midFrame) {
        if (start.size() == 0) {
            return midFrame ? Step.giveUp(to - from, Fault.GARBAGE) : framed(buffer, from, to);
        }
        int begin = start.find(buffer, from, to);
        if (begin > from) {
            return Step.noise(begin - from, Fault.GARBAGE);
        }
        if (begin < 0) {
            int length = to - from - start.size() + 1;
            return length <= 0 ? Step.more(from) : Step.noise(length, Fault.GARBAGE);
        }
        return framed(buffer, from, to);
    }

    private Step framed(byte[] buffer, int from, int to) {
        SizeField size = Objects.requireNonNull(guard.size());
        byte[] head = new byte[size.end()];
        int headWire = take(buffer, from, to, head.length, head);
        if (headWire < 0) {
            return headWire == MORE ? Step.more(from) : damaged(from, to, headWire == CUT ? Fault.CUT : Fault.FORMAT);
        }
        long length = size.read(head, 0);
        if (length < head.length + end.size()) {
            return damaged(from, to, Fault.COUNT);
        }
        if (length > maxBytes) {
            return damaged(from, to, Fault.OVERLONG);
        }
        int wire = take(buffer, from, to, (int) length - end.size(), head);
        if (wire == MORE || wire >= 0 && to - from < wire + end.size()) {
            return Step.more(from);
        }
        if (wire < 0) {
            return damaged(from, to, wire == CUT ? Fault.CUT : Fault.FORMAT);
        }
        if (!end.startsAt(buffer, from + wire, to)) {
            return damaged(from, to, Fault.COUNT);
        }
        Step step = guard.open(buffer, from, from + wire + end.size(), start.size(), end.size());
        return step.fault() == null ? step : damaged(from, to, step.fault());
    }

    private Step damaged(int from, int to, Fault fault) {
        return Step.giveUp(start.size() == 0 ? to - from : 1, fault);
    }

    /**
     * Counts the bytes that the first {@code wanted} bytes of a frame take on the wire, and puts as many into
     * {@code head} as it holds. Where bytes are escaped a start mark is always a start.
     */
    private int take(byte[] buffer, int from, int to, int wanted, byte[] head) {
        Escape escape = guard.escape();
        if (escape == null) {
            System.arraycopy(buffer, from, head, 0, Math.min(head.length, to - from));
            return to - from < wanted ? MORE : wanted;
        }
        int at = from;
        for (int i = 0; i < wanted; i++) {
            if (at >= to) {
                return MORE;
            }
            if (at > from && start.size() > 0 && start.startsAt(buffer, at, to)) {
                return CUT;
            }
            int next = i < start.size() ? (buffer[at] & 0xff) + 256 : escape.next(buffer, at, to);
            if (next < 0) {
                return next == Escape.MORE ? MORE : WRONG;
            }
            if (i < head.length) {
                head[i] = (byte) next;
            }
            at += next >> 8;
        }
        return at - from;
    }

    @Override
    public byte[] seal(byte[] frame) {
        if (frame.length < start.size() + end.size()) {
            return frame.clone();
        }
        return guard.seal(FrameSpec.marked(frame, start, end), start.size(), end.size());
    }

    @Override
    public byte[] sealText(byte[] text) {
        return !guard.equals(Guard.NONE) && start.startsAt(text, 0, text.length) ? seal(text) : text;
    }
}
