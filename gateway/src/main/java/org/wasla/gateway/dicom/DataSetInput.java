package org.wasla.gateway.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads forward through a data set: looks a little ahead, takes, passes over. It never asks for more than it may hold.
 * One thread.
 */
final class DataSetInput {
    /** How far may be looked ahead; a preamble with its mark and the first element fit. */
    static final int LOOK_MAX = 160;

    private static final int BUFFER_BYTES = 8192;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    private long at;
    private final long end;

    /**
     * @param at where the stream stands, as offsets are to be told
     * @param end where it ends, Long.MAX_VALUE when that is not known
     */
    DataSetInput(InputStream in, long at, long end) {
        this.in = in;
        this.at = at;
        this.end = end;
    }

    /** @return the offset of the next byte */
    long at() {
        return at;
    }

    /** @return where the input is known to end, Long.MAX_VALUE when it is not known */
    long end() {
        return end;
    }

    /** @return how many bytes stand ready to be looked at, at least the number asked for unless the input ends */
    int look(int count) throws IOException {
        if (to - from < count && from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        while (to - from < count) {
            int got = in.read(buffer, to, buffer.length - to);
            if (got <= 0) {
                break;
            }
            to += got;
        }
        return to - from;
    }

    /** @return the byte so far ahead, 0 to 255; it has been looked at */
    int ahead(int offset) {
        return buffer[from + offset] & 0xff;
    }

    int u2(int offset, boolean bigEndian) {
        return bigEndian ? ahead(offset) << 8 | ahead(offset + 1) : ahead(offset + 1) << 8 | ahead(offset);
    }

    /** @return 0 to 4,294,967,295 */
    long u4(int offset, boolean bigEndian) {
        long first = u2(offset, bigEndian);
        long second = u2(offset + 2, bigEndian);
        return bigEndian ? first << 16 | second : second << 16 | first;
    }

    /** @return the next bytes, fewer where the input ends */
    byte[] take(int count) throws IOException {
        byte[] taken = new byte[count];
        int have = Math.min(count, to - from);
        System.arraycopy(buffer, from, taken, 0, have);
        from += have;
        while (have < count) {
            int got = in.read(taken, have, count - have);
            if (got <= 0) {
                break;
            }
            have += got;
        }
        at += have;
        return have == count ? taken : Arrays.copyOf(taken, have);
    }

    /** @return whether there were so many bytes; where the end is known it is the caller who asks for no more */
    boolean skip(long count) throws IOException {
        long left = count - Math.min(count, to - from);
        from += (int) (count - left);
        if (end == Long.MAX_VALUE) {
            from = left > 0 ? 0 : from;
            to = left > 0 ? 0 : to;
            while (left > 0) {
                int got = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (got <= 0) {
                    break;
                }
                left -= got;
            }
        } else {
            while (left > 0) {
                long passed = in.skip(left);
                if (passed <= 0) {
                    break;
                }
                left -= passed;
            }
        }
        at += count - left;
        return left == 0;
    }

    /** The stream behind the bytes that were looked at, these first. For nobody who goes on reading here. */
    InputStream rest() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return from < to ? buffer[from++] & 0xff : in.read();
            }

            @Override
            public int read(byte[] into, int start, int length) throws IOException {
                if (from == to) {
                    return in.read(into, start, length);
                }
                int count = Math.min(length, to - from);
                System.arraycopy(buffer, from, into, start, count);
                from += count;
                return count;
            }
        };
    }
}
