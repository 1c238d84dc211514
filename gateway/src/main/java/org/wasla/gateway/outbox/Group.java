package org.wasla.gateway.outbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one sync will make durable: batches numbered one after the other. One thread. */
final class Group {

    private final String epoch;
    private final Book book;
    private final GapEvents events;
    private final Map<Stream, Losses.Lost> losses;
    private final Map<Stream, Losses.Lost> told = new HashMap<>();
    private final Map<Stream, Long> last = new HashMap<>();
    private final EnumMap<Urgency, Long> lastOf = new EnumMap<>(Urgency.class);
    private final Map<Stream, StreamState> moved = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Batch> batches = new ArrayList<>();
    private long position;
    private long bytes;

    /** @param losses what was lost and not told yet */
    Group(String epoch, Book book, GapEvents events, Map<Stream, Losses.Lost> losses) {
        this.epoch = epoch;
        this.book = book;
        this.events = events;
        this.losses = losses;
        this.position = book.position();
    }

    /** Takes the whole batch, or throws and takes nothing of it: no number is used up. */
    void add(Batch batch) throws IOException {
        if (!losses.isEmpty()) {
            // Before the first record of a stream that has lost some comes the record that says which.
            for (Draft draft : batch.drafts()) {
                tell(new Stream(draft.device(), draft.kind()));
            }
        }
        List<byte[]> payloads = new ArrayList<>();
        Map<Stream, Long> given = new HashMap<>();
        for (Draft draft : batch.drafts()) {
            Stream stream = new Stream(draft.device(), draft.kind());
            long seq = given.getOrDefault(stream, last(stream)) + 1;
            payloads.add(encode(draft, stream, seq));
            given.put(stream, seq);
        }
        for (int i = 0; i < payloads.size(); i++) {
            take(batch.drafts().get(i), payloads.get(i));
        }
        Loss loss = batch.loss();
        if (loss != null) {
            loss.forgotten().forEach((stream, number) -> move(stream, new StreamState(0, number)));
        }
        batches.add(batch);
    }

    /** Tells all losses, also those that no record follows. */
    void tellAll() throws IOException {
        for (Stream stream : losses.keySet()) {
            tell(stream);
        }
    }

    /** Uses up the numbers of what a stream has lost; the record that says so may have lost some of its own stream. */
    private void tell(Stream stream) throws IOException {
        Losses.Lost lost = losses.get(stream);
        if (lost == null || told.containsKey(stream)) {
            return;
        }
        told.put(stream, lost);
        long before = last(stream);
        long to = before + lost.records();
        last.put(stream, to);
        move(stream, new StreamState(to, 0));
        Draft gap = events.gap(stream.device(), stream.kind(), before + 1, to, lost.why());
        Stream own = new Stream(gap.device(), gap.kind());
        tell(own);
        take(gap, encode(gap, own, last(own) + 1));
    }

    private void move(Stream stream, StreamState more) {
        moved.merge(stream, more, (old, m) -> old.withLast(m.last()).withForgotten(m.forgotten()));
    }

    private void take(Draft draft, byte[] payload) {
        Stream stream = new Stream(draft.device(), draft.kind());
        long seq = last(stream) + 1;
        long after = lastOf.getOrDefault(draft.urgency(), book.progress().last(draft.urgency()));
        position++;
        Entry entry = new Entry(position, after, draft.urgency(), stream, seq, draft.timeMs(), payload);
        last.put(stream, seq);
        lastOf.put(draft.urgency(), position);
        bytes += entry.amount().bytes();
        entries.add(entry);
    }

    private long last(Stream stream) {
        Long known = last.get(stream);
        return known == null ? book.stream(stream).last() : known;
    }

    /** An encoder that throws is a fault of its caller's, and must not take the other batches down. */
    private byte[] encode(Draft draft, Stream stream, long seq) throws IOException {
        byte[] payload;
        try {
            payload = draft.payload().encode(epoch, seq);
        } catch (RuntimeException e) {
            throw new IOException("a record of " + stream + " could not be encoded", e);
        }
        if (payload.length > Draft.PAYLOAD_BYTES_MAX) {
            throw new IOException("a record of " + stream + " has " + payload.length + " bytes; at most "
                    + Draft.PAYLOAD_BYTES_MAX + " fit");
        }
        return payload;
    }

    boolean isEmpty() {
        return entries.isEmpty() && batches.isEmpty() && moved.isEmpty();
    }

    List<Entry> entries() {
        return entries;
    }

    List<Batch> batches() {
        return batches;
    }

    /** What is given up with it. */
    List<Loss> given() {
        List<Loss> given = new ArrayList<>();
        for (Batch batch : batches) {
            Loss loss = batch.loss();
            if (loss != null) {
                given.add(loss);
            }
        }
        return given;
    }

    Map<Stream, StreamState> moved() {
        return moved;
    }

    Map<Stream, Losses.Lost> told() {
        return told;
    }

    long bytes() {
        return bytes;
    }
}
