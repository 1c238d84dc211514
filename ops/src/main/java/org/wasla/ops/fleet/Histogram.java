package org.wasla.ops.fleet;

import java.util.concurrent.atomic.AtomicLongArray;

/** Durations from a microsecond to twenty minutes, each known to one part in sixteen. Thread-safe. */
final class Histogram {
    private static final int STEPS = 16;
    private static final int OCTAVES = 28;
    private final AtomicLongArray counts = new AtomicLongArray(STEPS * OCTAVES);

    void add(long ns) {
        counts.incrementAndGet(index(Math.max(1, ns / 1_000)));
    }

    private static int index(long us) {
        int octave = 63 - Long.numberOfLeadingZeros(us);
        int step = octave < 4 ? (int) (us << 4 - octave) - STEPS : (int) (us >> octave - 4) - STEPS;
        return Math.min(octave * STEPS + step, STEPS * OCTAVES - 1);
    }

    long count() {
        long count = 0;
        for (int i = 0; i < counts.length(); i++) {
            count += counts.get(i);
        }
        return count;
    }

    /**
     * In ms, the upper end of the step; NaN when there is nothing.
     *
     * @param part of 1
     */
    double ms(double part) {
        long left = (long) Math.ceil(count() * part);
        if (left == 0) {
            return Double.NaN;
        }
        int i = 0;
        for (left -= counts.get(0); left > 0 && i < counts.length() - 1; left -= counts.get(i)) {
            i++;
        }
        return Math.scalb(1 + (i % STEPS + 1) / (double) STEPS, i / STEPS) / 1_000;
    }

    void clear() {
        for (int i = 0; i < counts.length(); i++) {
            counts.set(i, 0);
        }
    }
}
