package org.wasla.gateway.frame;

/**
 * A check number and what it is taken over. All places are indexes into the frame; negative ones count from its end.
 *
 * @param from the first byte that is checked
 * @param to the byte behind the last one; 0 is the frame's end
 * @param at where the number stands
 * @param raw whether the places are those on the wire, before anything is unescaped
 * @param skip byte values that are left out wherever they stand
 */
public record Check(Sum sum, int from, int to, int at, NumberForm form, boolean raw, Bytes skip) {
    /** The sum of bytes modulo 256, in one byte. */
    static Check sum8(int from, int to, int at) {
        return new Check(new Sum.Add(8, false), from, to, at, new NumberForm(NumberForm.Kind.BE, 1), false, Bytes.NONE);
    }

    /** Whether the number in these bytes, taken as a frame, is right. */
    public boolean holds(Bytes frame) {
        return holds(frame.toArray(), 0, frame.size());
    }

    /** Writes the number into a frame; one that is too short for it stays as it is. */
    public void write(byte[] frame) {
        write(frame, 0, frame.length);
    }

    boolean holds(byte[] buffer, int begin, int end) {
        return fits(end - begin)
                && form.read(buffer, place(at, begin, end))
                        == sum.of(buffer, place(from, begin, end), to(begin, end), skip);
    }

    /** Writes the number into a frame; one that is too short for it stays as it is. */
    void write(byte[] buffer, int begin, int end) {
        if (fits(end - begin)) {
            form.write(buffer, place(at, begin, end), sum.of(buffer, place(from, begin, end), to(begin, end), skip));
        }
    }

    /** Whether a frame of so many bytes holds all of the places. */
    public boolean fits(int length) {
        int place = place(at, 0, length);
        int first = place(from, 0, length);
        return place >= 0
                && place + form.width() <= length
                && first >= 0
                && first <= to(0, length)
                && to(0, length) <= length;
    }

    private int to(int begin, int end) {
        return to <= 0 ? end + to : begin + to;
    }

    private static int place(int place, int begin, int end) {
        return place < 0 ? end + place : begin + place;
    }
}
