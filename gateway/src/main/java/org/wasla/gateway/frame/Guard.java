package org.wasla.gateway.frame;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Piece.Fault;

/**
 * What a frame carries to show that it is whole, and how its inside is escaped. Immutable.
 *
 * @param escape how the bytes between the marks are escaped, or null
 * @param size where the frame says how long it is, or null
 */
public record Guard(@Nullable Escape escape, @Nullable SizeField size, List<Check> checks) {
    public static final Guard NONE = new Guard(null, null, List.of());

    public Guard {
        checks = List.copyOf(checks);
    }

    boolean isChecked() {
        return !checks.isEmpty();
    }

    /**
     * Opens the frame that takes the bytes {@code from} (in) to {@code to} (out), of which {@code head} and
     * {@code tail} bytes are marks and never escaped.
     */
    FrameSpec.Step open(byte[] wire, int from, int to, int head, int tail) {
        if (escape == null) {
            Fault fault = fault(wire, from, to, wire, from, to);
            return fault == null
                    ? FrameSpec.Step.frame(to - from, Bytes.of(wire, from, to))
                    : FrameSpec.Step.noise(to - from, fault);
        }
        byte[] plain = new byte[to - from];
        System.arraycopy(wire, from, plain, 0, head);
        int length = head;
        for (int at = from + head; at < to - tail; ) {
            int next = escape.next(wire, at, to - tail);
            if (next < 0) {
                return FrameSpec.Step.noise(to - from, Fault.FORMAT);
            }
            plain[length++] = (byte) next;
            at += next >> 8;
        }
        System.arraycopy(wire, to - tail, plain, length, tail);
        length += tail;
        Fault fault = fault(plain, 0, length, wire, from, to);
        return fault == null
                ? FrameSpec.Step.frame(to - from, Bytes.of(plain, 0, length))
                : FrameSpec.Step.noise(to - from, fault);
    }

    private @Nullable Fault fault(byte[] plain, int begin, int end, byte[] wire, int from, int to) {
        for (Check check : checks) {
            boolean holds = check.raw() ? check.holds(wire, from, to) : check.holds(plain, begin, end);
            if (!holds) {
                return Fault.CHECKSUM;
            }
        }
        boolean counts = size == null || size.end() <= end - begin && size.read(plain, begin) == end - begin;
        return counts ? null : Fault.COUNT;
    }

    /** The way back, for simulators: the frame with its size and checks written, and escaped. */
    byte[] seal(byte[] frame, int head, int tail) {
        byte[] plain = frame.clone();
        if (size != null) {
            size.write(plain);
        }
        for (Check check : checks) {
            if (!check.raw()) {
                check.write(plain, 0, plain.length);
            }
        }
        byte[] wire = escape == null ? plain : escaped(escape, plain, head, tail);
        for (Check check : checks) {
            if (check.raw()) {
                check.write(wire, 0, wire.length);
            }
        }
        return wire;
    }

    private static byte[] escaped(Escape escape, byte[] plain, int head, int tail) {
        byte[] wire = new byte[plain.length * escape.growth()];
        System.arraycopy(plain, 0, wire, 0, head);
        int at = head;
        for (int i = head; i < plain.length - tail; i++) {
            at = escape.put(wire, at, plain[i]);
        }
        System.arraycopy(plain, plain.length - tail, wire, at, tail);
        return Arrays.copyOf(wire, at + tail);
    }
}
