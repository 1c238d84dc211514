package org.wasla.gateway.frame;

import org.jspecify.annotations.Nullable;

/** The grammar of one framing kind: says what the bytes at the front of a buffer are. Immutable. */
public sealed interface FrameSpec permits LineFrame, BlockFrame, LengthFrame, SyncFrame, DatagramFrame {
    /**
     * Looks at the front of the buffer.
     *
     * @param from where the unread bytes begin; there is at least one
     * @param searched how far an earlier look at the same front came; what lies before needs no second look
     * @param midFrame true when the bytes before {@code from} were given up in the middle of a frame
     */
    Step next(byte[] buffer, int from, int to, int searched, boolean midFrame);

    /** @return the most bytes a frame may take on the wire; more without an end is {@code OVERLONG} */
    int maxBytes();

    /** @return what a frame carries to show that it is whole */
    default Guard guard() {
        return Guard.NONE;
    }

    /** Whether a frame carries a check number. */
    default boolean isChecked() {
        return guard().isChecked();
    }

    /** Whether a frame may begin inside what was taken for another: then that is looked for when the line is quiet. */
    default boolean resumesInside() {
        return false;
    }

    /**
     * The way back, for simulators: writes what the grammar fixes (marks, size, checks) into a frame whose other bytes
     * are set, and escapes it.
     *
     * @param frame a whole frame, with room for all of that
     * @return its bytes on the wire
     */
    byte[] seal(byte[] frame);

    /** Seals what a simulator wrote out as text, when it is a frame of this kind; anything else stays as it is. */
    default byte[] sealText(byte[] text) {
        return text;
    }

    /** @return a copy with the marks at both ends; a frame that is too short for them stays as it is */
    static byte[] marked(byte[] frame, Bytes start, Bytes end) {
        byte[] marked = frame.clone();
        if (frame.length >= start.size() + end.size()) {
            System.arraycopy(start.toArray(), 0, marked, 0, start.size());
            System.arraycopy(end.toArray(), 0, marked, frame.length - end.size(), end.size());
        }
        return marked;
    }

    static void limit(int maxBytes) {
        if (maxBytes < 16 || maxBytes > 65_536) {
            throw new IllegalArgumentException("limit of 16 to 65536 bytes");
        }
    }

    /**
     * What lies at the front of the buffer.
     *
     * @param length how many bytes it takes; 0: more bytes are needed
     * @param searched with length 0: from where to look on
     * @param fault what is wrong with these bytes, or null when they are a frame
     * @param body the frame's body, or null when they are none
     * @param midFrame true when the bytes that follow still belong to what is given up here
     * @param filler true for bytes that are no frame and no fault either, such as an empty line
     */
    record Step(
            int length,
            int searched,
            Piece.@Nullable Fault fault,
            @Nullable Bytes body,
            boolean midFrame,
            boolean filler) {
        static Step more(int searched) {
            return new Step(0, searched, null, null, false, false);
        }

        static Step frame(int length, Bytes body) {
            return new Step(length, 0, null, body, false, false);
        }

        static Step noise(int length, Piece.Fault fault) {
            return new Step(length, 0, fault, null, false, false);
        }

        static Step filler(int length) {
            return new Step(length, 0, Piece.Fault.GARBAGE, null, false, true);
        }

        static Step giveUp(int length, Piece.Fault fault) {
            return new Step(length, 0, fault, null, true, false);
        }
    }
}
