package org.wasla.gateway.dicom;

import java.util.concurrent.TimeUnit;

/**
 * How long an association waits, ns. Immutable.
 *
 * @param requestNs for the request after the connection, and for the answer to one (ARTIM, PS3.8 section 9.1.5)
 * @param closeNs for the peer to close after the end
 * @param idleNs between messages
 * @param stallNs inside a message or PDU, for at least 1 KiB to come
 */
public record Timing(long requestNs, long closeNs, long idleNs, long stallNs) {
    static final int PROGRESS_BYTES = 1_024;

    public static final Timing USUAL = ofMs(30_000, 2_000, 300_000, 30_000);

    public static Timing ofMs(long request, long close, long idle, long stall) {
        return new Timing(
                TimeUnit.MILLISECONDS.toNanos(request),
                TimeUnit.MILLISECONDS.toNanos(close),
                TimeUnit.MILLISECONDS.toNanos(idle),
                TimeUnit.MILLISECONDS.toNanos(stall));
    }
}
