package org.wasla.gateway.uplink;

import java.util.concurrent.TimeUnit;

/**
 * How many bytes may be under way: what the link carries in its own round trip and one second more. So an alarm finds
 * about a second ahead of it on a thin link, and a fast one is never held back. One thread; times are monotonic, in ns.
 *
 * <p>The link's rate is the greatest that acknowledgements have shown in the last ten seconds: bytes acknowledged while
 * one message was under way, over the time from the acknowledgement before it was sent to its own.
 */
final class Pace {

    static final long BYTES_MIN = 4 << 10;
    private static final long BYTES_FIRST = 8 << 10;
    private static final long SPAN_NS = TimeUnit.SECONDS.toNanos(5);
    private static final double SECOND_NS = 1e9;

    private double rateNow;
    private double rateBefore;
    private long spanNs;
    private long roundTripNs = Long.MAX_VALUE;

    /** One message was acknowledged. */
    void acknowledged(long bytes, long intervalNs, long tripNs, long nowNs) {
        roundTripNs = Math.min(roundTripNs, tripNs);
        if (nowNs - spanNs > SPAN_NS) {
            spanNs = nowNs;
            rateBefore = rateNow;
            rateNow = 0;
        }
        rateNow = Math.max(rateNow, bytes * SECOND_NS / Math.max(1, intervalNs));
    }

    long windowBytes() {
        double rate = Math.max(rateNow, rateBefore);
        if (rate == 0) {
            return BYTES_FIRST;
        }
        double window = rate * (1 + roundTripNs / SECOND_NS);
        return Math.max(BYTES_MIN, (long) Math.min(window, Long.MAX_VALUE / 2.0));
    }
}
