package org.wasla.gateway.uplink;

import java.util.concurrent.TimeUnit;

/**
 * How many bytes may be under way: what the link carries in its own round trip and one second more. So an alarm finds
 * about a second ahead of it on a thin link, and a fast one is never held back. One thread; times are monotonic, in ns.
 *
 * <p>The rate is bytes acknowledged while one message was under way, over the time from the acknowledgement before it
 * was sent to its own: the greatest of the last two spans of five seconds. The link's own round trip is the least ever,
 * and how far the round trips of these spans lie above the least of them: a queue lifts all alike, lost segments only
 * some. Without that a link that loses segments would never be filled.
 */
final class Pace {

    static final long BYTES_MIN = 4 << 10;
    private static final long BYTES_FIRST = 8 << 10;
    private static final long SPAN_NS = TimeUnit.SECONDS.toNanos(5);
    /** Round trips that lie so close together are even: the window's own ups and downs make as much. */
    private static final long EVEN_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final double SECOND_NS = 1e9;

    /** What one span has shown; round trips of messages that were sent behind many others. */
    private static final class Span {
        private double rate;
        private double tripsNs;
        private long trips;
        private long leastTripNs = Long.MAX_VALUE;
    }

    private Span now = new Span();
    private Span before = new Span();
    private long sinceNs;
    private long leastTripNs = Long.MAX_VALUE;

    /**
     * One message was acknowledged.
     *
     * @param bytes acknowledged since the acknowledgement before it was sent, {@code intervalNs} ago
     * @param behindMany whether most of the window was under way when it was sent
     */
    void acknowledged(long bytes, long intervalNs, long tripNs, boolean behindMany, long nowNs) {
        leastTripNs = Math.min(leastTripNs, tripNs);
        if (nowNs - sinceNs > SPAN_NS) {
            sinceNs = nowNs;
            before = now;
            now = new Span();
        }
        now.rate = Math.max(now.rate, bytes * SECOND_NS / Math.max(1, intervalNs));
        if (behindMany) {
            now.tripsNs += tripNs;
            now.trips++;
            now.leastTripNs = Math.min(now.leastTripNs, tripNs);
        }
    }

    long windowBytes() {
        double rate = Math.max(now.rate, before.rate);
        if (rate == 0) {
            return BYTES_FIRST;
        }
        double window = rate * (1 + (leastTripNs + unevenNs()) / SECOND_NS);
        return Math.max(BYTES_MIN, (long) Math.min(window, Long.MAX_VALUE / 2.0));
    }

    private double unevenNs() {
        long trips = now.trips + before.trips;
        double least = Math.min(now.leastTripNs, before.leastTripNs);
        return trips == 0 ? 0 : Math.max(0, (now.tripsNs + before.tripsNs) / trips - least - EVEN_NS);
    }
}
