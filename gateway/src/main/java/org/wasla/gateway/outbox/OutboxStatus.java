package org.wasla.gateway.outbox;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outbox in figures, at one moment. Immutable. Counts are since the buffer was opened, sizes are bytes.
 *
 * @param waiting entries that are durable and not yet published, every urgency named
 * @param waitingBytes what those take
 * @param keptEntries published entries still held for replay
 * @param bytesOnDisk all files of the directory, those set aside included
 * @param accepted records made durable
 * @param refused records that an append failed for
 * @param published entries marked as published
 * @param commits groups made durable, each with one sync
 * @param quarantined stores set aside since the buffer was opened
 * @param lastError the newest fault of the store, null when there was none
 */
public record OutboxStatus(
        Map<Urgency, Long> waiting,
        long waitingBytes,
        long keptEntries,
        long bytesOnDisk,
        long accepted,
        long refused,
        long published,
        long commits,
        int quarantined,
        @Nullable String lastError) {

    /** Copies the map. */
    public OutboxStatus {
        waiting = Map.copyOf(waiting);
    }
}
