package org.wasla.gateway.dicom;

import java.io.ByteArrayOutputStream;
import org.wasla.gateway.frame.Bytes;

/**
 * Writes messages as P-DATA-TF, each with one fragment (PS3.8 section 9.3.5, PS3.7 annex F): even lengths, never more than
 * the peer takes. Stateless.
 */
public final class Fragments {
    public static final int HEAD_BYTES = 12;
    /** What we announce, and send at most: the most that DCMTK takes. */
    public static final int DATA_BYTES_MAX = 128 << 10;

    private static final int LEAST_BYTES = 1_024;

    private Fragments() {}

    /** A whole command, to be written at once. */
    public static Bytes command(int context, CommandSet set, long peerBytesMax) {
        return all(context, true, set.write().toArray(), peerBytesMax);
    }

    /** A whole data set that is small, to be written at once; its length is even. */
    public static Bytes dataSet(int context, Bytes dataSet, long peerBytesMax) {
        return all(context, false, dataSet.toArray(), peerBytesMax);
    }

    private static Bytes all(int context, boolean isCommand, byte[] bytes, long peerBytesMax) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int room = room(peerBytesMax);
        int at = 0;
        while (at < bytes.length) {
            int next = Math.min(bytes.length, at + room);
            byte[] head = new byte[HEAD_BYTES];
            head(head, 0, context, isCommand, next == bytes.length, next - at);
            out.writeBytes(head);
            out.write(bytes, at, next - at);
            at = next;
        }
        return Bytes.of(out.toByteArray());
    }

    /** How many bytes of a data set go into one fragment for a peer with that limit; 0 is none. */
    public static int room(long peerBytesMax) {
        long limit = peerBytesMax == 0 ? DATA_BYTES_MAX : Math.min(peerBytesMax, DATA_BYTES_MAX);
        return ((int) Math.max(limit, LEAST_BYTES) - 6) & ~1;
    }

    /** Writes the twelve bytes before a fragment of that many bytes. */
    public static void head(byte[] to, int at, int context, boolean isCommand, boolean isLast, int bytes) {
        to[at] = 4;
        to[at + 1] = 0;
        number(to, at + 2, bytes + 6);
        number(to, at + 6, bytes + 2);
        to[at + 10] = (byte) context;
        to[at + 11] = (byte) ((isCommand ? 1 : 0) | (isLast ? 2 : 0));
    }

    private static void number(byte[] to, int at, int number) {
        for (int i = 0; i < 4; i++) {
            to[at + i] = (byte) (number >> 8 * (3 - i));
        }
    }
}
