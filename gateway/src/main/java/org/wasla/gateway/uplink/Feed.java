package org.wasla.gateway.uplink;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.Urgency;

/**
 * Reads the outbox for one connection, from its first unpublished entry: always the most urgent that waits, and each
 * urgency in order. One thread.
 */
final class Feed {

    private static final int BATCH = 64;

    /** How far one urgency has been read: up to the cursor, and known to be empty behind {@code emptyAt}. */
    private static final class Cursor {
        private final ArrayDeque<Entry> ready = new ArrayDeque<>();
        private long position;
        private long emptyAt = -1;
    }

    private final Outbox outbox;
    private final Map<Urgency, Cursor> cursors = new EnumMap<>(Urgency.class);

    Feed(Outbox outbox) {
        this.outbox = outbox;
        for (Urgency urgency : Urgency.values()) {
            cursors.put(urgency, new Cursor());
        }
    }

    /** The next entry to send, null when all have been given. */
    @Nullable
    Entry next() throws IOException {
        for (Map.Entry<Urgency, Cursor> each : cursors.entrySet()) {
            Cursor cursor = each.getValue();
            if (cursor.ready.isEmpty()) {
                fill(each.getKey(), cursor);
            }
            Entry entry = cursor.ready.poll();
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    private void fill(Urgency urgency, Cursor cursor) throws IOException {
        long newest = outbox.position(urgency);
        if (newest <= cursor.emptyAt) {
            return;
        }
        List<Entry> entries = outbox.next(urgency, cursor.position, BATCH);
        if (entries.isEmpty()) {
            cursor.emptyAt = newest;
        } else {
            cursor.ready.addAll(entries);
            cursor.position = entries.get(entries.size() - 1).position();
        }
    }
}
