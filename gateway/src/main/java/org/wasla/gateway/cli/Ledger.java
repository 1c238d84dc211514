package org.wasla.gateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a subscriber has received, stream by stream: finds numbers that are missing. Times are monotonic nanoseconds.
 * Thread-safe.
 */
final class Ledger {
    private static final long PATIENCE_NS = 10_000_000_000L;
    private static final int MISSING_MAX = 1_000_000;
    private final Map<String, Line> lines = new TreeMap<>();

    /** One stream. */
    private static final class Line {
        long first = -1;
        long last;
        long received;
        long twice;
        final TreeMap<Long, Long> missingSinceNs = new TreeMap<>();
    }

    /**
     * @param received records, doubles left out
     * @param twice records that came again with a number seen before
     * @param missing numbers between first and last that have not come
     */
    record Stream(String name, long first, long last, long received, long twice, long missing) {}

    synchronized void add(Received record, long nowNs) {
        Line line = lines.computeIfAbsent(record.stream(), name -> new Line());
        for (long seq = record.seq(); seq < record.seq() + record.numbers(); seq++) {
            add(line, seq, nowNs);
        }
    }

    private static void add(Line line, long seq, long nowNs) {
        if (line.first < 0) {
            line.first = seq;
            line.last = seq;
            line.received = 1;
        } else if (seq > line.last) {
            miss(line, line.last + 1, seq, nowNs);
            line.last = seq;
            line.received++;
        } else if (seq < line.first) {
            miss(line, seq + 1, line.first, nowNs);
            line.first = seq;
            line.received++;
        } else if (line.missingSinceNs.remove(seq) != null) {
            line.received++;
        } else {
            line.twice++;
        }
    }

    private static void miss(Line line, long from, long to, long nowNs) {
        for (long seq = from; seq < to && line.missingSinceNs.size() < MISSING_MAX; seq++) {
            line.missingSinceNs.put(seq, nowNs);
        }
    }

    /** Numbers that the gateway declares lost are no hole. */
    synchronized void gap(Received.Gap gap) {
        Line line = lines.get(gap.stream());
        if (line != null) {
            line.missingSinceNs.subMap(gap.from(), true, gap.to(), true).clear();
        }
    }

    synchronized List<Stream> streams() {
        List<Stream> streams = new ArrayList<>();
        lines.forEach((name, line) -> streams.add(
                new Stream(name, line.first, line.last, line.received, line.twice, line.missingSinceNs.size())));
        return streams;
    }

    /** @return the holes: numbers missing for ten seconds and not declared lost, as "stream 12" */
    synchronized List<String> holes(long nowNs) {
        List<String> holes = new ArrayList<>();
        lines.forEach((name, line) -> line.missingSinceNs.forEach((seq, sinceNs) -> {
            if (nowNs - sinceNs >= PATIENCE_NS) {
                holes.add(name + " " + seq);
            }
        }));
        return holes;
    }
}
