package org.wasla.gateway.outbox;

import java.util.Map;
import java.util.TreeMap;

/**
 * How far one urgency has been published: a mark over the contiguous prefix, and the spans beyond it that were
 * published out of order. Not thread-safe: {@link Progress} guards it.
 *
 * <p>An entry tells the position after which there is none before it, so it covers a span; when spans join up with the
 * mark, the mark moves.
 */
final class Lane {

    /** Published, from the key of the map (excluded) to here (included). */
    private record Span(long to, Amount amount) {}

    private LaneState state;
    private long markOnDisk;
    private final TreeMap<Long, Span> ahead = new TreeMap<>();

    Lane(LaneState state) {
        this.state = state;
        this.markOnDisk = state.mark();
    }

    /** Marks one entry; false when it was marked before. */
    boolean published(Entry entry) {
        if (isPublished(entry.position())) {
            return false;
        }
        insert(Math.max(entry.after(), state.mark()), new Span(entry.position(), entry.amount()));
        advance();
        return true;
    }

    boolean isPublished(long position) {
        if (position <= state.mark()) {
            return true;
        }
        Map.Entry<Long, Span> before = ahead.lowerEntry(position);
        return before != null && position <= before.getValue().to();
    }

    /** Joins the span with those it touches, so that the map holds one span per hole and not one per entry. */
    private void insert(long from, Span span) {
        long start = from;
        Span joined = span;
        Map.Entry<Long, Span> before = ahead.floorEntry(from);
        if (before != null && before.getValue().to() >= from) {
            start = before.getKey();
            joined = join(before.getValue(), joined);
        }
        Map.Entry<Long, Span> next = ahead.higherEntry(start);
        while (next != null && next.getKey() <= joined.to()) {
            joined = join(joined, next.getValue());
            ahead.remove(next.getKey());
            next = ahead.higherEntry(start);
        }
        ahead.put(start, joined);
    }

    private static Span join(Span one, Span two) {
        return new Span(Math.max(one.to(), two.to()), one.amount().plus(two.amount()));
    }

    private void advance() {
        Map.Entry<Long, Span> first = ahead.firstEntry();
        while (first != null && first.getKey() <= state.mark()) {
            Span span = first.getValue();
            state = state.withMark(Math.max(state.mark(), span.to()), span.amount());
            ahead.pollFirstEntry();
            first = ahead.firstEntry();
        }
    }

    LaneState state() {
        return state;
    }

    boolean isDirty() {
        return state.mark() != markOnDisk;
    }

    /** What was written to disk is now true here too. */
    void written(LaneState onDisk) {
        markOnDisk = onDisk.mark();
        state = new LaneState(state.urgency(), state.mark(), onDisk.put(), state.sent(), onDisk.gone());
    }

    /** What was counted after the store was opened again; the disk has yet to be told. */
    void recounted(LaneState found) {
        written(found);
        markOnDisk = -1;
    }
}
