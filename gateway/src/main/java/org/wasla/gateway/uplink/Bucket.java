package org.wasla.gateway.uplink;

import java.util.concurrent.TimeUnit;

/**
 * A cap on bytes a second: a message may go while the bucket is not empty, and may leave a debt. It holds a quarter of
 * a second. One thread; times are monotonic, in ns.
 */
final class Bucket {

    /** What a message costs beside payload and topic: MQTT, TCP and IP, roughly, in bytes. */
    private static final int OVERHEAD_BYTES = 60;

    private static final double SECOND_NS = 1e9;

    private final long bytesPerS;
    private double level;
    private long filledNs;

    /** @param bytesPerS 0 for no cap */
    Bucket(long bytesPerS, long nowNs) {
        this.bytesPerS = bytesPerS;
        this.level = bytesPerS / 4.0;
        this.filledNs = nowNs;
    }

    /** What a message takes on the wire, in bytes. */
    static long cost(Publication publication) {
        return (long) publication.payload().bytes().length + publication.topic().length() + OVERHEAD_BYTES;
    }

    boolean mayTake(long nowNs) {
        if (bytesPerS == 0) {
            return true;
        }
        level = Math.min(bytesPerS / 4.0, level + (nowNs - filledNs) * (bytesPerS / SECOND_NS));
        filledNs = nowNs;
        return level > 0;
    }

    void take(long bytes) {
        if (bytesPerS > 0) {
            level -= bytes;
        }
    }

    /** How long until a message may go, in ms, at least 1. */
    long waitMs() {
        return bytesPerS == 0 ? 1 : Math.max(1, (long) (-level * TimeUnit.SECONDS.toMillis(1) / bytesPerS) + 1);
    }
}
