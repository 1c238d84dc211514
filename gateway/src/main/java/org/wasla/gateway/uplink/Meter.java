package org.wasla.gateway.uplink;

import java.util.concurrent.TimeUnit;

/** A rate over the last minute, in slots of a second. Thread-safe. Times are monotonic, in ns. */
final class Meter {

    private static final int SLOTS = 60;
    private static final long SLOT_NS = TimeUnit.SECONDS.toNanos(1);

    private final long[] counts = new long[SLOTS];
    private long slot = Long.MIN_VALUE;
    private long firstSlot;

    synchronized void add(long count, long nowNs) {
        advance(nowNs);
        counts[(int) Math.floorMod(slot, (long) SLOTS)] += count;
    }

    /** Over the last minute, or over the time since the first count when that is shorter, at least a second. */
    synchronized double perSecond(long nowNs) {
        if (slot == Long.MIN_VALUE) {
            return 0;
        }
        advance(nowNs);
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return (double) sum / Math.min(SLOTS, slot - firstSlot + 1);
    }

    private void advance(long nowNs) {
        long now = Math.floorDiv(nowNs, SLOT_NS);
        if (slot == Long.MIN_VALUE) {
            slot = now;
            firstSlot = now;
        }
        for (long passed = Math.max(slot, now - SLOTS); passed < now; passed++) {
            counts[(int) Math.floorMod(passed + 1, (long) SLOTS)] = 0;
        }
        slot = Math.max(slot, now);
    }
}
