package org.wasla.gateway.codec;

import org.wasla.gateway.frame.Bytes;

/**
 * Reads numbers, most significant byte first, from a run of bytes. What lies beyond the end reads as 0 and breaks the
 * cursor, and with it all that were cut from the same bytes: one question at the end tells whether every offset and
 * length was right. One thread.
 */
final class Cursor {
    private final Bytes bytes;
    private final Cursor whole;
    private final int end;
    private int at;
    private boolean broken;

    Cursor(Bytes bytes) {
        this.bytes = bytes;
        this.whole = this;
        this.end = bytes.size();
    }

    private Cursor(Cursor of, int length) {
        this.bytes = of.bytes;
        this.whole = of.whole;
        this.at = of.at;
        this.end = of.at + length;
    }

    /** Whether nothing was read beyond an end, and nothing was found wrong. */
    boolean isSound() {
        return !whole.broken;
    }

    int left() {
        return end - at;
    }

    /** Something that was read contradicts the rest. */
    void fail() {
        whole.broken = true;
    }

    /** Everything must have been read. */
    void end() {
        if (at != end) {
            fail();
        }
    }

    int u1() {
        return (int) number(1);
    }

    int u2() {
        return (int) number(2);
    }

    /** @return 0 to 4,294,967,295 */
    long u4() {
        return number(4);
    }

    void skip(int length) {
        at += checked(length);
    }

    /** @return the next bytes, cut off */
    Bytes take(int length) {
        int whole = checked(length);
        at += whole;
        return bytes.slice(at - whole, at);
    }

    /** @return a cursor on the next bytes, which counts as read here */
    Cursor part(int length) {
        Cursor part = new Cursor(this, checked(length));
        at = part.end;
        return part;
    }

    private long number(int width) {
        if (checked(width) < width) {
            return 0;
        }
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = value << 8 | bytes.at(at++);
        }
        return value;
    }

    private int checked(int length) {
        if (length <= left()) {
            return length;
        }
        fail();
        return 0;
    }
}
