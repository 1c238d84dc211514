package org.wasla.gateway.health;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.device.DeviceState;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.outbox.OutboxStatus;
import org.wasla.gateway.uplink.UplinkStatus;

/**
 * Feeds the watchdog of the service, and that of the board where it has one, and only while data can flow: else systemd
 * starts the agent anew, and if that does not help, the board itself starts. The keeper's thread asks; devices tell of
 * themselves on their own.
 */
public final class Lifeline implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lifeline.class);

    /** The board's turn comes after systemd's: two minutes until that acts, and half a minute for the agent to stop. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(150);

    /** How often a standstill is told where systemd does not ask. */
    private static final long TELL_NS = TimeUnit.SECONDS.toNanos(40);

    private final Supplier<OutboxStatus> buffer;
    private final Supplier<UplinkStatus> uplink;
    private final Supplier<List<DeviceWorker>> workers;
    private final ServiceManager manager = new ServiceManager(System.getenv());
    private final Flow flow = new Flow();
    private final Map<String, Long> turns = new ConcurrentHashMap<>();
    private final @Nullable BoardWatchdog board;
    private final long everyNs;
    private long fedNs;
    private volatile long soundNs = System.nanoTime();

    /** @param watchdog the board's, null: it has none or another feeds it */
    public Lifeline(
            Supplier<OutboxStatus> buffer,
            Supplier<UplinkStatus> uplink,
            Supplier<List<DeviceWorker>> workers,
            @Nullable Path watchdog) {
        this.board = watchdog == null ? null : new BoardWatchdog(watchdog, this::isSound);
        this.everyNs = manager.everyNs() == 0 && board != null ? TELL_NS : manager.everyNs();
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
        soundNs = fedNs;
        if (board != null) {
            board.start();
        }
        manager.tell("READY=1");
    }

    public void stopping() {
        manager.tell("STOPPING=1");
    }

    /** Whether data could flow lately: then the board's watchdog is fed. Any thread. */
    boolean isSound(long nowNs) {
        return nowNs - soundNs < PATIENCE_NS;
    }

    /** Looks, and feeds, when it is time to. */
    public void tick(long nowNs) {
        boolean isDue = everyNs > 0 && nowNs - fedNs >= everyNs;
        if (!isDue && board == null) {
            return;
        }
        Optional<String> stalled = flow.stalled(pulse(nowNs));
        if (stalled.isEmpty()) {
            soundNs = nowNs;
        }
        if (isDue) {
            fedNs = nowNs;
            tell(stalled);
        }
    }

    private void tell(Optional<String> stalled) {
        if (stalled.isEmpty()) {
            manager.tell("WATCHDOG=1");
        } else {
            LOG.error("data cannot flow, the watchdog is not fed cause=\"{}\"", stalled.get());
        }
    }

    /** The last of a clean stop: the board goes on without its watchdog. */
    @Override
    public void close() {
        if (board != null) {
            board.close();
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
