package org.wasla.gateway.uplink;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Urgency;

/**
 * How far one urgency has been read on one connection, by two cursors: one over what is live, which jumps when it has
 * fallen behind, and one over the backlog, which comes after and leaves out what the first has given. One thread.
 *
 * <p>What is read ahead stays below {@value #AHEAD_BYTES} bytes by the average of what came before.
 */
final class Track {

    private static final int AHEAD_BYTES = 512 << 10;
    private static final int FIRST_READ = 64;
    /** When so many live entries wait together, more than can be under way, they are batched without being waited for. */
    private static final int CROWD = 256;

    private static final int READ_MAX = 1_024;

    private final Source source;
    private final Urgency urgency;
    private final boolean gathersLive;
    private final boolean batchesLive;
    private final Shelf live;
    private final Shelf backlog;
    private final Spans given = new Spans();
    private int chunk = FIRST_READ;
    private long newest;
    private long late;
    private long livePosition;
    private long liveEmptyAt = -1;
    private long liveGiven;
    private boolean isCrowd;
    private long liveLimit = Long.MAX_VALUE;
    private long backlogPosition;
    private long backlogEmptyAt = -1;

    /**
     * @param packer makes batches, null for none
     * @param gathersLive whether live entries are batched however few they are
     */
    Track(Source source, Urgency urgency, @Nullable Packer packer, boolean gathersLive) {
        this.source = source;
        this.urgency = urgency;
        this.gathersLive = gathersLive;
        this.batchesLive = packer != null;
        this.live = new Shelf(packer);
        this.backlog = new Shelf(packer);
    }

    /** Looks how far the buffer has come, and what of it has become late. */
    void look(long lateThrough) {
        newest = source.position(urgency);
        late = lateThrough;
        live.drop(late);
        livePosition = Math.max(livePosition, late);
        liveGiven = Math.max(liveGiven, late);
    }

    /** Live entries beyond this position stay where they are for now. */
    void limitLive(long position) {
        liveLimit = position;
    }

    /** Whether something live waits that has not been read. */
    boolean hasUnread() {
        return newest > Math.max(livePosition, liveEmptyAt);
    }

    long newest() {
        return newest;
    }

    /** Up to where the backlog has been read. */
    long backlogPosition() {
        return backlogPosition;
    }

    boolean hasLive() throws IOException {
        long end = Math.min(newest, liveLimit);
        if (live.size() == 0 && Math.max(livePosition, liveEmptyAt) < end) {
            List<Entry> entries = read(livePosition);
            isCrowd = batchesLive && (gathersLive || entries.size() >= CROWD);
            live.batches(isCrowd);
            entries.forEach(live::add);
            liveEmptyAt = entries.isEmpty() ? end : liveEmptyAt;
            livePosition = entries.isEmpty() ? livePosition : last(entries);
        }
        return live.size() > 0;
    }

    @Nullable
    Parcel takeLive() throws IOException {
        Parcel parcel = hasLive() ? live.take(false) : null;
        if (parcel != null) {
            for (Entry entry : parcel.entries()) {
                given.add(isCrowd ? entry.position() - 1 : liveGiven, entry.position());
                liveGiven = Math.max(liveGiven, entry.position());
            }
        }
        return parcel;
    }

    /** Reads on while the shelf is less than half full, so that the rows of one stream find each other. */
    boolean hasBacklog() throws IOException {
        long end = Math.min(newest, late);
        while (Math.max(backlogPosition, backlogEmptyAt) < end && backlog.size() < (chunk + 1) / 2) {
            backlogPosition = given.skip(backlogPosition);
            List<Entry> entries = backlogPosition < end ? read(backlogPosition) : List.of();
            for (Entry entry : entries) {
                shelve(entry, end);
            }
            backlogEmptyAt = entries.isEmpty() || last(entries) >= end ? end : backlogEmptyAt;
            given.forget(backlogPosition);
        }
        return backlog.size() > 0;
    }

    private void shelve(Entry entry, long end) {
        if (entry.position() <= end) {
            backlogPosition = entry.position();
            if (!given.contains(entry.position())) {
                backlog.add(entry);
            }
        }
    }

    @Nullable
    Parcel takeBacklog() throws IOException {
        return hasBacklog() ? backlog.take(true) : null;
    }

    private static long last(List<Entry> entries) {
        return entries.get(entries.size() - 1).position();
    }

    private List<Entry> read(long after) throws IOException {
        List<Entry> entries = source.next(urgency, after, chunk);
        if (!entries.isEmpty()) {
            long bytes = 0;
            for (Entry entry : entries) {
                bytes += entry.payload().length;
            }
            long average = Math.max(1, bytes / entries.size());
            chunk = (int) Math.max(1, Math.min(READ_MAX, Math.min(AHEAD_BYTES / average, chunk * 2L)));
        }
        return entries;
    }
}
