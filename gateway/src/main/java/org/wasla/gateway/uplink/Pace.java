package org.wasla.gateway.uplink;

import java.util.concurrent.TimeUnit;

/**
 * How many bytes may be under way: what the link carries in its own round trip and one second more. So an alarm finds
 * about a second ahead of it on a thin link, and a fast one is never held back. One thread; times are monotonic, in ns.
 *
 * <p>Two measures, of which the greater counts. The rate: bytes acknowledged while one message was under way, over the
 * time from the acknowledgement before it was sent to its own, the greatest of the last two spans of five seconds. And
 * a trial: when the window held back in a span and the queue that it made (the least round trip of what was sent in it,
 * over the least ever) is short, it grows; when the queue is long, it shrinks. Where segments are lost the rate alone
 * would never find out what the link can do.
 */
final class Pace {

    static final long BYTES_MIN = 4 << 10;
    private static final long BYTES_FIRST = 8 << 10;
    private static final long BYTES_TRIED_MAX = 1 << 20;
    private static final long SPAN_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long QUEUE_SHORT_NS = TimeUnit.MILLISECONDS.toNanos(750);
    private static final long QUEUE_LONG_NS = TimeUnit.MILLISECONDS.toNanos(1_250);
    private static final double GROWTH = 1.3;
    private static final double SHRINKAGE = 0.8;
    private static final double SECOND_NS = 1e9;

    private double rateNow;
    private double rateBefore;
    private long tripNs = Long.MAX_VALUE;
    private long spanNs;
    private long leastTripNs = Long.MAX_VALUE;
    private boolean heldBack;
    private double tried = BYTES_FIRST;
    /** What made the queue of this span. */
    private double spanWindow = BYTES_FIRST;

    /**
     * One message was acknowledged.
     *
     * @param bytes acknowledged since the acknowledgement before it was sent, {@code intervalNs} ago
     * @param behindMany whether most of the window was under way when it was sent, so that it shows the queue
     */
    void acknowledged(long bytes, long intervalNs, long sentNs, boolean behindMany, long nowNs) {
        leastTripNs = Math.min(leastTripNs, nowNs - sentNs);
        if (behindMany && sentNs >= spanNs) {
            tripNs = Math.min(tripNs, nowNs - sentNs);
        }
        if (nowNs - spanNs > SPAN_NS && (tripNs < Long.MAX_VALUE || !heldBack)) {
            endSpan(nowNs);
        }
        rateNow = Math.max(rateNow, bytes * SECOND_NS / Math.max(1, intervalNs));
    }

    private void endSpan(long nowNs) {
        long queueNs = tripNs == Long.MAX_VALUE ? 0 : tripNs - leastTripNs;
        if (heldBack && queueNs < QUEUE_SHORT_NS) {
            tried = Math.max(tried, Math.min(BYTES_TRIED_MAX, spanWindow * GROWTH));
        } else if (queueNs > QUEUE_LONG_NS) {
            tried = Math.max(BYTES_MIN, tried * SHRINKAGE);
        }
        spanNs = nowNs;
        rateBefore = rateNow;
        rateNow = 0;
        tripNs = Long.MAX_VALUE;
        heldBack = false;
        spanWindow = windowBytes();
    }

    /** Something waits, and as much is under way as may be. */
    void holdBack() {
        heldBack = true;
    }

    long windowBytes() {
        double rate = Math.max(rateNow, rateBefore);
        double measured = rate == 0 ? 0 : rate * (1 + leastTripNs / SECOND_NS);
        return Math.max(BYTES_MIN, (long) Math.min(Math.max(measured, tried), Long.MAX_VALUE / 2.0));
    }
}
