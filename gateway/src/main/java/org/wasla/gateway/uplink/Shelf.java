package org.wasla.gateway.uplink;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.outbox.Entry;

/** Entries that were read and not yet given: in order, or stream by stream so that they can be batched. One thread. */
final class Shelf {

    private final @Nullable Packer packer;
    private boolean batches = true;
    private final Map<String, ArrayDeque<Entry>> streams = new LinkedHashMap<>();
    private int size;

    /** @param packer makes batches of each stream; null for entries in order, one by one */
    Shelf(@Nullable Packer packer) {
        this.packer = packer;
    }

    /** Whether what is added from now on may be batched; asked only while it is empty. */
    void batches(boolean mayBatch) {
        batches = mayBatch;
    }

    void add(Entry entry) {
        String stream = packer == null || !batches ? "" : entry.device() + "/" + entry.kind();
        streams.computeIfAbsent(stream, name -> new ArrayDeque<>()).add(entry);
        size++;
    }

    int size() {
        return size;
    }

    /** The next parcel, null when there is none; a stream that has more goes behind the others. */
    @Nullable
    Parcel take(boolean late) {
        if (size == 0) {
            return null;
        }
        Map.Entry<String, ArrayDeque<Entry>> first =
                streams.entrySet().iterator().next();
        ArrayDeque<Entry> queue = first.getValue();
        boolean alone = packer == null || !batches;
        Parcel parcel = packer == null || alone ? single(queue.remove(), late) : packer.pack(queue, late, null);
        size -= parcel.entries().size();
        if (!alone || queue.isEmpty()) {
            String name = first.getKey();
            streams.remove(name);
            if (!queue.isEmpty()) {
                streams.put(name, queue);
            }
        }
        return parcel;
    }

    private static Parcel single(Entry entry, boolean late) {
        return new Parcel(List.of(entry), Payload.plain(entry.payload()), late, null);
    }

    /** Leaves out what lies at or before this position. */
    void drop(long through) {
        if (size == 0) {
            return;
        }
        for (ArrayDeque<Entry> queue : streams.values()) {
            while (!queue.isEmpty() && queue.element().position() <= through) {
                queue.remove();
                size--;
            }
        }
        streams.values().removeIf(ArrayDeque::isEmpty);
    }
}
