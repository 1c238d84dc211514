package org.wasla.gateway.uplink;

import java.util.Map;
import java.util.TreeMap;

/**
 * A set of positions as spans, each from its start (excluded) to its end (included); spans that touch are one. One
 * thread. At most {@value #SPANS_MAX} spans: then the lowest is forgotten, and what it held may be sent twice.
 */
final class Spans {

    static final int SPANS_MAX = 1_024;

    private final TreeMap<Long, Long> spans = new TreeMap<>();
    /** The span that was added to last is mostly the one that grows; it is not in the map. */
    private long from;

    private long to;

    void add(long after, long through) {
        if (after == to && after > from) {
            to = through;
            return;
        }
        keep();
        from = after;
        to = through;
    }

    private void keep() {
        if (to <= from) {
            return;
        }
        Map.Entry<Long, Long> before = spans.floorEntry(from);
        boolean joins = before != null && before.getValue() >= from;
        long start = joins ? before.getKey() : from;
        long end = joins ? Math.max(to, before.getValue()) : to;
        Map.Entry<Long, Long> next = spans.higherEntry(start);
        while (next != null && next.getKey() <= end) {
            end = Math.max(end, next.getValue());
            spans.remove(next.getKey());
            next = spans.higherEntry(start);
        }
        spans.put(start, end);
        if (spans.size() > SPANS_MAX) {
            spans.pollFirstEntry();
        }
        from = 0;
        to = 0;
    }

    boolean contains(long position) {
        return skip(position - 1) >= position;
    }

    /** The position from which reading goes on: the end of the span that begins at or before it, else itself. */
    long skip(long position) {
        if (from <= position && position < to) {
            return to;
        }
        Map.Entry<Long, Long> span = spans.floorEntry(position);
        return span == null ? position : Math.max(position, span.getValue());
    }

    /** Positions up to here are not asked for any more. */
    void forget(long through) {
        keep();
        while (!spans.isEmpty() && spans.firstEntry().getValue() <= through) {
            spans.pollFirstEntry();
        }
    }
}
