package org.wasla.gateway.frame;

import java.util.Objects;
import org.wasla.gateway.frame.Piece.Fault;

/**
 * Frames between a start and an end mark (bedside.md 3.1, F2, F4, F5, F7); both belong to the body. A start mark inside
 * a frame begins a new one: what came before it lost its end. Equal marks are a flag: two in a row are no frame and no
 * fault. A frame that does not hold costs the bytes up to the next start mark in it only.
 *
 * @param start the start mark, 1 to 16 bytes
 * @param end the end mark, 1 to 16 bytes
 * @param maxBytes most bytes of a frame on the wire with its marks, 16 to 65,536
 * @param shape what the frame holds that is no text between marks
 */
public record BlockFrame(Bytes start, Bytes end, int maxBytes, Shape shape, Guard guard) implements FrameSpec {
    /**
     * Bytes in which marks are not looked for.
     *
     * @param opaque how many follow the start mark
     * @param tail how many follow the end mark and belong to the frame
     * @param never byte values that stand nowhere between the start mark and the end mark: one shows that the end is lost
     * @param single byte values that are a frame of their own between frames (bedside.md 2.9: ENQ), and stand in none
     */
    public record Shape(int opaque, int tail, Bytes never, Bytes single) {
        public static final Shape PLAIN = new Shape(0, 0, Bytes.NONE);

        public Shape(int opaque, int tail, Bytes never) {
            this(opaque, tail, never, Bytes.NONE);
        }
    }

    public BlockFrame {
        if (start.size() < 1 || start.size() > 16 || end.size() < 1 || end.size() > 16) {
            throw new IllegalArgumentException("start and end marks of 1 to 16 bytes");
        }
        FrameSpec.limit(maxBytes);
    }

    public BlockFrame(Bytes start, Bytes end, int maxBytes) {
        this(start, end, maxBytes, Shape.PLAIN, Guard.NONE);
    }

    @Override
    public Step next(byte[] buffer, int from, int to, int searched, boolean midFrame) {
        int begin = start.find(buffer, from, to);
        int single = midFrame ? -1 : single(buffer, from, begin < 0 ? to : begin);
        if (single == from) {
            return Step.frame(1, Bytes.of(buffer, from, from + 1));
        }
        begin = single > 0 ? single : begin;
        if (begin > from) {
            return Step.noise(begin - from, midFrame ? Fault.OVERLONG : Fault.GARBAGE);
        }
        if (begin < 0) {
            int keep = start.size() - 1;
            int length = to - from - keep;
            return length <= 0 ? Step.more(from) : garbage(length, midFrame);
        }
        return framed(buffer, from, to, searched);
    }

    /** @return where the first byte that is a frame of its own stands, or -1 */
    private int single(byte[] buffer, int from, int to) {
        for (int i = from; shape.single().size() > 0 && i < to; i++) {
            if (shape.single().has(buffer[i])) {
                return i;
            }
        }
        return -1;
    }

    private static Step garbage(int length, boolean midFrame) {
        return midFrame ? Step.giveUp(length, Fault.OVERLONG) : Step.noise(length, Fault.GARBAGE);
    }

    private Step framed(byte[] buffer, int from, int to, int searched) {
        int inside = from + start.size();
        int text = inside + shape.opaque();
        for (int i = Math.max(searched, inside); i < to; i++) {
            if (i >= text && end.startsAt(buffer, i, to)) {
                return ended(buffer, from, i, to);
            }
            boolean begins = start.startsAt(buffer, i, to) || shape.single().has(buffer[i]);
            if (shape.never().has(buffer[i]) || i >= text && begins) {
                return Step.noise(i - from, Fault.CUT);
            }
        }
        if (to - from > maxBytes) {
            return Step.giveUp(to - from - Math.max(start.size(), end.size()) + 1, Fault.OVERLONG);
        }
        int overlap = Math.max(start.size(), end.size()) - 1;
        return Step.more(Math.max(inside, to - overlap));
    }

    private Step ended(byte[] buffer, int from, int endAt, int to) {
        if (start.equals(end) && endAt == from + start.size()) {
            return Step.filler(start.size());
        }
        int length = endAt + end.size() + shape.tail() - from;
        if (length > maxBytes) {
            return Step.noise(Math.min(length, to - from), Fault.OVERLONG);
        }
        if (length > to - from) {
            return Step.more(endAt);
        }
        Step step = guard.open(buffer, from, from + length, start.size(), end.size() + shape.tail());
        if (step.body() != null) {
            return step;
        }
        int again = start.find(buffer, from + 1, from + length);
        return Step.noise(again < 0 ? length : again - from, Objects.requireNonNull(step.fault()));
    }

    @Override
    public byte[] seal(byte[] frame) {
        int tail = end.size() + shape.tail();
        if (frame.length < start.size() + tail) {
            return frame.clone();
        }
        byte[] marked = FrameSpec.marked(frame, start, Bytes.NONE);
        System.arraycopy(end.toArray(), 0, marked, frame.length - tail, end.size());
        return guard.seal(marked, start.size(), tail);
    }

    @Override
    public byte[] sealText(byte[] text) {
        return !guard.equals(Guard.NONE) && start.startsAt(text, 0, text.length) ? seal(text) : text;
    }
}
