package org.wasla.gateway.outbox;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outbox in figures, at one moment. Immutable. Counts are since the buffer was opened, sizes are bytes.
 *
 * @param lanes every urgency, the most urgent first
 * @param keptEntries published entries still held for replay
 * @param bytesOnDisk all files of the directory, those set aside included
 * @param maxBytes what they may take
 * @param queued records that wait for the next group
 * @param tailBytes what lies in the journal and not yet in the store
 * @param accepted records made durable
 * @param refused records that an append failed for
 * @param lost records lost before they had a number, or given up unpublished for room; each is told by a gap event
 * @param published entries marked as published
 * @param commits groups made durable, each with one sync
 * @param syncMaxMs the longest of those syncs since the status before
 * @param recordsPerSecond records made durable, over about ten minutes
 * @param publishedPerSecond entries published, likewise
 * @param quarantined files set aside since the buffer was opened
 * @param full whether new records are refused for want of room
 * @param hoursToFull until the files have reached their bound if nothing were published, at the pace of the last ten
 *     minutes; negative when that is not known
 * @param secondsToDrained until nothing waits, at the pace of the last ten minutes; negative when it is not in sight
 * @param lastError the newest fault of the buffer, null when there was none
 */
public record OutboxStatus(
        Map<Urgency, LaneStatus> lanes,
        long keptEntries,
        long bytesOnDisk,
        long maxBytes,
        int queued,
        long tailBytes,
        long accepted,
        long refused,
        long lost,
        long published,
        long commits,
        double syncMaxMs,
        double recordsPerSecond,
        double publishedPerSecond,
        int quarantined,
        boolean full,
        double hoursToFull,
        double secondsToDrained,
        @Nullable String lastError) {

    /**
     * One urgency. Immutable.
     *
     * @param waiting entries that are durable and not yet published
     * @param waitingBytes what those take
     * @param oldestMs age of the oldest of them by the clock of the box, negative when none waits or it
     *     cannot be read
     */
    public record LaneStatus(long waiting, long waitingBytes, long oldestMs) {}

    /** Copies the map. */
    public OutboxStatus {
        lanes = Map.copyOf(lanes);
    }

    /** Entries that wait, every urgency named. */
    public Map<Urgency, Long> waiting() {
        Map<Urgency, Long> waiting = new EnumMap<>(Urgency.class);
        lanes.forEach((urgency, lane) -> waiting.put(urgency, lane.waiting()));
        return waiting;
    }

    /** What waits takes so many bytes. */
    public long waitingBytes() {
        return lanes.values().stream().mapToLong(LaneStatus::waitingBytes).sum();
    }
}
