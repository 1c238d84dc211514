package org.wasla.gateway.outbox;

/**
 * Encodes the payload of a record once its number is known; called on the outbox's own thread, possibly again with
 * another number after a failed commit.
 */
@FunctionalInterface
public interface Numbered {

    /**
     * The bytes to store and to send, at most 1 MB, for this buffer (8 hex) and this number of the stream (from 1).
     */
    byte[] encode(String epoch, long seq);
}
