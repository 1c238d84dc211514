package org.wasla.gateway.indicators;

import java.util.EnumMap;
import java.util.Map;
import org.wasla.gateway.indicators.Turnarounds.From;

/** What one device did in one period. Not thread-safe. */
final class DeviceCounts {
    private final Place place;
    private final long[] counts = new long[Count.values().length];
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
        counts[what.ordinal()] += n;
    }

    long get(Count what) {
        return counts[what.ordinal()];
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
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        turnarounds.forEach((from, spread) -> spread.add(other.turnaround(from)));
    }
}
