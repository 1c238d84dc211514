package org.wasla.gateway.outbox;

/** A number of entries and the bytes they take, overhead included. Immutable. */
record Amount(long entries, long bytes) {

    static final Amount NONE = new Amount(0, 0);

    Amount plus(Amount other) {
        return new Amount(entries + other.entries, bytes + other.bytes);
    }

    /** Never below nothing: after damage the sums are only as good as what is left to count. */
    Amount minus(Amount other) {
        return new Amount(Math.max(0, entries - other.entries), Math.max(0, bytes - other.bytes));
    }
}
