package org.wasla.gateway.message;

import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Item;
import org.wasla.gateway.message.Message.Samples;

/**
 * A field at a fixed place of a binary frame, or of a record in it: the masked bits of one or more bytes, joined with
 * the most significant first. Immutable.
 *
 * @param bits at most 32 of a number; whole bytes of a text
 * @param join what becomes of a repeated field
 */
public record SeqField(String id, List<Bits> bits, SeqForm form, Repeat repeat, Join join) implements Seq {
    /** The bits under {@code mask} (a run of ones) of the byte at {@code at}; negative counts from the frame's end. */
    public record Bits(int at, int mask) {
        int width() {
            return Integer.bitCount(mask);
        }

        int shift() {
            return Integer.numberOfTrailingZeros(mask);
        }

        int index(int begin, int end) {
            return at < 0 ? end + at : begin + at;
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

    @Override
    public List<String> ids() {
        return List.of(id);
    }

    @Override
    public boolean read(Bytes frame, int begin, int end, String prefix, List<Field> fields) {
        int times = repeat.of(frame, begin, first(begin, end), end);
        if (times < 0 || !lies(begin, end, times)) {
            return false;
        }
        if (!form.isNumber()) {
            fields.add(new Item(prefix + id, form.text(octets(frame, begin, end))));
        } else if (join == Join.SAMPLES) {
            fields.add(new Samples(prefix + id, samples(frame, begin, end, times)));
        } else {
            long or = 0;
            for (int i = 0; i < times; i++) {
                or |= raw(frame, begin, end, i);
            }
            fields.add(new Item(prefix + id, form.text(or, width())));
        }
        return true;
    }

    private int first(int begin, int end) {
        int first = Integer.MAX_VALUE;
        for (Bits part : bits) {
            first = Math.min(first, part.index(begin, end));
        }
        return first;
    }

    private boolean lies(int begin, int end, int times) {
        for (Bits part : bits) {
            int first = part.index(begin, end);
            if (first < begin || first + (times - 1L) * repeat.step() >= end) {
                return false;
            }
        }
        return true;
    }

    private byte[] octets(Bytes frame, int begin, int end) {
        byte[] octets = new byte[bits.size()];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) frame.at(bits.get(i).index(begin, end));
        }
        return octets;
    }

    private List<Integer> samples(Bytes frame, int begin, int end, int times) {
        List<Integer> samples = new ArrayList<>(times);
        for (int i = 0; i < times; i++) {
            samples.add((int) form.whole(raw(frame, begin, end, i), width()));
        }
        return samples;
    }

    private long raw(Bytes frame, int begin, int end, int occurrence) {
        long raw = 0;
        for (Bits part : bits) {
            int at = part.index(begin, end) + occurrence * repeat.step();
            raw = raw << part.width() | (frame.at(at) & part.mask()) >> part.shift();
        }
        return raw;
    }

    private int width() {
        int width = 0;
        for (Bits part : bits) {
            width += part.width();
        }
        return width;
    }

    @Override
    public int write(byte[] frame, int begin, String prefix, Values values) {
        int times = repeat.isTold() ? values.count() : repeat.times();
        if (repeat.counted() != null) {
            repeat.counted().write(frame, begin, times);
        }
        int behind = begin;
        for (int i = 0; i < times; i++) {
            behind = Math.max(behind, write(frame, begin, i, values.of(prefix + id, i, times)));
        }
        return behind;
    }

    private int write(byte[] frame, int begin, int occurrence, String text) {
        long rest = form.isNumber() ? form.bits(text) : 0;
        int behind = begin;
        for (int i = bits.size() - 1; i >= 0; i--) {
            Bits part = bits.get(i);
            int at = part.index(begin, frame.length) + occurrence * repeat.step();
            if (at >= 0 && at < frame.length) {
                int value = form.isNumber() ? (int) rest : form.octet(text, i);
                frame[at] = (byte) (frame[at] & ~part.mask() | value << part.shift() & part.mask());
            }
            rest >>>= part.width();
            behind = Math.max(behind, at + 1);
        }
        return behind;
    }
}
