package org.wasla.gateway.outbox;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.wasla.gateway.outbox.Spans.Span;

/**
 * Compares what was found with what the journal says there must be: every position that waits to be published, and every
 * number of every stream that was given and not let go. One thread; used once.
 */
final class Shortfall {

    private static final String BUFFER = "buffer";
    private static final int SPANS_SHOWN = 8;

    private final Book book;
    private final Inventory found;
    private final List<Finding> findings = new ArrayList<>();
    private long untold;

    private Shortfall(Book book, Inventory found) {
        this.book = book;
        this.found = found;
    }

    /** @param notes gets what is worth knowing and nothing wrong */
    static List<Finding> of(Book book, Inventory found, List<String> notes) {
        Shortfall shortfall = new Shortfall(book, found);
        for (Urgency urgency : Urgency.values()) {
            shortfall.positions(urgency);
        }
        book.streams().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(Stream::toString)))
                .forEach(each -> shortfall.numbers(each.getKey(), each.getValue()));
        if (shortfall.untold > 0) {
            notes.add(
                    shortfall.untold + " numbers were lost before they were written; the gap events that told them were"
                            + " published and are no longer held");
        }
        return shortfall.findings;
    }

    private void positions(Urgency urgency) {
        Progress progress = book.progress();
        List<Span> lost = new ArrayList<>();
        for (Span span : progress.unpublished(urgency, 1, progress.last(urgency))) {
            lost.addAll(found.positions(urgency).missing(span.from(), span.to()));
        }
        if (!lost.isEmpty()) {
            findings.add(new Finding(
                    BUFFER,
                    "of what waits to be published with urgency " + urgency + " positions " + text(lost)
                            + " are in no file",
                    "put missing files back, or start the agent: it tells the numbers by gap events"));
        }
        List<Span> held = found.positions(urgency).list();
        long newest = held.isEmpty() ? 0 : held.get(held.size() - 1).to();
        if (newest > progress.last(urgency)) {
            findings.add(new Finding(
                    BUFFER,
                    "the store holds positions up to " + newest + " of urgency " + urgency + ", the journal knows of "
                            + progress.last(urgency) + ": its end is missing",
                    "put the missing part of the journal back; otherwise numbers of the missing part are given again"));
        }
    }

    private void numbers(Stream stream, StreamState state) {
        List<Span> lost = new ArrayList<>();
        for (Span missing : found.numbers(stream).missing(state.forgotten() + 1, state.last())) {
            for (Span span : found.told(stream).missing(missing.from(), missing.to())) {
                if (isToldAndForgotten(stream, span)) {
                    untold += span.to() - span.from() + 1;
                } else {
                    lost.add(span);
                }
            }
        }
        if (!lost.isEmpty()) {
            findings.add(new Finding(
                    BUFFER,
                    "numbers " + text(lost) + " of " + stream + " are in no file, and no gap event tells them",
                    "put missing files back; otherwise they are lost, and told once the agent is started if they"
                            + " were still to be published"));
        }
    }

    /** No position is missing with the numbers, so they never had one; and the event that told it may be gone. */
    private boolean isToldAndForgotten(Stream stream, Span span) {
        Inventory.Hole hole = found.hole(stream, span.from());
        Stream events = new Stream(stream.device(), "evt");
        StreamState told = book.stream(events);
        return hole != null
                && found.positions(hole.urgency()).covers(hole.before() + 1, hole.after())
                && told.forgotten() > 0;
    }

    private static String text(List<Span> spans) {
        String text = spans.stream()
                .limit(SPANS_SHOWN)
                .map(span -> span.from() == span.to() ? "" + span.from() : span.from() + " to " + span.to())
                .collect(Collectors.joining(", "));
        return spans.size() > SPANS_SHOWN ? text + " and " + (spans.size() - SPANS_SHOWN) + " more ranges" : text;
    }
}
