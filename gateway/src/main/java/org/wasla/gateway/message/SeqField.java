package org.wasla.gateway.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.SizeField;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Item;
import org.wasla.gateway.message.Message.Samples;
import org.wasla.gateway.message.Message.Scale;

/**
 * A field at a fixed place of a binary frame, or of a record in it: the masked bits of one or more bytes, joined with
 * the most significant first. Immutable.
 *
 * @param bits at most 32 of a number; whole bytes of a text
 * @param join what becomes of a repeated field
 * @param when where the field stands; elsewhere the message is one without it. Places count as those of the field do
 * @param packing what is told of samples besides
 */
public record SeqField(
        String id, List<Bits> bits, SeqForm form, Repeat repeat, Join join, List<When> when, Packing packing)
        implements Seq {
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

    /**
     * How samples stand in the frame beside what every field has.
     *
     * @param hz where the frame says how many there are in a second, or null
     * @param deltas behind each occurrence of the field so many samples more, each as the difference to the one before
     * @param times every difference is multiplied by this
     */
    public record Packing(@Nullable SizeField hz, List<Delta> deltas, int times) {
        public static final Packing NONE = new Packing(null, List.of(), 1);

        public Packing {
            deltas = List.copyOf(deltas);
        }
    }

    /**
     * A difference: the bits as a number without sign, whose sign stands apart.
     *
     * @param minus the bit that is set when it is negative; null: the bits themselves are a number in two's complement
     */
    public record Delta(Bits bits, @Nullable Bits minus) {}

    public SeqField {
        bits = List.copyOf(bits);
        when = List.copyOf(when);
    }

    /** A field that stands everywhere. */
    public SeqField(String id, List<Bits> bits, SeqForm form, Repeat repeat, Join join) {
        this(id, bits, form, repeat, join, List.of(), Packing.NONE);
    }

    @Override
    public List<String> ids() {
        return List.of(id);
    }

    @Override
    public boolean read(Bytes frame, int begin, int end, String prefix, List<Field> fields) {
        if (!When.all(when, frame, begin)) {
            return true;
        }
        int times = repeat.of(frame, begin, first(begin, end), end);
        if (times < 0 || !lies(begin, end, times)) {
            return false;
        }
        if (!form.isNumber()) {
            fields.add(new Item(prefix + id, form.text(octets(frame, begin, end))));
        } else if (join == Join.SAMPLES) {
            long hz = packing.hz() == null ? 0 : packing.hz().read(frame, begin);
            if (hz < 0) {
                return false;
            }
            Scale scale = packing.hz() == null ? null : Scale.rate(hz);
            fields.add(new Samples(prefix + id, samples(frame, begin, end, times), scale, null));
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

    /** @return every place that an occurrence of the field takes */
    public List<Bits> places() {
        List<Bits> places = new ArrayList<>(bits);
        for (Delta delta : packing.deltas()) {
            places.add(delta.bits());
            if (delta.minus() != null) {
                places.add(delta.minus());
            }
        }
        return places;
    }

    private boolean lies(int begin, int end, int times) {
        for (Bits part : packing.deltas().isEmpty() ? bits : places()) {
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
        List<Integer> samples = new ArrayList<>(times * (1 + packing.deltas().size()));
        for (int i = 0; i < times; i++) {
            int sample = (int) form.whole(raw(frame, begin, end, i), width());
            samples.add(sample);
            for (Delta delta : packing.deltas()) {
                sample += difference(frame, begin, end, i, delta) * packing.times();
                samples.add(sample);
            }
        }
        return samples;
    }

    private int difference(Bytes frame, int begin, int end, int occurrence, Delta delta) {
        int raw = masked(frame, begin, end, occurrence, delta.bits());
        Bits minus = delta.minus();
        if (minus == null) {
            return (int) SeqForm.SIGNED.whole(raw, delta.bits().width());
        }
        return masked(frame, begin, end, occurrence, minus) == 0 ? raw : -raw;
    }

    private int masked(Bytes frame, int begin, int end, int occurrence, Bits part) {
        return (frame.at(part.index(begin, end) + occurrence * repeat.step()) & part.mask()) >> part.shift();
    }

    private long raw(Bytes frame, int begin, int end, int occurrence) {
        long raw = 0;
        for (Bits part : bits) {
            raw = raw << part.width() | masked(frame, begin, end, occurrence, part);
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
        if (!when.isEmpty() && !values.has(prefix + id)) {
            return begin;
        }
        int times = repeat.isTold() ? values.count() : repeat.times();
        if (repeat.counted() != null) {
            repeat.counted().write(frame, begin, times);
        }
        when.forEach(condition -> condition.write(frame, begin));
        int each = 1 + packing.deltas().size();
        if (packing.hz() != null) {
            packing.hz().write(frame, begin, (long) times * each);
        }
        int behind = begin;
        for (int i = 0; i < times; i++) {
            String text = values.of(prefix + id, i * each, times * each);
            behind = Math.max(behind, write(frame, begin, i, text));
            long sample = each == 1 ? 0 : form.bits(text);
            for (int k = 1; k < each; k++) {
                long next = form.bits(values.of(prefix + id, i * each + k, times * each));
                long steps = (next - sample) / packing.times();
                behind =
                        Math.max(behind, write(frame, begin, i, packing.deltas().get(k - 1), steps));
                sample += steps * packing.times();
            }
        }
        return behind;
    }

    private int write(byte[] frame, int begin, int occurrence, Delta delta, long steps) {
        Bits minus = delta.minus();
        if (minus == null) {
            return put(frame, begin, occurrence, delta.bits(), steps);
        }
        int behind = put(frame, begin, occurrence, delta.bits(), Math.abs(steps));
        return Math.max(behind, put(frame, begin, occurrence, minus, steps < 0 ? 1 : 0));
    }

    private int write(byte[] frame, int begin, int occurrence, String text) {
        long rest = form.isNumber() ? form.bits(text) : 0;
        int behind = begin;
        for (int i = bits.size() - 1; i >= 0; i--) {
            long value = form.isNumber() ? rest : form.octet(text, i);
            behind = Math.max(behind, put(frame, begin, occurrence, bits.get(i), value));
            rest >>>= bits.get(i).width();
        }
        return behind;
    }

    /** @return the index behind the byte */
    private int put(byte[] frame, int begin, int occurrence, Bits part, long value) {
        int at = part.index(begin, frame.length) + occurrence * repeat.step();
        if (at >= 0 && at < frame.length) {
            frame[at] = (byte) (frame[at] & ~part.mask() | (int) value << part.shift() & part.mask());
        }
        return at + 1;
    }
}
