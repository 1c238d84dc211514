package org.wasla.gateway.outbox;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All entries that were found, as sets of positions and numbers and as places where they lie: some bytes a run, not the
 * entries themselves. One thread.
 */
final class Inventory {

    /** Numbers missing between two entries of a stream, and the positions of those two. Immutable. */
    record Hole(Urgency urgency, long to, long before, long after) {}

    private static final class Last {
        private long seq;
        private long position;
    }

    private final Progress progress;
    private final GapReader gaps;
    private final Map<Urgency, Spans> positions = new EnumMap<>(Urgency.class);
    private final Map<Stream, Spans> numbers = new HashMap<>();
    private final Map<Stream, Spans> told = new HashMap<>();
    private final Map<Stream, Last> last = new HashMap<>();
    private final Map<Stream, TreeMap<Long, Hole>> holes = new HashMap<>();
    private final List<Run> runs = new ArrayList<>();
    private long entries;
    private long unpublished;
    private long payloadBytes;

    Inventory(Progress progress, GapReader gaps) {
        this.progress = progress;
        this.gaps = gaps;
        for (Urgency urgency : Urgency.values()) {
            positions.put(urgency, new Spans());
        }
    }

    boolean holds(Entry entry) {
        return positions(entry.urgency()).contains(entry.position());
    }

    void place(Run run) {
        runs.add(run);
    }

    /** @param counts whether their numbers are those that this buffer gives: not so after it has got a new epoch */
    void add(List<Entry> found, boolean counts) {
        for (Entry entry : found) {
            if (holds(entry)) {
                continue;
            }
            entries++;
            payloadBytes += entry.payload().length;
            unpublished += progress.isPublished(entry.urgency(), entry.position()) ? 0 : 1;
            positions(entry.urgency()).add(entry.after() + 1, entry.position());
            if (counts) {
                number(entry);
            }
        }
    }

    private void number(Entry entry) {
        numbers(entry.stream()).add(entry.seq(), entry.seq());
        Last before = last.computeIfAbsent(entry.stream(), stream -> new Last());
        if (entry.seq() > before.seq + 1) {
            holes.computeIfAbsent(entry.stream(), stream -> new TreeMap<>())
                    .put(before.seq + 1, new Hole(entry.urgency(), entry.seq() - 1, before.position, entry.position()));
        }
        if (entry.seq() > before.seq) {
            before.seq = entry.seq();
            before.position = entry.position();
        }
        if (entry.kind().equals("evt")) {
            GapReader.Told gap = gaps.told(entry.payload());
            if (gap != null) {
                told(new Stream(gap.device(), gap.kind())).add(gap.from(), gap.to());
            }
        }
    }

    Spans positions(Urgency urgency) {
        return positions.computeIfAbsent(urgency, u -> new Spans());
    }

    Spans numbers(Stream stream) {
        return numbers.computeIfAbsent(stream, s -> new Spans());
    }

    /** The numbers of a stream that gap events tell as lost. */
    Spans told(Stream stream) {
        return told.computeIfAbsent(stream, s -> new Spans());
    }

    /** The hole that a missing number lies in, null when it is not between two entries. */
    @Nullable
    Hole hole(Stream stream, long number) {
        TreeMap<Long, Hole> all = holes.get(stream);
        Map.Entry<Long, Hole> found = all == null ? null : all.floorEntry(number);
        return found == null || found.getValue().to() < number ? null : found.getValue();
    }

    List<Run> runs() {
        return runs;
    }

    long entries() {
        return entries;
    }

    long unpublished() {
        return unpublished;
    }

    long payloadBytes() {
        return payloadBytes;
    }

    List<Stream> streams() {
        return List.copyOf(numbers.keySet());
    }
}
