package org.wasla.gateway.outbox;

import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.outbox.Spans.Span;

/**
 * One urgency as it is written to disk. Immutable.
 *
 * @param published positions that are done: published, or given up and told; those of other urgencies between them count
 * @param waiting what is durable and not done
 * @param last the position of the newest entry ever, 0 for none
 */
record LaneState(Urgency urgency, List<Span> published, Amount waiting, long last) {

    LaneState {
        published = List.copyOf(published);
    }

    static List<LaneState> fresh() {
        List<LaneState> lanes = new ArrayList<>();
        for (Urgency urgency : Urgency.values()) {
            lanes.add(new LaneState(urgency, List.of(), Amount.NONE, 0));
        }
        return lanes;
    }
}
