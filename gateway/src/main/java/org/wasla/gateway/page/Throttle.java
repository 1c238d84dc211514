package org.wasla.gateway.page;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How soon a PIN may be tried again: after three wrong ones from an address each further one doubles the wait there, to
 * a quarter of an hour; many wrong ones from anywhere slow everybody down, but never lock the installer out for long.
 * Pure; times are monotonic nanoseconds. One thread.
 */
final class Throttle {
    private static final long S = 1_000_000_000L;
    private static final int FREE = 3;
    private static final long WAIT_NS_MAX = 900 * S;
    private static final int ADDRESSES_MAX = 1_000;
    private static final int ALL_FREE = 20;
    private static final long ALL_WAIT_NS = 5 * S;
    /** One wrong PIN is forgotten after so long. */
    private static final long FORGET_NS = 60 * S;

    private final Map<String, Tries> addresses = new LinkedHashMap<>(16, 0.75f, true);
    private long all;
    private long allAtNs;

    private record Tries(int wrong, long atNs) {}

    /** @return how long this address has to wait before it may try, ns; 0: it may now */
    long waitNs(String address, long nowNs) {
        Tries tries = addresses.get(address);
        long own = tries == null || tries.wrong < FREE ? 0 : tries.atNs + pauseNs(tries.wrong) - nowNs;
        forget(nowNs);
        long everybody = all <= ALL_FREE ? 0 : allAtNs + ALL_WAIT_NS - nowNs;
        return Math.max(0, Math.max(own, everybody));
    }

    private static long pauseNs(int wrong) {
        int doublings = Math.min(wrong - FREE, 10);
        return Math.min(WAIT_NS_MAX, S << doublings);
    }

    private void forget(long nowNs) {
        long forgotten = all == 0 ? 0 : (nowNs - allAtNs) / FORGET_NS;
        if (forgotten > 0) {
            all = Math.max(0, all - forgotten);
            allAtNs += forgotten * FORGET_NS;
        }
    }

    /** To be told before a PIN is looked at, so that several at once count; {@link #right} takes it back. */
    void tried(String address, long nowNs) {
        forget(nowNs);
        all++;
        allAtNs = nowNs;
        Tries tries = addresses.get(address);
        addresses.put(address, new Tries(tries == null ? 1 : tries.wrong + 1, nowNs));
        if (addresses.size() > ADDRESSES_MAX) {
            addresses.remove(addresses.keySet().iterator().next());
        }
    }

    void right(String address) {
        addresses.remove(address);
        all = Math.max(0, all - 1);
    }
}
