package org.wasla.gateway.outbox;

/** A number of entries and the bytes they take, row overhead included. Immutable. */
record Amount(long entries, long bytes) {

    static final Amount NONE = new Amount(0, 0);

    Amount plus(Amount other) {
        return new Amount(entries + other.entries, bytes + other.bytes);
    }

    Amount minus(Amount other) {
        return new Amount(entries - other.entries, bytes - other.bytes);
    }
}
