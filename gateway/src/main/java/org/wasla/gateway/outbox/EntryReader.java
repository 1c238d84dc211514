package org.wasla.gateway.outbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds durable entries wherever they are now, in the tail or in the store. Thread-safe. */
final class EntryReader {

    private final Opened opened;
    private final Committer committer;

    EntryReader(Opened opened, Committer committer) {
        this.opened = opened;
        this.committer = committer;
    }

    /** At most {@code max} unpublished entries of one urgency after this position, in order. */
    List<Entry> next(Urgency urgency, long afterPosition, int max) throws IOException {
        Progress progress = committer.progress();
        long upTo = committer.horizon().position(urgency);
        long after = progress.firstUnpublished(urgency, Math.max(0, afterPosition)) - 1;
        List<Entry> unpublished = new ArrayList<>();
        while (unpublished.isEmpty() && after < upTo) {
            List<Entry> found = after(urgency, after, upTo, max);
            if (found.isEmpty()) {
                break;
            }
            for (Entry entry : found) {
                if (!progress.isPublished(urgency, entry.position())) {
                    unpublished.add(entry);
                }
            }
            after = progress.firstUnpublished(
                            urgency, found.get(found.size() - 1).position())
                    - 1;
        }
        return unpublished;
    }

    /** Entries leave the tail for the store: who finds nothing there looks again when they did meanwhile. */
    private List<Entry> after(Urgency urgency, long after, long upTo, int max) throws IOException {
        while (true) {
            List<Entry> newest = opened.tail().afterAllStored(urgency, after, upTo, max);
            if (newest != null) {
                return newest;
            }
            long moves = opened.tail().moves();
            List<Entry> stored = opened.store().after(urgency, after, upTo, max);
            if (!stored.isEmpty()) {
                return stored;
            }
            List<Entry> others = opened.tail().after(urgency, after, upTo, max);
            if (moves == opened.tail().moves()) {
                return others;
            }
        }
    }

    /** Entries of a stream with these numbers, both included, as far as they are held; in order. */
    List<Entry> stream(Stream stream, long from, long to, int max) throws IOException {
        while (true) {
            long moves = opened.tail().moves();
            List<Entry> found = new ArrayList<>(opened.store().stream(stream, from, to, max));
            long seen = found.isEmpty() ? from - 1 : found.get(found.size() - 1).seq();
            for (Entry entry : opened.tail().all()) {
                if (found.size() < max && entry.stream().equals(stream) && entry.seq() > seen && entry.seq() <= to) {
                    found.add(entry);
                }
            }
            if (moves == opened.tail().moves()) {
                return found;
            }
        }
    }
}
