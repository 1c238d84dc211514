package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.wasla.gateway.outbox.Spans.Span;
import org.wasla.gateway.vault.Safe;

/**
 * The bytes of the journal. Stateless.
 *
 * <p>A segment is a file that is written from its start to its end and then, when its entries lie in the store, written
 * again as a later segment: the file keeps its length, so that a sync costs the written pages and nothing of the file
 * system's own. What an earlier use left behind is told apart by the checksum, which the segment's number goes into.
 *
 * <pre>
 * segment  magic WSLJ (4) | version 1 (4) | number (8) | epoch (4) | newest good segment (8), its valid bytes (8) | crc (4) | record ...
 * record   magic WSLR (4) | length of the body (4) | crc (4) | type (1) | body
 * </pre>
 *
 * <p>All that one sync makes durable is one record, so a torn write leaves the whole group or nothing of it; a bad
 * record with a good one behind it was durable once, and is damage. CRC is CRC-32C over segment number, type and body.
 *
 * <p>Where the buffer is encrypted the body of a change is locked as a whole, by {@link Safe}: streams, numbers and payloads
 * of a group under one tag. The checksum lies outside, so that all of the above holds without a key. Heads and states stay
 * clear: names of streams and numbers, nothing of a patient.
 */
final class JournalFormat {

    static final int SEGMENT_MAGIC = 0x57534c4a;
    static final int RECORD_MAGIC = 0x57534c52;
    static final int VERSION = 1;
    static final int SEGMENT_HEAD_BYTES = 40;
    private static final int CHANGE_BYTES = 4 << 10;
    static final int RECORD_HEAD_BYTES = 13;
    static final int STATE = 1;
    static final int CHANGE = 2;
    /** A change, locked; its checksum is of what stands in the file. */
    static final int LOCKED_CHANGE = 3;

    private JournalFormat() {}

