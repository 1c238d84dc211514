package org.wasla.gateway.agent;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.device.DeviceState;
import org.wasla.gateway.observation.AlarmSet;
import org.wasla.gateway.observation.Condition;
import org.wasla.gateway.observation.RecordJson.Clock;

/**
 * The current alarms of each device as its last value. A set counts for a limited time and is said again while it holds:
 * when the box dies, or its clock or network fails, it goes by itself. Of a device that is not heard nobody knows, and the
 * set says so. Thread-safe.
 */
final class AlarmBoard {
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
    interface Show {
        /** @param untilNs monotonic, after it the value counts no more; null: it counts until the next */
        void show(String device, String json, @Nullable Long untilNs);
    }

    /**
     * What is known of one device.
     *
     * @param port the device whose line it is heard on
     * @param timeMs of the last change, UTC
     * @param atNs when it was said last, monotonic
     */
    private record Shown(String port, List<Condition> open, long timeMs, long atNs) {}

    /** @param validMs how long a set counts */
    AlarmBoard(String gateway, long validMs, Supplier<Clock> clock, Show show) {
        this.gateway = gateway;
        this.validS = TimeUnit.MILLISECONDS.toSeconds(validMs);
        this.clock = clock;
        this.show = show;
    }

    /** A device, of which nothing is known yet: what an earlier run left open there is not known to be open. */
    synchronized void add(String device) {
        say(device, new Shown(device, List.of(), System.currentTimeMillis(), 0));
    }

    /**
     * What is open changed.
     *
     * @param port the device whose line it is heard on
     * @param timeMs UTC
     */
    synchronized void changed(String port, String device, List<Condition> open, long timeMs) {
        say(device, new Shown(port, List.copyOf(open), timeMs, 0));
    }

    /** How a line stands changed. What is known of one that is heard again is said with its first message, or soon. */
    synchronized void changed(String port, DeviceState state) {
        boolean isHeard = state == DeviceState.LINKED && !stopped;
        boolean wasHeard = isHeard ? !heard.add(port) : heard.remove(port);
        if (isHeard != wasHeard) {
            long nowMs = System.currentTimeMillis();
            for (Map.Entry<String, Shown> each : devices.entrySet()) {
                Shown known = each.getValue();
                if (known.port().equals(port)) {
                    Shown next = new Shown(port, known.open(), nowMs, due());
                    each.setValue(next);
                    if (!isHeard) {
                        say(each.getKey(), next);
                    }
                }
            }
        }
    }

    /** To be called every second or so: says again what holds. */
    synchronized void tick() {
        long nowNs = System.nanoTime();
        long everyNs = TimeUnit.SECONDS.toNanos(validS) / TIMES;
        devices.forEach((device, known) -> {
            if (heard.contains(known.port()) && nowNs - known.atNs() >= everyNs) {
                say(device, known);
            }
        });
    }

    /** The clock was set: until when a set counts is said anew at once. */
    synchronized void stepped() {
        devices.forEach((device, known) -> {
            if (heard.contains(known.port())) {
                say(device, known);
            }
        });
    }

    /** Nothing is read any more: nobody knows of any alarm from here on. */
    synchronized void stop() {
        stopped = true;
        for (String port : List.copyOf(heard)) {
            changed(port, DeviceState.REMOVED);
        }
    }

    private long due() {
        return System.nanoTime() - TimeUnit.SECONDS.toNanos(validS);
    }

    private void say(String device, Shown known) {
        long nowNs = System.nanoTime();
        boolean isKnown = heard.contains(known.port());
        devices.put(device, new Shown(known.port(), known.open(), known.timeMs(), nowNs));
        AlarmSet set = new AlarmSet(
                gateway,
                device,
                known.timeMs(),
                isKnown ? known.open() : null,
                System.currentTimeMillis(),
                validS,
                clock.get());
        show.show(device, set.json(), isKnown ? (Long) (nowNs + TimeUnit.SECONDS.toNanos(validS)) : null);
    }
}
