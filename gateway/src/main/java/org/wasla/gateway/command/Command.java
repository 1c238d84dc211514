package org.wasla.gateway.command;

import org.jspecify.annotations.Nullable;

/** An order of the platform that was read and found whole. Immutable. None carries a clinical order to a device. */
public sealed interface Command {

    /** Says state, meta and health again. */
    record Hello() implements Command {}

    /**
     * Sends what the buffer still holds of one stream again.
     *
     * @param jti identity of the order; the answer carries it
     * @param client who asked: the last level of the topic of the answer
     * @param device the stream's device
     * @param kind the stream's kind
     * @param from first number, from 1
     * @param to last number, included
     * @param epoch the buffer that the numbers are of, null for the one in use
     */
    record Replay(
            String jti,
            String client,
            String device,
            String kind,
            long from,
            long to,
            @Nullable String epoch) implements Command {}
}
