package org.wasla.gateway.outbox;

import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import org.wasla.gateway.outbox.Spans.Span;

/** Looks through the store for what has not been published. Stateless. */
final class Waiting {

    private Waiting() {}

    /** What waits of one urgency, in store and tail; a file that cannot be read, and will be replaced, counts whole. */
    static Amount count(Store store, Tail tail, Progress progress, Urgency urgency) {
        Amount waiting = Amount.NONE;
        for (Generation generation : store.all(urgency.series())) {
            Contents.Part part = generation.contents().part(urgency);
            try {
                waiting = waiting.plus(count(store, generation, progress, urgency, (stream, range) -> {}));
            } catch (IOException e) {
                waiting = part == null ? waiting : waiting.plus(part.amount());
            }
        }
        for (Entry entry : tail.upTo(urgency, Long.MAX_VALUE)) {
            waiting = progress.isPublished(urgency, entry.position()) ? waiting : waiting.plus(entry.amount());
        }
        return waiting;
    }

    /**
     * What waits of one urgency in one file. A block of which nothing is published is given as ranges of numbers, of
     * others each entry.
     */
    static Amount count(
            Store store,
            Generation generation,
            Progress progress,
            Urgency urgency,
            BiConsumer<Stream, Contents.Range> found)
            throws IOException {
        Contents.Part part = generation.contents().part(urgency);
        if (part == null || progress.isPublished(urgency, part.after() + 1, part.last())) {
            return Amount.NONE;
        }
        Amount waiting = Amount.NONE;
        for (Generation.Place place : store.places(generation)) {
            if (place.urgency() != urgency || progress.isPublished(urgency, place.after() + 1, place.last())) {
                continue;
            }
            List<Span> open = progress.unpublished(urgency, place.after() + 1, place.last());
            if (open.size() == 1 && open.get(0).equals(new Span(place.after() + 1, place.last()))) {
                waiting = waiting.plus(place.amount());
                place.ranges().forEach(found);
                continue;
            }
            for (Entry entry : store.read(generation, place)) {
                if (!progress.isPublished(urgency, entry.position())) {
                    waiting = waiting.plus(entry.amount());
                    found.accept(entry.stream(), new Contents.Range(entry.seq(), entry.seq()));
                }
            }
        }
        return waiting;
    }
}
