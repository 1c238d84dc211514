package org.wasla.gateway.outbox;

import java.util.concurrent.TimeUnit;

/**
 * Whether what has just come in would stay live if the devices were held up a little: more waits to be published than
 * can be under way, and at its present rate the uplink would have sent it before it is late. Without a rate, or with a
 * backlog of more than that, nobody is held up: then it is backlog. One thread; times are monotonic, in ns.
 */
final class CatchUp {

    private static final long WAITING_MIN = 2_000;
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final double WEIGHT = 0.3;

    private long countedNs;
    private long counted;
    private double perSecond;

    /** @param published so far, which has been counted until now */
    CatchUp(long published, long nowNs) {
        this.counted = published;
        this.countedNs = nowNs;
    }

    boolean isBehind(long waiting, long published, long nowNs) {
        if (nowNs - countedNs >= STEP_NS) {
            double now = (published - counted) * 1e9 / (nowNs - countedNs);
            perSecond += WEIGHT * (now - perSecond);
            countedNs = nowNs;
            counted = published;
        }
        return waiting > WAITING_MIN && waiting < perSecond * Horizon.LATE_NS / 1e9;
    }
}
