package org.wasla.gateway.message;

import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.SizeField;

/**
 * How often something stands in a frame. Immutable.
 *
 * @param times so often; {@link #EOS}: to the end
 * @param step bytes from one to the next
 * @param counted where the frame says how often, or null
 */
public record Repeat(int times, int step, @Nullable SizeField counted) {
    /** To the end, which the last one must reach. */
    public static final int EOS = 0;

    public static final Repeat ONCE = new Repeat(1, 1, null);

    /** Whether it can be more than one. */
    public boolean isMany() {
        return times != 1 || counted != null;
    }

    /** Whether a frame tells how often. */
    boolean isTold() {
        return times == EOS || counted != null;
    }

    /**
     * @param begin where the part of the frame begins in which the count stands
     * @param first,end the bytes that there are, from (in) and to (out)
     * @return how often, or -1 when these bytes do not hold as many
     */
    int of(Bytes frame, int begin, int first, int end) {
        long room = (long) end - first;
        if (counted != null) {
            long count = counted.read(frame, begin);
            return count >= 0 && count * step <= room ? (int) count : -1;
        }
        if (times == EOS) {
            return room >= 0 && room % step == 0 ? (int) (room / step) : -1;
        }
        return times;
    }
}
