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
    private static final int GAPS_MAX = 10_000;
    private final Map<String, Line> lines = new TreeMap<>();

    /** One stream. */
    private static final class Line {
        long first = -1;
        long last;
        long received;
        long twice;
        final TreeMap<Long, Long> missingSinceNs = new TreeMap<>();
        /** Numbers declared lost, from the key to the value; a gap may be told before the next record shows it. */
        final TreeMap<Long, Long> lost = new TreeMap<>();
    }

    /**
     * @param received records, doubles left out
     * @param twice records that came again with a number seen before
     * @param missing numbers between first and last that have not come and are not declared lost
     * @param lost numbers declared lost by gap events
     */
    record Stream(String name, long first, long last, long received, long twice, long missing, long lost) {}

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
        long seq = from;
        while (seq < to && line.missingSinceNs.size() < MISSING_MAX) {
            Map.Entry<Long, Long> gap = line.lost.floorEntry(seq);
            if (gap != null && gap.getValue() >= seq) {
                seq = gap.getValue() + 1;
            } else {
                line.missingSinceNs.put(seq, nowNs);
                seq++;
            }
        }
    }

    /** Numbers that the gateway declares lost are no hole. */
    synchronized void gap(Received.Gap gap) {
        Line line = lines.computeIfAbsent(gap.stream(), name -> new Line());
        line.missingSinceNs.subMap(gap.from(), true, gap.to(), true).clear();
        long from = gap.from();
        long to = gap.to();
        Map.Entry<Long, Long> before = line.lost.floorEntry(to);
        while (before != null && before.getValue() >= from - 1) {
            from = Math.min(from, before.getKey());
            to = Math.max(to, before.getValue());
            line.lost.remove(before.getKey());
            before = line.lost.floorEntry(to);
        }
        line.lost.put(from, to);
        if (line.lost.size() > GAPS_MAX) {
            line.lost.pollFirstEntry();
        }
    }

    private static long lost(Line line) {
        long lost = 0;
        for (Map.Entry<Long, Long> gap : line.lost.entrySet()) {
            lost += gap.getValue() - gap.getKey() + 1;
        }
        return lost;
    }

    synchronized List<Stream> streams() {
        List<Stream> streams = new ArrayList<>();
        lines.forEach((name, line) -> {
            if (line.first >= 0 || !line.lost.isEmpty()) {
                streams.add(new Stream(
                        name,
                        line.first,
                        line.last,
                        line.received,
                        line.twice,
                        line.missingSinceNs.size(),
                        lost(line)));
            }
        });
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
