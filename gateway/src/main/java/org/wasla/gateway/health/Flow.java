package org.wasla.gateway.health;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Whether data could flow through the box, looked at from outside its threads: what waits for the disk must move, what was
 * sent must be answered or given up, and whoever reads an open line must come round. Silent devices and a platform that is
 * away are no faults of the box. Pure; one thread.
 */
final class Flow {
    /** A group is made durable in milliseconds; a worn memory card has been seen to take seconds. */
    static final long DISK_NS = TimeUnit.SECONDS.toNanos(60);
    /** A dead connection is ended by the uplink itself long before. */
    static final long UPLINK_NS = TimeUnit.MINUTES.toNanos(5);
    /** A line is read at least every five seconds; its device may be waiting for the disk. */
    static final long LINE_NS = TimeUnit.MINUTES.toNanos(2);

    private final Still disk = new Still();
    private final Still uplink = new Still();

    /**
     * The box at one moment.
     *
     * @param nowNs monotonic
     * @param queued records that wait to be made durable
     * @param settled how many were, or were refused; only rises
     * @param inFlight messages that the platform, which is connected, has not acknowledged; 0 without a connection
     * @param answered how many were acknowledged, refused or given up, and how many connections there were; only rises
     * @param lines of each line that is open, when it was read last, monotonic
     */
    record Pulse(long nowNs, long queued, long settled, long inFlight, long answered, Map<String, Long> lines) {
        Pulse {
            lines = Map.copyOf(lines);
        }
    }

    /** @return what stands still though it must not; empty: data can flow */
    Optional<String> stalled(Pulse pulse) {
        long diskNs = disk.forNs(pulse.queued() > 0, pulse.settled(), pulse.nowNs());
        long uplinkNs = uplink.forNs(pulse.inFlight() > 0, pulse.answered(), pulse.nowNs());
        if (diskNs > DISK_NS) {
            return Optional.of("disk: " + pulse.queued() + " records wait " + seconds(diskNs) + " for it");
        }
        if (uplinkNs > UPLINK_NS) {
            return Optional.of("uplink: " + pulse.inFlight() + " messages unanswered for " + seconds(uplinkNs));
        }
        return new TreeMap<>(pulse.lines())
                .entrySet().stream()
                        .filter(line -> pulse.nowNs() - line.getValue() > LINE_NS)
                        .map(line -> "device " + line.getKey() + ": its open line was not read for "
                                + seconds(pulse.nowNs() - line.getValue()))
                        .findFirst();
    }

    private static String seconds(long ns) {
        return TimeUnit.NANOSECONDS.toSeconds(ns) + " s";
    }

    /** For how long a count has not moved while it should. */
    private static final class Still {
        private boolean isWaiting;
        private long count;
        private long sinceNs;

        long forNs(boolean waits, long newCount, long nowNs) {
            if (!waits || !isWaiting || newCount != count) {
                isWaiting = waits;
                count = newCount;
                sinceNs = nowNs;
            }
            return nowNs - sinceNs;
        }
    }
}
