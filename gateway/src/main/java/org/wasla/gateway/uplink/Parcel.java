package org.wasla.gateway.uplink;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.outbox.Entry;

/**
 * What travels in one message: one entry, or several of one stream with consecutive numbers. Immutable as its payload.
 *
 * @param entries in order, at least one
 * @param payload the first entry's payload, or the batch of all
 * @param late whether it is backlog
 * @param replay the order that it answers, null for what is published the first time
 */
record Parcel(
        List<Entry> entries,
        Payload payload,
        boolean late,
        @Nullable Replay replay) {

    Entry first() {
        return entries.get(0);
    }

    /** Its first entry by itself. */
    Parcel alone() {
        return entries.size() == 1
                ? this
                : new Parcel(List.of(first()), Payload.plain(first().payload()), late, replay);
    }
}
