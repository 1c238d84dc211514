package org.wasla.ops.prove;

import java.util.random.RandomGenerator;

/**
 * How bad a wire is, in each direction. Immutable.
 *
 * <p>TCP hides loss behind delay, and so does this: a lost segment comes one round trip later, and takes its room on
 * the wire again; everything behind it waits, as bytes must come in order.
 *
 * @param bitsPerS 0 for as fast as it goes
 * @param delayMs one way
 * @param lossPercent of segments, 0 to 90
 */
record Shape(long bitsPerS, long delayMs, int lossPercent) {
    static final Shape GOOD = new Shape(0, 0, 0);

    /** How often a segment is lost before it comes through. */
    int losses(RandomGenerator random) {
        int losses = 0;
        while (random.nextInt(100) < lossPercent) {
            losses++;
        }
        return losses;
    }

    /** How long so many bytes take up the wire. */
    long airNs(int bytes) {
        return bitsPerS == 0 ? 0 : bytes * 8_000_000_000L / bitsPerS;
    }

    long delayNs() {
        return delayMs * 1_000_000L;
    }
}
