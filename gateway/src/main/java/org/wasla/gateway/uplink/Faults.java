package org.wasla.gateway.uplink;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts faults by kind, so that a repeating one is logged at its 1st, 2nd, 4th, 8th time. One thread. The first
 * hundred
 * kinds are told apart.
 */
final class Faults {

    private static final int KINDS_MAX = 100;

    private final Map<String, Integer> counts = new HashMap<>();

    /** How often this kind has come, this time included, since the last reset. */
    int count(String kind) {
        return counts.merge(counts.size() < KINDS_MAX || counts.containsKey(kind) ? kind : "others", 1, Integer::sum);
    }

    static boolean isDue(int count) {
        return Integer.bitCount(count) == 1;
    }

    void reset() {
        counts.clear();
    }
}
