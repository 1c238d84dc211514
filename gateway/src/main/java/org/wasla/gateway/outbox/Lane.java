package org.wasla.gateway.outbox;

import java.util.List;
import org.wasla.gateway.outbox.Spans.Span;

/**
 * How far one urgency has been published: live and late go side by side, so it is a set of spans and not one mark. Not
 * thread-safe: {@link Progress} guards it.
 *
 * <p>An entry tells the position after which there is none before it, so it covers a span; spans that meet become one.
 */
final class Lane {

    /** More are not written to disk: what lies beyond them is sent twice after a crash, never lost. */
    static final int SPANS_ON_DISK_MAX = 64;

    private final Urgency urgency;
    private final Spans published;
    private Amount waiting;
    private long last;
    private boolean dirty;

    Lane(LaneState state) {
        this.urgency = state.urgency();
        this.published = Spans.of(state.published());
        this.waiting = state.waiting();
        this.last = state.last();
    }

    /** Marks one entry; false when it was marked before. */
    boolean published(Entry entry) {
        if (published.contains(entry.position())) {
            return false;
        }
        published.add(entry.after() + 1, entry.position());
        waiting = waiting.minus(entry.amount());
        dirty = true;
        return true;
    }

    /** Everything from one position to another, of which so much was still waiting, is done. */
    void givenUp(long from, long to, Amount amount) {
        published.add(from, to);
        waiting = waiting.minus(amount);
        dirty = true;
    }

    /** What of this loss is ours. */
    void givenUp(Loss loss) {
        for (Span span : loss.spans().getOrDefault(urgency, List.of())) {
            published.add(span.from(), span.to());
        }
        waiting = waiting.minus(loss.amounts().getOrDefault(urgency, Amount.NONE));
        dirty = true;
    }

    /** Counts new entries, the newest of them at this position. */
    void put(Amount amount, long newest) {
        waiting = waiting.plus(amount);
        last = Math.max(last, newest);
    }

    void recounted(Amount found) {
        waiting = found;
        dirty = true;
    }

    boolean isPublished(long position) {
        return published.contains(position);
    }

    boolean isPublished(long from, long to) {
        return published.covers(from, to);
    }

    /** The spans between two positions that are not done. */
    List<Span> unpublished(long from, long to) {
        return published.missing(from, to);
    }

    /** The first position after this one that is not done. */
    long firstUnpublished(long after) {
        return published.endOf(after + 1) + 1;
    }

    Amount waiting() {
        return waiting;
    }

    long last() {
        return last;
    }

    boolean isDirty() {
        return dirty;
    }

    void written() {
        dirty = false;
    }

    LaneState state() {
        List<Span> spans = published.list();
        return new LaneState(urgency, spans.subList(0, Math.min(SPANS_ON_DISK_MAX, spans.size())), waiting, last);
    }
}
