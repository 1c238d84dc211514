package org.wasla.gateway.indicators;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * When a specimen was ordered, and when an analyser asked for it; both until its first final result. Of the last
 * {@value #SPECIMENS_MAX} specimens of this run; those before are forgotten and make no duration. Times are monotonic.
 * Thread-safe.
 */
public final class Turnarounds {
    static final int SPECIMENS_MAX = 10_000;
    private static final long NS_PER_S = 1_000_000_000L;

    /** Where a turn-around time begins; it ends with the first final result of the specimen from a device. */
    public enum From {
        /** The box took the order for the specimen. */
        ORDER,
        /** The analyser asked the box what is ordered on the specimen, or was sent it. */
        ASKED;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Begun(long ns, Set<String> ended) {}

    private final Map<String, Begun> begun = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Begun> eldest) {
            return size() > SPECIMENS_MAX;
        }
    };

    /** The first time counts: an order that is given again is the same. */
    public synchronized void ordered(String specimen, long nowNs) {
        if (!specimen.isEmpty()) {
            begun.putIfAbsent(specimen, new Begun(nowNs, new HashSet<>()));
        }
    }

    /** Likewise of one device. */
    public synchronized void asked(String specimen, String device, long nowNs) {
        if (!specimen.isEmpty()) {
            begun.putIfAbsent(asking(specimen, device), new Begun(nowNs, new HashSet<>()));
        }
    }

    private static String asking(String specimen, String device) {
        return specimen + '\n' + device;
    }

    /** A final result has come; the first of this device on this specimen makes durations, in seconds. */
    synchronized void ended(String specimen, String device, long nowNs, BiConsumer<From, Long> durations) {
        end(begun.get(specimen), device, From.ORDER, nowNs, durations);
        end(begun.get(asking(specimen, device)), device, From.ASKED, nowNs, durations);
    }

    private static void end(
            @Nullable Begun since, String device, From from, long nowNs, BiConsumer<From, Long> durations) {
        if (since != null && since.ended().add(device)) {
            durations.accept(from, Math.max(0, nowNs - since.ns()) / NS_PER_S);
        }
    }
}
