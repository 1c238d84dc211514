package org.wasla.gateway.uplink;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: random between nothing and a ceiling that doubles, so that a thousand
 * gateways do not come back in one wave. One thread.
 */
final class Backoff {

    private static final int DOUBLINGS_MAX = 20;

    private final long minMs;
    private final long maxMs;
    private final RandomGenerator random;
    private int attempts;

    Backoff(long minMs, long maxMs, RandomGenerator random) {
        this.minMs = minMs;
        this.maxMs = maxMs;
        this.random = random;
    }

    long nextMs() {
        long ceilingMs = Math.min(maxMs, minMs << Math.min(attempts, DOUBLINGS_MAX));
        attempts++;
        return random.nextLong(ceilingMs + 1);
    }

    void reset() {
        attempts = 0;
    }
}
