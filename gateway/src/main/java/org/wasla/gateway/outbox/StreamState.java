package org.wasla.gateway.outbox;

/**
 * Where a stream stands. Immutable.
 *
 * @param last the newest number given
 * @param forgotten the highest number of which the bytes were let go, 0 for none
 */
record StreamState(long last, long forgotten) {

    static final StreamState NONE = new StreamState(0, 0);

    StreamState withLast(long number) {
        return new StreamState(Math.max(last, number), forgotten);
    }

    StreamState withForgotten(long number) {
        return new StreamState(last, Math.max(forgotten, number));
    }
}
