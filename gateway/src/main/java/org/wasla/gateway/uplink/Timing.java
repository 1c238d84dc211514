package org.wasla.gateway.uplink;

import java.util.concurrent.TimeUnit;

/**
 * The waits of the uplink. Immutable.
 *
 * @param connectWaitMs from the first packet to the answer of the broker
 * @param ackWaitMs an acknowledgement that takes longer means that the connection is dead
 * @param backoffMinMs ceiling of the first wait before connecting again; each wait is random below its ceiling
 * @param backoffMaxMs ceiling of the last
 * @param refreshMs how often retained values are sent again
 * @param keepAliveS MQTT keep-alive
 * @param takenOverMs least wait after another client has connected with our id; to it comes a random one whose ceiling
 *     doubles from this to sixteen times this
 */
record Timing(
        long connectWaitMs,
        long ackWaitMs,
        long backoffMinMs,
        long backoffMaxMs,
        long refreshMs,
        int keepAliveS,
        long takenOverMs) {

    /** With the normal wait after a takeover. */
    Timing(long connectWaitMs, long ackWaitMs, long backoffMinMs, long backoffMaxMs, long refreshMs, int keepAliveS) {
        this(connectWaitMs, ackWaitMs, backoffMinMs, backoffMaxMs, refreshMs, keepAliveS, 60_000);
    }

    static final Timing NORMAL = new Timing(10_000, 20_000, 500, 60_000, TimeUnit.MINUTES.toMillis(15), 30, 60_000);
}
