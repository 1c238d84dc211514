package org.wasla.gateway.uplink;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: random between nothing and a ceiling that doubles, so that a thousand
 * gateways do not come back in one wave. One thread.
 */
final class Backoff {

    private static final int DOUBLINGS_MAX = 20;

    private static final int TAKEOVER_DOUBLINGS = 4;

    private final long leastMs;
    private final long minMs;
    private final long maxMs;
    private final RandomGenerator random;
    private int attempts;

    Backoff(long minMs, long maxMs, RandomGenerator random) {
        this(0, minMs, maxMs, random);
    }

    private Backoff(long leastMs, long minMs, long maxMs, RandomGenerator random) {
        this.leastMs = leastMs;
        this.minMs = minMs;
        this.maxMs = maxMs;
        this.random = random;
    }

    /** At least this long, and up to a ceiling more that doubles from it four times. */
    static Backoff afterTakeover(long leastMs, RandomGenerator random) {
        return new Backoff(leastMs, leastMs, leastMs << TAKEOVER_DOUBLINGS, random);
    }

    long nextMs() {
        long ceilingMs = Math.min(maxMs, minMs << Math.min(attempts, DOUBLINGS_MAX));
        attempts++;
        return leastMs + random.nextLong(ceilingMs + 1);
    }

    void reset() {
        attempts = 0;
    }
}
