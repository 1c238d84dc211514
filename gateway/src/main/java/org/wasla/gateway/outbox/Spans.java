package org.wasla.gateway.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A set of positions, held as the spans it is made of. Not thread-safe. */
final class Spans {

    /** All from one position to another, both included. Immutable. */
    record Span(long from, long to) {}

    private final TreeMap<Long, Long> toByFrom = new TreeMap<>();

    static Spans of(List<Span> spans) {
        Spans set = new Spans();
        spans.forEach(span -> set.add(span.from(), span.to()));
        return set;
    }

    /** Adds a span, empty when {@code to < from}; joins it with those that it touches. */
    void add(long from, long to) {
        if (to < from) {
            return;
        }
        long start = from;
        long end = to;
        Map.Entry<Long, Long> before = toByFrom.floorEntry(from);
        if (before != null && before.getValue() >= from - 1) {
            start = before.getKey();
            end = Math.max(end, before.getValue());
        }
        Map.Entry<Long, Long> next = toByFrom.higherEntry(start);
        while (next != null && next.getKey() <= end + 1) {
            end = Math.max(end, next.getValue());
            toByFrom.remove(next.getKey());
            next = toByFrom.higherEntry(start);
        }
        toByFrom.put(start, end);
    }

    boolean contains(long position) {
        return endOf(position) >= position;
    }

    boolean covers(long from, long to) {
        return to < from || endOf(from) >= to;
    }

    /** The end of the span that this position is in; one less than the position when it is in none. */
    long endOf(long position) {
        Map.Entry<Long, Long> span = toByFrom.floorEntry(position);
        return span == null || span.getValue() < position ? position - 1 : span.getValue();
    }

    /** The parts between two positions, both included, that are not in the set. */
    List<Span> missing(long from, long to) {
        List<Span> missing = new ArrayList<>();
        long at = endOf(from) + 1;
        while (at <= to) {
            Long next = toByFrom.higherKey(at);
            long end = next == null || next > to ? to : next - 1;
            missing.add(new Span(at, end));
            at = endOf(end + 1) + 1;
        }
        return missing;
    }

    List<Span> list() {
        List<Span> spans = new ArrayList<>(toByFrom.size());
        toByFrom.forEach((from, to) -> spans.add(new Span(from, to)));
        return spans;
    }

    @Override
    public String toString() {
        return list().toString();
    }
}
