package org.wasla.gateway.uplink;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What the status shows. Thread-safe. */
final class Gauges {

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong connects = new AtomicLong();
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean connected;
    private volatile boolean nobodyListens;
    private volatile @Nullable String server;
    private volatile @Nullable String lastError;

    void connected(String label) {
        connects.incrementAndGet();
        server = label;
        connected = true;
    }

    void disconnected() {
        connected = false;
        inFlight.set(0);
    }

    void failed(String cause) {
        lastError = cause;
    }

    void inFlight(int messages) {
        inFlight.set(messages);
    }

    void sent(boolean toNobody) {
        sent.incrementAndGet();
        nobodyListens = toNobody;
    }

    void refused() {
        refused.incrementAndGet();
    }

    UplinkStatus status() {
        return new UplinkStatus(
                connected,
                server,
                inFlight.get(),
                sent.get(),
                refused.get(),
                Math.max(0, connects.get() - 1),
                nobodyListens,
                lastError);
    }
}
