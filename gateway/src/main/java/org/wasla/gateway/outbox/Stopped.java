package org.wasla.gateway.outbox;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A buffer that no agent runs on, in figures. Immutable.
 *
 * @param epoch the identity of the buffer, null when its journal tells none
 * @param boot how often it has been opened
 * @param lanes every urgency; {@code oldestMs} is negative where it is not known
 * @param keptEntries published entries still held for replay
 * @param bytesOnDisk all files of the directory, those set aside included
 * @param maxBytes what they may take
 * @param quarantined directories with files that were set aside
 * @param fault what cannot be read, null for nothing
 */
public record Stopped(
        @Nullable String epoch,
        long boot,
        Map<Urgency, OutboxStatus.LaneStatus> lanes,
        long keptEntries,
        long bytesOnDisk,
        long maxBytes,
        int quarantined,
        @Nullable String fault) {

    /** Copies the map. */
    public Stopped {
        lanes = Map.copyOf(lanes);
    }
}
