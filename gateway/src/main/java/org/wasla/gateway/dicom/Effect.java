package org.wasla.gateway.dicom;

import org.wasla.gateway.frame.Bytes;

/** What an association asks its owner to do or tells it. Immutable. */
public sealed interface Effect {
    /** These bytes are to be written, in one write. */
    record Send(Bytes bytes) implements Effect {}

    /** The connection is to be closed; nothing more comes. */
    record Close() implements Effect {}

    /** A peer asks for an association: to be answered by {@link Association#accept} or {@link Association#reject}. */
    record Requested(Pdu.Request request) implements Effect {}

    /** The peer accepted ours. */
    record Established(Pdu.Accept answer) implements Effect {}

    /** The peer refused ours. */
    record Rejected(Pdu.Reject why) implements Effect {}

    /** A whole DIMSE command. */
    record Command(int context, CommandSet set) implements Effect {}

    /**
     * Bytes of the data set of the last command: from one index of the chunk just given to before another.
     *
     * @param isLast whether the data set ends with them
     */
    record Data(int context, int from, int to, boolean isLast) implements Effect {}

    /** The peer wants to end: to be answered by {@link Association#release} when nothing is left to be sent. */
    record ReleaseRequested() implements Effect {}

    /** Ended in order. */
    record Released() implements Effect {}

    /** Ended otherwise: what had begun has not happened. */
    record Aborted(Cause cause, Pdu.Abort by) implements Effect {
        /** Why. */
        public enum Cause {
            /** The peer's A-ABORT. */
            PEER,
            /** The connection ended. */
            CLOSED,
            /** A PDU that is none, is not sound or came at the wrong time. */
            PROTOCOL,
            /** A DIMSE message that is not sound. */
            MESSAGE,
            /** Nothing came for too long. */
            SILENCE,
            /** We did. */
            LOCAL
        }
    }
}
