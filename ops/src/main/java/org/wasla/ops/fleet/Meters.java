package org.wasla.ops.fleet;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What is counted, of all gateways together. Thread-safe. */
final class Meters {
    private static final int CAUSES_MAX = 20;
    /** Connections that have had their CONNACK. */
    final AtomicInteger sessions = new AtomicInteger();
    /** Connects begun. */
    final LongAdder attempts = new LongAdder();
    /** Messages that devices had to tell. */
    final LongAdder offered = new LongAdder();
    /** Of them observations. */
    final LongAdder observed = new LongAdder();
    /** Bytes of payload of those that were sent. */
    final LongAdder bytes = new LongAdder();
    /** PUBACK with a reason below 0x80. */
    final LongAdder acknowledged = new LongAdder();
    /** Found the window full or the socket not writable when they came. */
    final LongAdder heldBack = new LongAdder();

    final Histogram puback = new Histogram();
    /** Of observations: came for the first time, came again. */
    final LongAdder arrived = new LongAdder();

    final LongAdder doubles = new LongAdder();
    /** Came after a later one of their stream. */
    final LongAdder outOfOrder = new LongAdder();

    final Histogram endToEnd = new Histogram();
    /** Fullest second of connects, set by whoever looks. */
    final AtomicLong mostConnects = new AtomicLong();

    private final Map<String, LongAdder> reasons = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> causes = new ConcurrentHashMap<>();

    void reason(int reason) {
        String name = "0x" + (reason < 16 ? "0" : "") + Integer.toHexString(reason);
        reasons.computeIfAbsent(name, code -> new LongAdder()).increment();
    }

    /** A connection was lost or did not come to be. */
    void failed(String cause) {
        String name = causes.size() < CAUSES_MAX ? cause.replaceAll("[/:]\\S*\\d+", "") : "other";
        causes.computeIfAbsent(name, text -> new LongAdder()).increment();
    }

    Map<String, Long> reasons() {
        return sums(reasons);
    }

    Map<String, Long> causes() {
        return sums(causes);
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counts) {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((name, count) -> sums.put(name, count.sum()));
        return sums;
    }
}
