package org.wasla.gateway.indicators;

import java.util.EnumMap;
import java.util.Map;
import org.wasla.gateway.indicators.Turnarounds.From;

/** What one device did in one period. Not thread-safe. */
final class DeviceCounts {
    private final Place place;
    private final Map<Count, Long> counts = new EnumMap<>(Count.class);
    private final Map<From, Spread> turnarounds = new EnumMap<>(From.class);

    DeviceCounts(Place place) {
        this.place = place;
        for (From from : From.values()) {
            turnarounds.put(from, new Spread());
        }
    }

    Place place() {
        return place;
    }

    void add(Count what, long n) {
        counts.merge(what, n, Long::sum);
    }

    long get(Count what) {
        return counts.getOrDefault(what, 0L);
    }

    Spread turnaround(From from) {
        Spread spread = turnarounds.get(from);
        if (spread == null) {
            throw new IllegalStateException("every beginning has a spread");
        }
        return spread;
    }

    boolean isConnected() {
        return get(Count.UP_MS) > 0 || get(Count.RECORDS) > 0;
    }

    /** All of another device, for a row of several. */
    void add(DeviceCounts other) {
        other.counts.forEach(this::add);
        turnarounds.forEach((from, spread) -> spread.add(other.turnaround(from)));
    }
}
