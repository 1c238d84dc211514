package org.wasla.gateway.outbox;

import java.util.List;
import java.util.Map;

/**
 * All that the buffer knows beside the entries themselves: it stands at the head of every segment of the journal.
 * Immutable.
 *
 * @param boot how often the buffer has been opened
 * @param position the newest position given
 */
record JournalState(long boot, long position, Map<Stream, StreamState> streams, List<LaneState> lanes) {

    JournalState {
        streams = Map.copyOf(streams);
        lanes = List.copyOf(lanes);
    }

    static JournalState fresh() {
        return new JournalState(0, 0, Map.of(), LaneState.fresh());
    }

    JournalState withBoot(long newBoot) {
        return new JournalState(newBoot, position, streams, lanes);
    }
}
