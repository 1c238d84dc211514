package org.wasla.gateway.health;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/** The longest sync of the last ten minutes, though it is asked for at any time. Thread-safe. */
final class SyncMax {

    private static final long KEPT_NS = TimeUnit.MINUTES.toNanos(10);
    private static final long STEP_NS = TimeUnit.SECONDS.toNanos(10);

    private record Longest(double ms, long atNs) {}

    private final ArrayDeque<Longest> kept = new ArrayDeque<>();

    /** @param ms the longest since the call before */
    synchronized double with(double ms, long nowNs) {
        Longest last = kept.peekLast();
        if (last != null && nowNs - last.atNs() < STEP_NS) {
            kept.pollLast();
            kept.addLast(new Longest(Math.max(ms, last.ms()), last.atNs()));
        } else {
            kept.addLast(new Longest(ms, nowNs));
        }
        while (nowNs - kept.getFirst().atNs() > KEPT_NS) {
            kept.pollFirst();
        }
        return kept.stream().mapToDouble(Longest::ms).max().orElse(ms);
    }
}
