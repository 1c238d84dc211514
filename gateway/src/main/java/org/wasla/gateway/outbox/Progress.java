package org.wasla.gateway.outbox;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The lanes of all urgencies. Thread-safe; every method is short and does no input or output. */
final class Progress {

    private final EnumMap<Urgency, Lane> lanes = new EnumMap<>(Urgency.class);
    private long publishedCount;

    Progress(List<LaneState> onDisk) {
        replace(onDisk);
    }

    /** A fresh store: nothing of the old one counts any more. */
    synchronized void replace(List<LaneState> onDisk) {
        for (LaneState state : onDisk) {
            lanes.put(state.urgency(), new Lane(state));
        }
    }

    /** The same store, opened again and counted. */
    synchronized void recounted(List<LaneState> found) {
        for (LaneState state : found) {
            lane(state.urgency()).recounted(state);
        }
    }

    synchronized void published(List<Entry> entries) {
        for (Entry entry : entries) {
            if (lane(entry.urgency()).published(entry)) {
                publishedCount++;
            }
        }
    }

    synchronized boolean isPublished(Urgency urgency, long position) {
        return lane(urgency).isPublished(position);
    }

    synchronized long mark(Urgency urgency) {
        return lane(urgency).state().mark();
    }

    synchronized long publishedCount() {
        return publishedCount;
    }

    synchronized List<LaneState> states() {
        List<LaneState> states = new ArrayList<>();
        lanes.values().forEach(lane -> states.add(lane.state()));
        return states;
    }

    /** The states that a commit of these additions has to write: those that change by it, and marks that moved. */
    synchronized List<LaneState> statesWith(Map<Urgency, Amount> put) {
        List<LaneState> states = new ArrayList<>();
        lanes.forEach((urgency, lane) -> {
            Amount more = put.getOrDefault(urgency, Amount.NONE);
            if (more.entries() > 0 || lane.isDirty()) {
                states.add(lane.state().withPut(more));
            }
        });
        return states;
    }

    synchronized void written(List<LaneState> states) {
        for (LaneState state : states) {
            lane(state.urgency()).written(state);
        }
    }

    synchronized Amount waiting() {
        Amount sum = Amount.NONE;
        for (Lane lane : lanes.values()) {
            sum = sum.plus(lane.state().waiting());
        }
        return sum;
    }

    synchronized Amount kept() {
        Amount sum = Amount.NONE;
        for (Lane lane : lanes.values()) {
            sum = sum.plus(lane.state().kept());
        }
        return sum;
    }

    private Lane lane(Urgency urgency) {
        Lane lane = lanes.get(urgency);
        if (lane == null) {
            throw new IllegalStateException("no lane for " + urgency);
        }
        return lane;
    }
}
