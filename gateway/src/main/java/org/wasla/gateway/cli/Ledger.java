package org.wasla.gateway.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a subscriber has received, stream by stream: finds numbers that are missing. Times are monotonic nanoseconds.
 * Thread-safe.
 *
 * <p>A missing number is a hole when it has not come for ten seconds. They are counted while it could come: live records
 * overtake a backlog, so that a number is not missed while late ones of its gateway still come in; nothing comes while our
 * own connection is lost; and after that the gateway has a minute to come back too.
 */
final class Ledger {
    static final long PATIENCE_NS = 10_000_000_000L;
    static final long RETURN_NS = 60_000_000_000L;
    private static final int MISSING_MAX = 1_000_000;
    private static final int GAPS_MAX = 10_000;
    private final Map<String, Line> lines = new TreeMap<>();
    private final Map<String, Box> boxes = new HashMap<>();
    private boolean isConnected;
    private int connections;
    private long connectedNs;

    /** One gateway. */
    private static final class Box {
        boolean hasMoved;
        /** When the last number came that was missing or late. */
        long movedNs;
        /** Which connection of ours it spoke on last, and since when. */
        int connection = -1;

        long spokeFirstNs;
    }

    /** One stream. */
    private static final class Line {
        final Box box;
        long first = -1;
        long last;
        long received;
        long twice;
        long late;
        final TreeMap<Long, Long> missingSinceNs = new TreeMap<>();
        /** Numbers declared lost, from the key to the value; a gap may be told before the next record shows it. */
        final TreeMap<Long, Long> lost = new TreeMap<>();

        Line(Box box) {
            this.box = box;
        }
    }

    /**
     * @param received records, doubles left out
     * @param twice records that came again with a number seen before
     * @param missing numbers between first and last that have not come and are not declared lost
     * @param lost numbers declared lost by gap events
     * @param late numbers that came after they had been missing for more than ten seconds
     */
    record Stream(String name, long first, long last, long received, long twice, long missing, long lost, long late) {}

    /** Our connection stands, perhaps anew. */
    synchronized void connected(long nowNs) {
        if (!isConnected) {
            isConnected = true;
            connections++;
            connectedNs = nowNs;
        }
    }

    /** Nothing can come. */
    synchronized void disconnected() {
        isConnected = false;
    }

    synchronized void add(Received record, long nowNs) {
        Line line = line(record.stream());
        Box box = line.box;
        if (box.connection != connections) {
            box.connection = connections;
            box.spokeFirstNs = nowNs;
        }
        if (record.isLate()) {
            move(box, nowNs);
        }
        for (long seq = record.seq(); seq < record.seq() + record.numbers(); seq++) {
            add(line, seq, nowNs);
        }
    }

    /** @param stream begins with its gateway */
    private Line line(String stream) {
        return lines.computeIfAbsent(
                stream,
                name -> new Line(boxes.computeIfAbsent(name.substring(0, name.indexOf('.')), box -> new Box())));
    }

    private static void move(Box box, long nowNs) {
        box.hasMoved = true;
        box.movedNs = nowNs;
    }

    private static void add(Line line, long seq, long nowNs) {
        Long sinceNs = line.missingSinceNs.remove(seq);
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
        } else if (sinceNs != null) {
            line.received++;
            line.late += nowNs - sinceNs >= PATIENCE_NS ? 1 : 0;
            move(line.box, nowNs);
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
        Line line = line(gap.stream());
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
                        lost(line),
                        line.late));
            }
        });
        return streams;
    }

    /** @return the holes: numbers missing for ten seconds in which they could come, not declared lost, as "stream 12" */
    synchronized List<String> holes(long nowNs) {
        List<String> holes = new ArrayList<>();
        lines.forEach((name, line) -> line.missingSinceNs.forEach((seq, sinceNs) -> {
            if (isHole(line.box, sinceNs, nowNs)) {
                holes.add(name + " " + seq);
            }
        }));
        return holes;
    }

    /** How many numbers that were missing at a time are neither here nor a hole yet. */
    synchronized long open(long thenNs, long nowNs) {
        long open = 0;
        for (Line line : lines.values()) {
            for (long sinceNs : line.missingSinceNs.values()) {
                open += thenNs - sinceNs >= 0 && !isHole(line.box, sinceNs, nowNs) ? 1 : 0;
            }
        }
        return open;
    }

    private boolean isHole(Box box, long sinceNs, long nowNs) {
        boolean isBack = box.connection == connections;
        boolean canCome = isConnected && (isBack || nowNs - connectedNs >= RETURN_NS);
        long fromNs = later(sinceNs, connectedNs);
        fromNs = box.hasMoved ? later(fromNs, box.movedNs) : fromNs;
        fromNs = isBack ? later(fromNs, box.spokeFirstNs) : fromNs;
        return canCome && nowNs - fromNs >= PATIENCE_NS;
    }

    private static long later(long oneNs, long otherNs) {
        return oneNs - otherNs > 0 ? oneNs : otherNs;
    }
}