    static int crc(long segment, byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        for (int shift = 56; shift >= 0; shift -= 8) {
            crc.update((int) (segment >>> shift) & 0xff);
        }
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    static void segmentHead(Packer to, long segment, String epoch, long goodSegment, long goodBytes) {
        int start = to.size();
        to.putInt(SEGMENT_MAGIC);
        to.putInt(VERSION);
        to.putLong(segment);
        to.putInt(Integer.parseUnsignedInt(epoch, 16));
        to.putLong(goodSegment);
        to.putLong(goodBytes);
        to.putInt(crc(segment, to.array(), start, to.size() - start));
    }

    static void state(Packer to, long segment, JournalState state) {
        int start = begin(to, STATE);
        to.putVar(state.boot());
        to.putVar(state.position());
        streams(to, state.streams());
        lanes(to, state.lanes());
        end(to, start, segment);
    }

    static void change(Packer to, long segment, Change change, Safe safe) {
        if (safe.isLocking()) {
            Packer clear = new Packer(CHANGE_BYTES);
            change(clear, change);
            int start = begin(to, LOCKED_CHANGE);
            byte[] locked = safe.lock(clear.array(), 0, clear.size(), about(segment));
            to.put(locked, 0, locked.length);
            end(to, start, segment);
            return;
        }
        int start = begin(to, CHANGE);
        change(to, change);
        end(to, start, segment);
    }

    private static void change(Packer to, Change change) {
        lanes(to, change.lanes());
        streams(to, change.streams());
        entries(to, change.entries());
    }

    /** A record opens in no other segment. */
    private static byte[] about(long segment) {
        return ByteBuffer.allocate(Long.BYTES + 1)
                .putLong(segment)
                .put((byte) LOCKED_CHANGE)
                .array();
    }

    /**
     * @throws IOException when it was locked and is not as it was written
     * @throws RuntimeException when these bytes were not written by {@link #change}
     */
    static Change lockedChange(byte[] bytes, int offset, int length, long segment, Safe safe) throws IOException {
        return change(ByteBuffer.wrap(safe.unlock(bytes, offset, length, about(segment))));
    }

    private static int begin(Packer to, int type) {
        int start = to.size();
        to.putInt(RECORD_MAGIC);
        to.putInt(0);
        to.putInt(0);
        to.putByte(type);
        return start;
    }

    private static void end(Packer to, int start, long segment) {
        to.setInt(start + 4, to.size() - start - RECORD_HEAD_BYTES);
        int typeAt = start + RECORD_HEAD_BYTES - 1;
        to.setInt(start + 8, crc(segment, to.array(), typeAt, to.size() - typeAt));
    }

    private static void streams(Packer to, Map<Stream, StreamState> streams) {
        to.putVar(streams.size());
        streams.forEach((stream, state) -> {
            stream(to, stream);
            to.putVar(state.last());
            to.putVar(state.forgotten());
        });
    }

    static void stream(Packer to, Stream stream) {
        to.putText(stream.device());
        to.putText(stream.kind());
    }

    static Stream stream(ByteBuffer from) {
        return new Stream(Packer.text(from), Packer.text(from));
    }

    private static void lanes(Packer to, List<LaneState> lanes) {
        to.putVar(lanes.size());
        for (LaneState lane : lanes) {
            to.putByte(lane.urgency().code());
            to.putVar(lane.waiting().entries());
            to.putVar(lane.waiting().bytes());
            to.putVar(lane.last());
            to.putVar(lane.published().size());
            long at = 0;
            for (Span span : lane.published()) {
                to.putVar(span.from() - at);
                to.putVar(span.to() - span.from());
                at = span.to();
            }
        }
    }

    /** Streams once, then the entries with the number of their stream: also the content of a block. */
    static void entries(Packer to, List<Entry> entries) {
        Map<Stream, Integer> numbers = new LinkedHashMap<>();
        for (Entry entry : entries) {
            numbers.putIfAbsent(entry.stream(), numbers.size());
        }
        to.putVar(numbers.size());
        numbers.keySet().forEach(stream -> stream(to, stream));
        to.putVar(entries.size());
        long position = 0;
        for (Entry entry : entries) {
            to.putVar(numbers.getOrDefault(entry.stream(), 0));
            to.putByte(entry.urgency().code());
            to.putVar(entry.position() - position);
            to.putVar(entry.position() - entry.after());
            to.putVar(entry.seq());
            to.putLong(entry.timeMs());
            to.putBytes(entry.payload());
            position = entry.position();
        }
    }

    /** @throws RuntimeException when these bytes were not written by {@link #state} */
    static JournalState state(ByteBuffer from) {
        long boot = Packer.var(from);
        long position = Packer.var(from);
        return new JournalState(boot, position, streams(from), lanes(from));
    }

    /** @throws RuntimeException when these bytes were not written by {@link #change} */
    static Change change(ByteBuffer from) {
        List<LaneState> lanes = lanes(from);
        return new Change(lanes, streams(from), entries(from));
    }

    private static Map<Stream, StreamState> streams(ByteBuffer from) {
        Map<Stream, StreamState> streams = new HashMap<>();
        for (long left = Packer.var(from); left > 0; left--) {
            Stream stream = stream(from);
            streams.put(stream, new StreamState(Packer.var(from), Packer.var(from)));
        }
        return streams;
    }

    private static List<LaneState> lanes(ByteBuffer from) {
        List<LaneState> lanes = new ArrayList<>();
        for (long left = Packer.var(from); left > 0; left--) {
            Urgency urgency = Urgency.ofCode(from.get());
            Amount waiting = new Amount(Packer.var(from), Packer.var(from));
            long last = Packer.var(from);
            List<Span> published = new ArrayList<>();
            long at = 0;
            for (long spans = Packer.var(from); spans > 0; spans--) {
                long start = at + Packer.var(from);
                at = start + Packer.var(from);
                published.add(new Span(start, at));
            }
            lanes.add(new LaneState(urgency, published, waiting, last));
        }
        return lanes;
    }

    static List<Entry> entries(ByteBuffer from) {
        List<Stream> streams = new ArrayList<>();
        for (long left = Packer.var(from); left > 0; left--) {
            streams.add(stream(from));
        }
        List<Entry> entries = new ArrayList<>();
        long position = 0;
        for (long left = Packer.var(from); left > 0; left--) {
            Stream stream = streams.get((int) Packer.var(from));
            Urgency urgency = Urgency.ofCode(from.get());
            position += Packer.var(from);
            long after = position - Packer.var(from);
            long seq = Packer.var(from);
            entries.add(new Entry(position, after, urgency, stream, seq, from.getLong(), Packer.bytes(from)));
        }
        return entries;
    }
}
