package org.wasla.gateway.message;

import java.util.List;
import org.wasla.gateway.frame.Bytes;

/** A condition on a frame: the byte at index {@code at}, masked, is {@code value}. */
public record When(int at, int mask, int value) {
    /** Whether the condition holds in the part of the frame that begins at the index; not where the byte is missing. */
    boolean holds(Bytes frame, int begin) {
        int index = index(begin, frame.size());
        return index >= 0 && index < frame.size() && (frame.at(index) & mask) == value;
    }

    static boolean all(List<When> conditions, Bytes frame, int begin) {
        for (When when : conditions) {
            if (!when.holds(frame, begin)) {
                return false;
            }
        }
        return true;
    }

    /** The way back, for simulators. */
    public void write(byte[] frame, int begin) {
        int index = index(begin, frame.length);
        if (index >= 0 && index < frame.length) {
            frame[index] = (byte) (frame[index] & ~mask | value);
        }
    }

    private int index(int begin, int size) {
        return at < 0 ? size + at : begin + at;
    }
}
