package org.wasla.gateway.frame;

import java.util.Arrays;
import java.util.Objects;

/**
 * Text lines: everything up to the end mark is a frame, the mark left out. NUL bytes before a line are dropped when
 * the device sends such at power-up, and so is an LF where lines end with CR alone. Empty lines are no frames and no
 * fault.
 *
 * @param end the end mark, 1 to 4 bytes
 * @param maxBytes most bytes of a line with its end mark, 16 to 65,536
 * @param dropNul whether NUL bytes at the front of a line are skipped
 */
public record LineFrame(Bytes end, int maxBytes, boolean dropNul, Guard guard) implements FrameSpec {
    private static final Bytes CR = Bytes.latin1("\r");

    public LineFrame(Bytes end, int maxBytes, boolean dropNul) {
        this(end, maxBytes, dropNul, Guard.NONE);
    }

    public LineFrame {
        Objects.requireNonNull(end);
        if (end.size() < 1 || end.size() > 4 || maxBytes < 16 || maxBytes > 65_536) {
            throw new IllegalArgumentException("end of 1 to 4 bytes, limit of 16 to 65536 bytes");
        }
    }

    @Override
    public Step next(byte[] buffer, int from, int to, int searched, boolean midFrame) {
        int body = from;
        while (body < to && isSkipped(buffer[body])) {
            body++;
        }
        if (body > from) {
            return Step.filler(body - from);
        }
        int endAt = end.find(buffer, Math.max(searched, body), to);
        if (endAt >= 0) {
            return line(buffer, from, body, endAt, midFrame);
        }
        if (to - from > maxBytes) {
            int given = to - from - end.size() + 1;
            return Step.giveUp(given, Piece.Fault.OVERLONG);
        }
        return Step.more(Math.max(from, to - end.size() + 1));
    }

    private boolean isSkipped(byte first) {
        return first == 0 && dropNul || first == '\n' && end.equals(CR);
    }

    private Step line(byte[] buffer, int from, int body, int endAt, boolean midFrame) {
        int length = endAt + end.size() - from;
        if (midFrame || length > maxBytes) {
            return Step.noise(length, Piece.Fault.OVERLONG);
        }
        if (body == endAt) {
            return Step.filler(length);
        }
        Step step = guard.open(buffer, body, endAt, 0, 0);
        return step.body() == null
                ? Step.noise(length, Objects.requireNonNull(step.fault()))
                : Step.frame(length, step.body());
    }

    @Override
    public byte[] seal(byte[] frame) {
        byte[] line = guard.seal(frame, 0, 0);
        byte[] wire = Arrays.copyOf(line, line.length + end.size());
        System.arraycopy(end.toArray(), 0, wire, line.length, end.size());
        return wire;
    }

    @Override
    public byte[] sealText(byte[] text) {
        int line = text.length - end.size();
        return guard.equals(Guard.NONE) || line < 0 || !end.startsAt(text, line, text.length)
                ? text
                : seal(Arrays.copyOf(text, line));
    }
}
