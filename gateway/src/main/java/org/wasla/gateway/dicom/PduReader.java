package org.wasla.gateway.dicom;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;

/**
 * Bytes of a connection to PDUs (PS3.8 section 9.3). P-DATA-TF is given in slices as it comes and never gathered; every
 * other PDU is gathered up to 256 KiB. After {@link Event.Wrong} the rest of the stream has no meaning and is dropped. One
 * thread.
 *
 * <pre>
 * any PDU   type 1, reserved 1, length 4, body
 * P-DATA    body = n x (length 4, context 1, header 1: bit 0 command, bit 1 last, data)
 * </pre>
 */
final class PduReader {

    /** What was read. */
    sealed interface Event {
        /** A whole PDU. */
        record Whole(Pdu pdu) implements Event {}

        /**
         * Bytes of a fragment, from one index of the chunk to before another; there may be none.
         *
         * @param isLast whether the command or data set ends with this slice
         */
        record Slice(int context, boolean isCommand, boolean isLast, int from, int to) implements Event {}

        /** No PDU, or not a sound one; the reason is one of {@link Pdu.Abort}. */
        record Wrong(int reason) implements Event {}
    }

    /** 128 contexts with many syntaxes and extended items take 12 KiB. */
    static final int GATHERED_BYTES_MAX = 256 << 10;
    /** We announce 128 KiB; some senders take no notice. */
    static final int DATA_BYTES_MAX = 1 << 20;

    private static final int HEAD_BYTES = 6;
    private static final int TYPE_DATA = 4;
    private static final int TYPE_LAST = 7;
    private static final int SHORT_BYTES = 4;

    private byte[] chunk = new byte[0];
    private int at;
    private int end;
    private final byte[] head = new byte[HEAD_BYTES];
    private int headBytes;
    private byte[] body = new byte[0];
    private int bodyBytes;
    private int pduLeft;
    private int valueLeft;
    private boolean isInData;
    private boolean isInValue;
    private boolean isDead;

    /** Takes the next bytes; they stay the caller's and must not change until {@link #next} has given null. */
    void put(byte[] source, int from, int to) {
        chunk = source;
        at = from;
        end = to;
    }

    /** What comes next, null when more bytes are needed. */
    @Nullable
    Event next() {
        while (!isDead && (at < end || isInValue && valueLeft == 0)) {
            Event event = isInData ? data() : pdu();
            if (event != null) {
                isDead = event instanceof Event.Wrong;
                return event;
            }
        }
        return null;
    }

    private @Nullable Event pdu() {
        if (headBytes < HEAD_BYTES) {
            take(head, HEAD_BYTES);
            int type = head[0] & 0xff;
            if (type == 0 || type > TYPE_LAST) {
                return new Event.Wrong(Pdu.Abort.UNRECOGNISED);
            }
            return headBytes < HEAD_BYTES ? null : begin(type);
        }
        int copied = Math.min(end - at, pduLeft - bodyBytes);
        if (body.length < bodyBytes + copied) {
            // Grows with what came, not with what was announced: an announcement costs a scanner nothing.
            body = Arrays.copyOf(body, Math.min(pduLeft, Math.max(1_024, 2 * (bodyBytes + copied))));
        }
        System.arraycopy(chunk, at, body, bodyBytes, copied);
        at += copied;
        bodyBytes += copied;
        return bodyBytes < pduLeft ? null : whole();
    }

    private void take(byte[] to, int bytes) {
        int copied = Math.min(end - at, bytes - headBytes);
        System.arraycopy(chunk, at, to, headBytes, copied);
        at += copied;
        headBytes += copied;
    }

    private @Nullable Event begin(int type) {
        long length = number(head, 2);
        if (type == TYPE_DATA) {
            if (length > DATA_BYTES_MAX) {
                return new Event.Wrong(Pdu.Abort.INVALID_PARAMETER);
            }
            isInData = length > 0;
            pduLeft = (int) length;
            headBytes = 0;
            return null;
        }
        boolean isShort = type > 2;
        if (isShort ? length != SHORT_BYTES : length < 4 + Pdu.TITLES_BYTES || length > GATHERED_BYTES_MAX) {
            return new Event.Wrong(Pdu.Abort.INVALID_PARAMETER);
        }
        pduLeft = (int) length;
        bodyBytes = 0;
        return null;
    }

    private Event whole() {
        Pdu pdu = PduCodec.read(head[0], Bytes.of(body, 0, bodyBytes));
        headBytes = 0;
        body = new byte[0];
        bodyBytes = 0;
        return pdu == null ? new Event.Wrong(Pdu.Abort.INVALID_PARAMETER) : new Event.Whole(pdu);
    }

    /** Inside P-DATA-TF: the head array holds the six bytes before a value. */
    private @Nullable Event data() {
        if (!isInValue) {
            if (headBytes == 0 && pduLeft < HEAD_BYTES) {
                return new Event.Wrong(Pdu.Abort.INVALID_PARAMETER);
            }
            take(head, HEAD_BYTES);
            if (headBytes < HEAD_BYTES) {
                return null;
            }
            long length = number(head, 0);
            if (length < 2 || length > pduLeft - 4) {
                return new Event.Wrong(Pdu.Abort.INVALID_PARAMETER);
            }
            valueLeft = (int) length - 2;
            pduLeft -= HEAD_BYTES;
            isInValue = true;
            return null;
        }
        int from = at;
        int taken = Math.min(end - at, valueLeft);
        at += taken;
        valueLeft -= taken;
        pduLeft -= taken;
        int context = head[4] & 0xff;
        int flags = head[5];
        if (valueLeft == 0) {
            isInValue = false;
            headBytes = 0;
            isInData = pduLeft > 0;
        }
        return new Event.Slice(context, (flags & 1) != 0, (flags & 2) != 0 && valueLeft == 0, from, at);
    }

    /** The bytes of a slice that was given just now. */
    byte[] bytes(Event.Slice slice) {
        return Arrays.copyOfRange(chunk, slice.from(), slice.to());
    }

    /** Whether a PDU has begun and not ended. */
    boolean isInside() {
        return headBytes > 0 || isInData;
    }

    private static long number(byte[] bytes, int at) {
        return (bytes[at] & 0xffL) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | bytes[at + 3] & 0xff;
    }
}
