package org.wasla.gateway.frame;

import org.jspecify.annotations.Nullable;

/** The grammar of one framing kind: says what the bytes at the front of a buffer are. Immutable. */
public sealed interface FrameSpec permits LineFrame, BlockFrame, SyncFrame {
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

    /**
     * What lies at the front of the buffer.
     *
     * @param length how many bytes it takes; 0: more bytes are needed
     * @param searched with length 0: from where to look on
     * @param fault what is wrong with these bytes, or null when they are a frame
     * @param bodyFrom index in the buffer of the frame's body, up to {@code bodyTo}
     * @param midFrame true when the bytes that follow still belong to what is given up here
     * @param filler true for bytes that are no frame and no fault either, such as an empty line
     */
    record Step(
            int length,
            int searched,
            Piece.@Nullable Fault fault,
            int bodyFrom,
            int bodyTo,
            boolean midFrame,
            boolean filler) {
        static Step more(int searched) {
            return new Step(0, searched, null, 0, 0, false, false);
        }

        static Step frame(int length, int bodyFrom, int bodyTo) {
            return new Step(length, 0, null, bodyFrom, bodyTo, false, false);
        }

        static Step noise(int length, Piece.Fault fault) {
            return new Step(length, 0, fault, 0, 0, false, false);
        }

        static Step filler(int length) {
            return new Step(length, 0, Piece.Fault.GARBAGE, 0, 0, false, true);
        }

        static Step giveUp(int length, Piece.Fault fault) {
            return new Step(length, 0, fault, 0, 0, true, false);
        }
    }
}
