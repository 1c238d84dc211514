package org.wasla.gateway.dicom;

import java.util.Arrays;

/**
 * The sequences and items that are open, eight bytes each, so that a hundred thousand of them cost less than an image. Each
 * has an end that nothing in it passes: its own where a length was sent, that of what holds it where a delimiter is to
 * come. One thread.
 *
 * <pre>
 * bit 0      a sequence rather than an item or the data set
 * bit 1      the end is marked by a delimiter
 * bit 2      implicit
 * bit 3      big endian
 * bits 4-63  end
 * </pre>
 */
final class DataSetLevels {
    private static final long END_MAX = Long.MAX_VALUE >>> 4;
    private long[] packed = new long[32];
    private int size;

    void open(boolean sequence, boolean marked, Encoding encoding, long end) {
        if (size == packed.length) {
            packed = Arrays.copyOf(packed, 2 * size);
        }
        long form = (encoding.isBigEndian() ? 8 : 0) | (encoding.isImplicit() ? 4 : 0);
        packed[size++] = Math.min(end, END_MAX) << 4 | form | (marked ? 2 : 0) | (sequence ? 1 : 0);
    }

    void close() {
        size--;
    }

    int size() {
        return size;
    }

    boolean isSequence() {
        return (top() & 1) != 0;
    }

    /** Whether a delimiter ends it. */
    boolean isMarked() {
        return (top() & 2) != 0;
    }

    Encoding encoding() {
        boolean isImplicit = (top() & 4) != 0;
        boolean isBig = (top() & 8) != 0;
        return isImplicit ? Encoding.IMPLICIT_LITTLE : isBig ? Encoding.EXPLICIT_BIG : Encoding.EXPLICIT_LITTLE;
    }

    /** @return offset that nothing in it passes; beyond any file where it is not known */
    long end() {
        return top() >>> 4;
    }

    /** Whether it ends with the whole input, so that what lies beyond was cut off. */
    boolean endsWithInput() {
        return end() == packed[0] >>> 4;
    }

    private long top() {
        return packed[size - 1];
    }
}
