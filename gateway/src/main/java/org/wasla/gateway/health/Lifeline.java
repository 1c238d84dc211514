package org.wasla.gateway.health;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.device.DeviceState;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.outbox.OutboxStatus;
import org.wasla.gateway.uplink.UplinkStatus;

/**
 * Feeds the watchdog of the service, and only while data can flow: else systemd starts the agent anew. The keeper's thread
 * asks; devices tell of themselves on their own.
 */
public final class Lifeline {
    private static final Logger LOG = LoggerFactory.getLogger(Lifeline.class);

    private final Supplier<OutboxStatus> buffer;
    private final Supplier<UplinkStatus> uplink;
    private final Supplier<List<DeviceWorker>> workers;
    private final ServiceManager manager = new ServiceManager(System.getenv());
    private final Flow flow = new Flow();
    private final Map<String, Long> turns = new ConcurrentHashMap<>();
    private long fedNs;

    public Lifeline(
            Supplier<OutboxStatus> buffer, Supplier<UplinkStatus> uplink, Supplier<List<DeviceWorker>> workers) {
        this.buffer = buffer;
        this.uplink = uplink;
        this.workers = workers;
    }

    /** A device's line was read, whether or not something came. */
    public void turn(String device) {
        turns.put(device, System.nanoTime());
    }

    public void ready() {
        fedNs = System.nanoTime();
        manager.tell("READY=1");
    }

    public void stopping() {
        manager.tell("STOPPING=1");
    }

    /** Looks, and feeds, when it is time to. */
    public void tick(long nowNs) {
        if (manager.everyNs() == 0 || nowNs - fedNs < manager.everyNs()) {
            return;
        }
        fedNs = nowNs;
        Optional<String> stalled = flow.stalled(pulse(nowNs));
        if (stalled.isEmpty()) {
            manager.tell("WATCHDOG=1");
        } else {
            LOG.error("data cannot flow, the watchdog is not fed cause=\"{}\"", stalled.get());
        }
    }

    private Flow.Pulse pulse(long nowNs) {
        OutboxStatus kept = buffer.get();
        UplinkStatus sent = uplink.get();
        Map<String, Long> lines = new HashMap<>();
        for (DeviceWorker worker : workers.get()) {
            Long turn = turns.get(worker.settings().id());
            DeviceState state = worker.status().state();
            if (turn != null && (state == DeviceState.LINKED || state == DeviceState.SILENT)) {
                lines.put(worker.settings().id(), turn);
            }
        }
        return new Flow.Pulse(
                nowNs,
                kept.queued(),
                kept.accepted() + kept.refused() + kept.lost(),
                sent.connected() ? sent.inFlight() : 0,
                sent.sent() + sent.refused() + sent.givenUp() + sent.reconnects(),
                lines);
    }
}
