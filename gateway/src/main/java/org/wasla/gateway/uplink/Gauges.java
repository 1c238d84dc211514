package org.wasla.gateway.uplink;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What the status shows. Thread-safe. */
final class Gauges {

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong givenUp = new AtomicLong();
    private final AtomicLong connects = new AtomicLong();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Meter records = new Meter();
    private final Meter bytes = new Meter();
    private volatile boolean retains = true;
    private volatile boolean searching;
    private volatile boolean slow;
    private volatile List<UplinkStatus.Held> held = List.of();
    private final AtomicLong sessionsLost = new AtomicLong();
    private volatile @Nullable Long ackNs;
    private volatile int window;
    private volatile long windowBytes;
    private volatile long backlogPosition;
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
        slow = false;
    }

    void failed(String cause) {
        lastError = cause;
    }

    /** Where the connection stands now. */
    void flight(Flight flight, Feed feed) {
        inFlight.set(flight.size());
        window = flight.window();
        windowBytes = flight.windowBytes();
        backlogPosition = feed.backlogPosition();
    }

    /** Whether an acknowledgement has been waited for longer than usual. */
    void slow(boolean isSlow) {
        slow = isSlow;
    }

    /** What the broker refuses. */
    void refusals(Refusals refusals) {
        held = refusals.told();
        searching = refusals.isCareful();
    }

    void retains(boolean available) {
        retains = available;
    }

    /** The broker had forgotten a session that it should have kept. */
    void sessionLost() {
        sessionsLost.incrementAndGet();
    }

    private UplinkStatus.State state() {
        if (!connected) {
            return searching ? UplinkStatus.State.SEARCHING : UplinkStatus.State.AWAY;
        }
        List<UplinkStatus.Held> waiting = held;
        if (!waiting.isEmpty()) {
            int reason = waiting.get(0).reason();
            return reason == Reason.QUOTA
                    ? UplinkStatus.State.QUOTA
                    : reason == Reason.PACKET_TOO_LARGE ? UplinkStatus.State.TOO_LARGE : UplinkStatus.State.REFUSED;
        }
        if (searching) {
            return UplinkStatus.State.SEARCHING;
        }
        if (slow) {
            return UplinkStatus.State.SLOW;
        }
        return nobodyListens ? UplinkStatus.State.NOBODY : UplinkStatus.State.OK;
    }

    /** So many entries were acknowledged, in messages of so many bytes. */
    void sent(int entries, long messageBytes, boolean toNobody, long nowNs) {
        sent.addAndGet(entries);
        if (entries > 0) {
            ackNs = nowNs;
        }
        records.add(entries, nowNs);
        bytes.add(messageBytes, nowNs);
        nobodyListens = toNobody;
    }

    void refused() {
        refused.incrementAndGet();
    }

    /** One more that no broker takes; gives how many that makes. */
    long givenUp() {
        return givenUp.incrementAndGet();
    }

    UplinkStatus status(String replay) {
        long nowNs = System.nanoTime();
        Long lastNs = ackNs;
        return new UplinkStatus(
                connected,
                server,
                inFlight.get(),
                sent.get(),
                refused.get(),
                givenUp.get(),
                Math.max(0, connects.get() - 1),
                nobodyListens,
                lastError,
                records.perSecond(nowNs),
                bytes.perSecond(nowNs),
                window,
                windowBytes,
                backlogPosition,
                replay,
                state(),
                held,
                retains,
                sessionsLost.get(),
                lastNs == null ? -1 : TimeUnit.NANOSECONDS.toMillis(nowNs - lastNs));
    }
}
