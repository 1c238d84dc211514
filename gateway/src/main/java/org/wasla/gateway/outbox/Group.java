package org.wasla.gateway.outbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one commit will write: batches numbered one after the other. One thread. */
final class Group {

    private final String epoch;
    private final Map<Stream, Long> lastOnDisk;
    private final Map<Stream, Long> last = new HashMap<>();
    private final EnumMap<Urgency, Amount> put = new EnumMap<>(Urgency.class);
    private final List<Entry> entries = new ArrayList<>();
    private final List<Batch> batches = new ArrayList<>();
    private long position;
    private long bytesLeft;

    /** @param bytesLeft what may still wait to be published */
    Group(String epoch, Map<Stream, Long> lastOnDisk, long position, long bytesLeft) {
        this.epoch = epoch;
        this.lastOnDisk = lastOnDisk;
        this.position = position;
        this.bytesLeft = bytesLeft;
    }

    /** Takes the whole batch, or throws and takes nothing of it: no number is used up. */
    void add(Batch batch) throws IOException {
        Map<Stream, Long> given = new HashMap<>();
        List<Entry> numbered = new ArrayList<>();
        long bytes = 0;
        for (Draft draft : batch.drafts()) {
            Stream stream = new Stream(draft.device(), draft.kind());
            long seq = given.getOrDefault(stream, last(stream)) + 1;
            byte[] payload = encode(draft, stream, seq);
            given.put(stream, seq);
            long at = position + numbered.size() + 1;
            numbered.add(new Entry(at, at - 1, draft.urgency(), stream, seq, draft.timeMs(), payload));
            bytes += Entry.amount(payload.length).bytes();
        }
        if (bytes > bytesLeft) {
            throw new IOException("the buffer is full: what waits for the platform fills it; restore the uplink,"
                    + " or give buffer.max more room");
        }
        bytesLeft -= bytes;
        position += numbered.size();
        last.putAll(given);
        entries.addAll(numbered);
        batches.add(batch);
        numbered.forEach(entry -> put.merge(entry.urgency(), entry.amount(), Amount::plus));
    }

    private long last(Stream stream) {
        return last.getOrDefault(stream, lastOnDisk.getOrDefault(stream, 0L));
    }

    /** An encoder that throws is a fault of its caller's, and must not take the other batches down. */
    private byte[] encode(Draft draft, Stream stream, long seq) throws IOException {
        byte[] payload;
        try {
            payload = draft.payload().encode(epoch, seq);
        } catch (RuntimeException e) {
            throw new IOException("a record of " + stream.device() + "." + stream.kind() + " could not be encoded", e);
        }
        if (payload.length > Rows.PAYLOAD_BYTES_MAX) {
            throw new IOException("a record of " + stream.device() + "." + stream.kind() + " has " + payload.length
                    + " bytes; at most " + Rows.PAYLOAD_BYTES_MAX + " fit");
        }
        return payload;
    }

    List<Entry> entries() {
        return entries;
    }

    List<Batch> batches() {
        return batches;
    }

    Map<Stream, Long> last() {
        return last;
    }

    Map<Urgency, Amount> put() {
        return put;
    }

    /** The position of the last entry. */
    long position() {
        return position;
    }
}
