package org.wasla.gateway.outbox;

import java.util.concurrent.TimeUnit;

/** How much a second, over about the last ten minutes of monotonic time. Thread-safe. */
final class Meter {

    private static final int SLOTS = 10;
    private static final long SLOT_NS = TimeUnit.MINUTES.toNanos(1);

    private final long[] sums = new long[SLOTS];
    private final long startNs;
    private long slot;

    Meter(long nowNs) {
        startNs = nowNs;
    }

    synchronized void add(long amount, long nowNs) {
        turn(nowNs);
        sums[(int) (slot % SLOTS)] += amount;
    }

    synchronized double perSecond(long nowNs) {
        turn(nowNs);
        long sum = 0;
        for (long each : sums) {
            sum += each;
        }
        long ageNs = Math.min(nowNs - startNs, (SLOTS - 1) * SLOT_NS + (nowNs - startNs) % SLOT_NS);
        return ageNs <= 0 ? 0 : sum * 1e9 / ageNs;
    }

    private void turn(long nowNs) {
        long now = (nowNs - startNs) / SLOT_NS;
        for (long each = Math.max(slot + 1, now - SLOTS + 1); each <= now; each++) {
            sums[(int) (each % SLOTS)] = 0;
        }
        slot = Math.max(slot, now);
    }
}
