package org.wasla.gateway.outbox;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a store file holds, in sums: written beside it when it is finished. Thread-safe. */
final class Contents {

    /**
     * The entries of one urgency. Immutable.
     *
     * @param after the position of the newest entry of this urgency before these
     */
    record Part(long after, long first, long last, Amount amount) {

        private Part plus(Part newer) {
            return new Part(
                    Math.min(after, newer.after),
                    Math.min(first, newer.first),
                    Math.max(last, newer.last),
                    amount.plus(newer.amount));
        }

        static Part of(List<Entry> entries) {
            Entry first = entries.get(0);
            Amount amount = entries.stream().map(Entry::amount).reduce(Amount.NONE, Amount::plus);
            return new Part(
                    first.after(),
                    first.position(),
                    entries.get(entries.size() - 1).position(),
                    amount);
        }
    }

    /** Numbers of one stream, both included. Immutable. */
    record Range(long from, long to) {

        private Range around(Range other) {
            return new Range(Math.min(from, other.from), Math.max(to, other.to));
        }
    }

    private final EnumMap<Urgency, Part> parts = new EnumMap<>(Urgency.class);
    private final Map<Stream, Range> streams = new HashMap<>();

    synchronized void add(Urgency urgency, Part part, Map<Stream, Range> ranges) {
        parts.merge(urgency, part, Part::plus);
        ranges.forEach((stream, range) -> streams.merge(stream, range, Range::around));
    }

    void add(Generation.Place place) {
        add(place.urgency(), new Part(place.after(), place.first(), place.last(), place.amount()), place.ranges());
    }

    static Map<Stream, Range> ranges(List<Entry> entries) {
        Map<Stream, Range> ranges = new HashMap<>();
        for (Entry entry : entries) {
            ranges.merge(entry.stream(), new Range(entry.seq(), entry.seq()), Range::around);
        }
        return ranges;
    }

    synchronized @Nullable Part part(Urgency urgency) {
        return parts.get(urgency);
    }

    synchronized @Nullable Range range(Stream stream) {
        return streams.get(stream);
    }

    synchronized Map<Stream, Range> streams() {
        return Map.copyOf(streams);
    }

    synchronized boolean isEmpty() {
        return parts.isEmpty();
    }

    /** The newest position of any urgency, 0 for none. */
    synchronized long last() {
        return parts.values().stream().mapToLong(Part::last).max().orElse(0);
    }

    synchronized Amount amount() {
        return parts.values().stream().map(Part::amount).reduce(Amount.NONE, Amount::plus);
    }

    synchronized byte[] bytes() {
        Packer to = new Packer(1 << 10);
        to.putVar(parts.size());
        parts.forEach((urgency, part) -> {
            to.putByte(urgency.code());
            to.putVar(part.after());
            to.putVar(part.first());
            to.putVar(part.last());
            to.putVar(part.amount().entries());
            to.putVar(part.amount().bytes());
        });
        ranges(to, streams);
        to.putInt(JournalFormat.crc(0, to.array(), 0, to.size()));
        return java.util.Arrays.copyOf(to.array(), to.size());
    }

    /** Null when these are not the bytes of any. */
    static @Nullable Contents of(byte[] bytes) {
        int end = bytes.length - 4;
        if (end < 0 || ByteBuffer.wrap(bytes).getInt(end) != JournalFormat.crc(0, bytes, 0, end)) {
            return null;
        }
        ByteBuffer from = ByteBuffer.wrap(bytes, 0, end);
        Contents contents = new Contents();
        for (long left = Packer.var(from); left > 0; left--) {
            Urgency urgency = Urgency.ofCode(from.get());
            long after = Packer.var(from);
            long first = Packer.var(from);
            long last = Packer.var(from);
            Amount amount = new Amount(Packer.var(from), Packer.var(from));
            contents.parts.put(urgency, new Part(after, first, last, amount));
        }
        contents.streams.putAll(ranges(from));
        return contents;
    }

    static void ranges(Packer to, Map<Stream, Range> ranges) {
        to.putVar(ranges.size());
        ranges.forEach((stream, range) -> {
            JournalFormat.stream(to, stream);
            to.putVar(range.from());
            to.putVar(range.to());
        });
    }

    static Map<Stream, Range> ranges(ByteBuffer from) {
        Map<Stream, Range> ranges = new HashMap<>();
        for (long left = Packer.var(from); left > 0; left--) {
            Stream stream = JournalFormat.stream(from);
            ranges.put(stream, new Range(Packer.var(from), Packer.var(from)));
        }
        return ranges;
    }
}
