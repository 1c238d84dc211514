package org.wasla.gateway.outbox;

import org.jspecify.annotations.Nullable;

/** Reads from the payload of an event which numbers it tells as lost. Must not throw. */
@FunctionalInterface
public interface GapReader {

    /** Numbers {@code from} to {@code to} of one stream, both included. Immutable. */
    record Told(String device, String kind, long from, long to) {}

    /** Null when the event tells of no loss. */
    @Nullable
    Told told(byte[] payload);
}
