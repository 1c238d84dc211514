package org.wasla.gateway.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Item;
import org.wasla.gateway.message.Message.Samples;

/**
 * A field at a fixed place of a binary frame: the masked bits of one or more bytes, joined with the most significant
 * first. Immutable.
 *
 * @param repeat how often the field stands in the frame, {@code step} bytes apart
 * @param join what becomes of a repeated field
 */
public record SeqField(String id, List<Bits> bits, int repeat, int step, Join join) {
    /** The bits under {@code mask} (a run of ones) of the byte at {@code at}; negative counts from the frame's end. */
    public record Bits(int at, int mask) {
        int width() {
            return Integer.bitCount(mask);
        }

        int shift() {
            return Integer.numberOfTrailingZeros(mask);
        }
    }

    /** What a field that is repeated becomes. */
    public enum Join {
        /** It stands once. */
        NONE,
        /** The samples of a wave. */
        SAMPLES,
        /** One value with every bit that was set anywhere. */
        OR
    }

    public SeqField {
        bits = List.copyOf(bits);
    }

    /** Empty when the frame is too short. */
    Optional<Field> read(Bytes frame) {
        List<Integer> values = new ArrayList<>(repeat);
        int or = 0;
        for (int i = 0; i < repeat; i++) {
            int value = 0;
            for (Bits part : bits) {
                int at = index(part, i, frame.size());
                if (at < 0 || at >= frame.size()) {
                    return Optional.empty();
                }
                value = value << part.width() | (frame.at(at) & part.mask()) >> part.shift();
            }
            values.add(value);
            or |= value;
        }
        return Optional.of(join == Join.SAMPLES ? new Samples(id, values) : new Item(id, Integer.toUnsignedString(or)));
    }

    /** Puts a value into a frame: the way back, for simulators. */
    public void write(byte[] frame, int occurrence, int value) {
        int rest = value;
        for (int i = bits.size() - 1; i >= 0; i--) {
            Bits part = bits.get(i);
            int at = index(part, occurrence, frame.length);
            frame[at] = (byte) (frame[at] & ~part.mask() | rest << part.shift() & part.mask());
            rest >>>= part.width();
        }
    }

    private int index(Bits part, int occurrence, int size) {
        return (part.at() < 0 ? size : 0) + part.at() + occurrence * step;
    }
}
