package org.wasla.gateway.outbox;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Records that were lost before they had a number: counted by stream until the next record of that stream is kept, and
 * then their numbers are used up and told. Thread-safe; its size is that of the number of streams.
 */
final class Losses {

    /** Immutable. */
    record Lost(long records, String why) {}

    private final Map<Stream, Lost> lost = new HashMap<>();
    private long total;

    synchronized void add(List<Draft> drafts, String why) {
        for (Draft draft : drafts) {
            lost.merge(
                    new Stream(draft.device(), draft.kind()),
                    new Lost(1, why),
                    (old, one) -> new Lost(old.records() + 1, old.why()));
        }
        total += drafts.size();
    }

    synchronized boolean isEmpty() {
        return lost.isEmpty();
    }

    synchronized Map<Stream, Lost> all() {
        return Map.copyOf(lost);
    }

    /** So many have been told. */
    synchronized void told(Map<Stream, Lost> told) {
        told.forEach((stream, part) -> lost.computeIfPresent(
                stream,
                (s, all) ->
                        all.records() > part.records() ? new Lost(all.records() - part.records(), all.why()) : null));
    }

    /** All that were ever lost in this run. */
    synchronized long total() {
        return total;
    }
}
