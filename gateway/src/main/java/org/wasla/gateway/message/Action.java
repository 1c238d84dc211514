package org.wasla.gateway.message;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece.Fault;

/** What an exchange wants done, in order. */
public sealed interface Action {
    /** Has the matching method of the effects called, so that the compiler counts the cases. */
    void perform(Effects effects) throws IOException;

    /** Who carries actions out. */
    interface Effects {
        void report(Report report);

        void send(Send send) throws IOException;

        void deliver(Deliver deliver) throws IOException;

        void keep(Keep keep) throws IOException;

        void settle(Settle settle) throws IOException;
    }

    /** Bytes, or a silence, that are no message. {@code count} is 0 when a fault told before goes on. */
    record Report(Fault fault, int count, int size) implements Action {
        @Override
        public void perform(Effects effects) {
            effects.report(this);
        }
    }

    /** Bytes for the device that no message asks for: a poll, a keep-alive. */
    record Send(Bytes bytes) implements Action {
        @Override
        public void perform(Effects effects) throws IOException {
            effects.send(this);
        }
    }

    /**
     * A message to keep, and the answers owed: one once it is safe on disk, the other when it cannot be kept.
     *
     * @param size bytes of its frame on the wire; 0 when a message before it was of the same frame
     * @param answerAfterNs pause before either answer goes out
     * @param once the same for a message that is sent again and for no other: it is kept once; null: nothing tells
     */
    record Deliver(
            Message message,
            int size,
            Bytes ifKept,
            Bytes ifRefused,
            long answerAfterNs,
            @Nullable String once) implements Action {
        /** A message of a protocol that does not number them. */
        public Deliver(Message message, int size, Bytes ifKept, Bytes ifRefused, long answerAfterNs) {
            this(message, size, ifKept, ifRefused, answerAfterNs, null);
        }

        /** A message whose answer, if any, may go out at once. */
        public Deliver(Message message, int size, Bytes ifKept, Bytes ifRefused) {
            this(message, size, ifKept, ifRefused, 0, null);
        }

        /** Whether the device waits for one of the answers. */
        public boolean isAnswered() {
            return ifKept.size() > 0 || ifRefused.size() > 0;
        }

        @Override
        public void perform(Effects effects) throws IOException {
            effects.deliver(this);
        }
    }

    /**
     * A part of a message that is not whole yet: to be made durable beside the parts kept before it. Always the last
     * action of a list: what becomes of it is told by {@link Talk#onKept}, which says what is owed to the device.
     */
    record Keep(Bytes part) implements Action {
        @Override
        public void perform(Effects effects) throws IOException {
            effects.keep(this);
        }
    }

    /**
     * The parts kept so far are done with, once the messages delivered before this in the same list are durable. Always
     * the last action of a list; told by {@link Talk#onKept} likewise.
     *
     * @param isWhole whether they became messages; if not they are set aside for whoever looks for them
     */
    record Settle(boolean isWhole) implements Action {
        @Override
        public void perform(Effects effects) throws IOException {
            effects.settle(this);
        }
    }
}
