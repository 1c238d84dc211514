package org.wasla.gateway.uplink;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.RecordBatch;
import org.wasla.gateway.outbox.Entry;

/** Makes parcels of the entries of one stream, taking from the front what fits together. Immutable. */
final class Packer {

    private static final int ROWS_MAX = 60;
    private static final int BYTES_MAX = 32 << 10;
    /** What a message has beside its payload, at most. */
    private static final int HEAD_BYTES = 1 << 10;

    private final int bytesMax;

    /** @param packetBytesMax the largest message that the broker takes */
    Packer(long packetBytesMax) {
        this.bytesMax = (int) Math.max(0, Math.min(BYTES_MAX, packetBytesMax - HEAD_BYTES));
    }

    /** One parcel of the first entries of a queue that is not empty; only observations go together. */
    Parcel pack(ArrayDeque<Entry> stream, boolean late, @Nullable Replay replay) {
        Entry first = stream.remove();
        List<Entry> taken = new ArrayList<>();
        taken.add(first);
        Optional<RecordBatch> batch =
                isNext(first, stream.peek()) ? RecordBatch.of(first.payload(), ROWS_MAX, bytesMax) : Optional.empty();
        if (batch.isPresent()) {
            Entry last = first;
            Entry next = stream.peek();
            while (next != null && isNext(last, next) && batch.get().add(next.payload())) {
                taken.add(next);
                last = next;
                stream.remove();
                next = stream.peek();
            }
        }
        byte[] json = taken.size() > 1 ? batch.orElseThrow().json() : first.payload();
        return new Parcel(List.copyOf(taken), Payload.plain(json), late, replay);
    }

    private static boolean isNext(Entry entry, @Nullable Entry next) {
        return next != null && "obs".equals(entry.kind()) && next.seq() == entry.seq() + 1;
    }
}
