package org.wasla.gateway.device;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.AlarmSet;
import org.wasla.gateway.observation.Condition;
import org.wasla.gateway.observation.RecordJson.Clock;

/**
 * The current alarms of each device as its last value. A set counts for a limited time and is said again while it holds:
 * when the box dies, or its clock or network fails, it goes by itself. Of a device that is not heard, or tells of no alarms
 * at all, nobody knows, and the set says so. Thread-safe.
 */
public final class AlarmBoard {
    /** So many times a set is said within the time for which it counts: one that is lost on the way makes no gap. */
    private static final int TIMES = 3;

    private final String gateway;
    private final long validS;
    private final Supplier<Clock> clock;
    private final Show show;
    private final Map<String, Shown> devices = new TreeMap<>();
    /** Ports whose device is heard. */
    private final Set<String> heard = new HashSet<>();

    private boolean stopped;

    /** Takes a device's last value. */
    @FunctionalInterface
    public interface Show {
        /** @param untilNs monotonic, after it the value counts no more; null: it counts until the next */
        void show(String device, String json, @Nullable Long untilNs);
    }

    /**
     * What is known of one device.
     *
     * @param port the device whose line it is heard on
     * @param open null: nobody knows
     * @param timeMs of the last change, UTC
     * @param atNs when it was said last, monotonic
     */
    private record Shown(String port, @Nullable List<Condition> open, long timeMs, long atNs) {}

    /** @param validMs how long a set counts */
    public AlarmBoard(String gateway, long validMs, Supplier<Clock> clock, Show show) {
        this.gateway = gateway;
        this.validS = TimeUnit.MILLISECONDS.toSeconds(validMs);
        this.clock = clock;
        this.show = show;
    }

    /** A device, of which nothing is known yet: what an earlier run left open there is not known to be open. */
    public synchronized void add(String device) {
        say(device, device, null, System.currentTimeMillis());
    }

    /**
     * What is open changed, or was told for the first time.
     *
     * @param port the device whose line it is heard on; what is remembered of one that is not heard is not known to be open
     * @param timeMs UTC
     */
    public synchronized void changed(String port, String device, List<Condition> open, long timeMs) {
        say(port, device, heard.contains(port) ? open : null, timeMs);
    }

    /** How a line stands changed. One that is heard again has yet to tell what is open. */
    public synchronized void changed(String port, DeviceState state) {
        if (state == DeviceState.LINKED && !stopped) {
            heard.add(port);
        } else if (heard.remove(port)) {
            long nowMs = System.currentTimeMillis();
            known().forEach((device, shown) -> {
                if (shown.port().equals(port)) {
                    say(port, device, null, nowMs);
                }
            });
        }
    }

    /** The open alarms of a device, oldest first; null: nobody knows. */
    public synchronized @Nullable List<Condition> open(String device) {
        Shown shown = devices.get(device);
        return shown == null ? null : shown.open();
    }

    /** To be called every second or so: says again what holds. */
    public synchronized void tick() {
        long nowNs = System.nanoTime();
        long everyNs = TimeUnit.SECONDS.toNanos(validS) / TIMES;
        known().forEach((device, shown) -> {
            if (nowNs - shown.atNs() >= everyNs) {
                say(shown.port(), device, shown.open(), shown.timeMs());
            }
        });
    }

    /** The clock was set: until when a set counts is said anew at once. */
    public synchronized void stepped() {
        known().forEach((device, shown) -> say(shown.port(), device, shown.open(), shown.timeMs()));
    }

    /** Nothing is read any more: nobody knows of any alarm from here on. */
    public synchronized void stop() {
        stopped = true;
        for (String port : List.copyOf(heard)) {
            changed(port, DeviceState.REMOVED);
        }
    }

    private Map<String, Shown> known() {
        Map<String, Shown> known = new TreeMap<>(devices);
        known.values().removeIf(shown -> shown.open() == null);
        return known;
    }

    private void say(String port, String device, @Nullable List<Condition> open, long timeMs) {
        long nowNs = System.nanoTime();
        AlarmSet set = new AlarmSet(gateway, device, timeMs, open, System.currentTimeMillis(), validS, clock.get());
        devices.put(device, new Shown(port, set.open(), timeMs, nowNs));
        show.show(device, set.json(), open == null ? null : (Long) (nowNs + TimeUnit.SECONDS.toNanos(validS)));
    }
}
