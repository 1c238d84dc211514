package org.wasla.gateway.ward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.wasla.gateway.frame.Bytes;

/**
 * Cuts a connection's bytes into messages: 0Bh, message, 1Ch, 0Dh (HL7 v2, MLLP release 1). What stands between them is
 * skipped, the last 0Dh may be missing, and a start inside a message gives up what came before. One thread.
 */
final class Mllp {
    static final int MESSAGE_BYTES_MAX = 1 << 20;
    private static final int START = 0x0b;
    private static final int END = 0x1c;

    private byte[] held = new byte[1024];
    private int length = -1;
    private long skipped;

    /** Takes the first {@code count} bytes and gives the messages that are whole with them. */
    List<Bytes> put(byte[] bytes, int count) {
        List<Bytes> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (bytes[i] == START) {
                skipped += Math.max(0, length);
                length = 0;
            } else if (length < 0) {
                skipped += bytes[i] == '\r' ? 0 : 1;
            } else if (bytes[i] == END) {
                messages.add(Bytes.of(held, 0, length));
                length = -1;
                held = held.length > 65_536 ? new byte[1024] : held;
            } else if (length == MESSAGE_BYTES_MAX) {
                skipped += length + 1L;
                length = -1;
            } else {
                held = length == held.length ? Arrays.copyOf(held, 2 * length) : held;
                held[length++] = bytes[i];
            }
        }
        return messages;
    }

    /** Whether a message has begun and not ended. */
    boolean isInside() {
        return length >= 0;
    }

    /** How many bytes were of no message. */
    long skipped() {
        return skipped;
    }
}
