package org.wasla.gateway.outbox;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.wasla.gateway.outbox.Spans.Span;

/** The lanes of all urgencies. Thread-safe; every method is short and does no input or output. */
final class Progress {

    private final EnumMap<Urgency, Lane> lanes = new EnumMap<>(Urgency.class);
    private long publishedCount;

    Progress(List<LaneState> onDisk) {
        for (LaneState state : onDisk) {
            lanes.put(state.urgency(), new Lane(state));
        }
        if (lanes.size() != Urgency.values().length) {
            throw new IllegalArgumentException("lanes of " + lanes.keySet());
        }
    }

    synchronized void published(List<Entry> entries) {
        for (Entry entry : entries) {
            if (lane(entry.urgency()).published(entry)) {
                publishedCount++;
            }
        }
    }

    /** Entries that are durable now. */
    synchronized void put(List<Entry> entries) {
        for (Entry entry : entries) {
            lane(entry.urgency()).put(entry.amount(), entry.position());
        }
    }

    /** What the journal says of these lanes. */
    synchronized void asRead(List<LaneState> states) {
        states.forEach(state -> lanes.put(state.urgency(), new Lane(state)));
    }

    synchronized void givenUp(Urgency urgency, Span span, Amount amount) {
        lane(urgency).givenUp(span.from(), span.to(), amount);
    }

    synchronized void givenUp(Loss loss) {
        loss.urgencies().forEach(urgency -> lane(urgency).givenUp(loss));
    }

    synchronized void recounted(Urgency urgency, Amount waiting) {
        lane(urgency).recounted(waiting);
    }

    synchronized boolean isPublished(Urgency urgency, long position) {
        return lane(urgency).isPublished(position);
    }

    synchronized boolean isPublished(Urgency urgency, long from, long to) {
        return lane(urgency).isPublished(from, to);
    }

    synchronized List<Span> unpublished(Urgency urgency, long from, long to) {
        return lane(urgency).unpublished(from, to);
    }

    synchronized long firstUnpublished(Urgency urgency, long after) {
        return lane(urgency).firstUnpublished(after);
    }

    synchronized long publishedCount() {
        return publishedCount;
    }

    synchronized List<LaneState> states() {
        return lanes.values().stream().map(Lane::state).toList();
    }

    /**
     * The lanes whose marks have moved since they were last written, now to be written; what is being given up is in
     * there and not yet in ours.
     */
    synchronized List<LaneState> takeDirty(List<Loss> losses) {
        List<LaneState> dirty = new ArrayList<>();
        lanes.forEach((urgency, lane) -> {
            List<Loss> own = losses.stream()
                    .filter(loss -> loss.urgencies().contains(urgency))
                    .toList();
            if (lane.isDirty() || !own.isEmpty()) {
                Lane written = own.isEmpty() ? lane : new Lane(lane.state());
                own.forEach(written::givenUp);
                dirty.add(written.state());
                lane.written();
            }
        });
        return dirty;
    }

    /** They could not be written after all. */
    synchronized void dirtyAgain(List<LaneState> states) {
        states.forEach(state -> {
            Lane lane = lane(state.urgency());
            lane.recounted(lane.waiting());
        });
    }

    synchronized Map<Urgency, Amount> waiting() {
        Map<Urgency, Amount> waiting = new EnumMap<>(Urgency.class);
        lanes.forEach((urgency, lane) -> waiting.put(urgency, lane.waiting()));
        return waiting;
    }

    synchronized Amount waitingInAll() {
        return waiting().values().stream().reduce(Amount.NONE, Amount::plus);
    }

    synchronized long entriesWaiting() {
        long entries = 0;
        for (Lane lane : lanes.values()) {
            entries += lane.waiting().entries();
        }
        return entries;
    }

    synchronized long last(Urgency urgency) {
        return lane(urgency).last();
    }

    private Lane lane(Urgency urgency) {
        Lane lane = lanes.get(urgency);
        if (lane == null) {
            throw new IllegalStateException("no lane for " + urgency + " of " + Arrays.toString(Urgency.values()));
        }
        return lane;
    }
}
