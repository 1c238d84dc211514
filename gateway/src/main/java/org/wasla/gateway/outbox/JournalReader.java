package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.vault.WrongKeyException;

/**
 * Reads the journal as an earlier run left it, and changes nothing. One thread.
 *
 * <p>A record that does not hold its checksum ends the segment, unless a good one lies behind it: then the bad one was
 * durable once, is counted as damage and passed over.
 */
final class JournalReader {

    /** The head of a segment. Immutable. */
    record Head(int index, long segment, String epoch, long goodSegment, long goodBytes) {}

    private final BufferDir dir;
    private final List<Head> heads = new ArrayList<>();
    private final List<Journal.Slot> slots = new ArrayList<>();
    private final int files;
    private final List<Integer> unreadable = new ArrayList<>();
    private int damaged;
    private long goodBytes;
    private @Nullable Book book;

    JournalReader(BufferDir dir) throws IOException {
        this.dir = dir;
        files = dir.journals();
        for (int index = 0; index < files; index++) {
            if (dir.hasJournal(index)) {
                readHead(index);
            }
        }
        heads.sort(Comparator.comparingLong(Head::segment));
        if (!heads.isEmpty()) {
            String newest = epoch();
            heads.removeIf(head -> !head.epoch().equals(newest));
        }
    }

    private void readHead(int index) throws IOException {
        byte[] bytes = read(index, JournalFormat.SEGMENT_HEAD_BYTES);
        ByteBuffer head = ByteBuffer.wrap(bytes);
        if (bytes.length == JournalFormat.SEGMENT_HEAD_BYTES
                && head.getInt() == JournalFormat.SEGMENT_MAGIC
                && head.getInt() == JournalFormat.VERSION) {
            long segment = head.getLong();
            String epoch = String.format("%08x", head.getInt());
            Head read = new Head(index, segment, epoch, head.getLong(), head.getLong());
            if (head.getInt() == JournalFormat.crc(segment, bytes, 0, bytes.length - 4)) {
                heads.add(read);
                return;
            }
        }
        // A fresh file is zeros until its first sector is written, and a sector is written whole or not at all.
        for (byte each : bytes) {
            if (each != 0) {
                unreadable.add(index);
                return;
            }
        }
    }

    byte[] read(int index, long bytesMax) throws IOException {
        try (FileChannel channel = dir.openJournal(index)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(bytesMax, channel.size()));
            int read = 0;
            while (bytes.hasRemaining() && read >= 0) {
                read = channel.read(bytes, bytes.position());
            }
            return java.util.Arrays.copyOf(bytes.array(), bytes.position());
        }
    }

    /** Whether there is nothing that tells a state. */
    boolean isEmpty() {
        return heads.isEmpty();
    }

    /** One more than the highest index of a file. */
    int files() {
        return files;
    }

    /** A head that holds no checksum and no zeros: the newest numbers may have been in there. */
    boolean hasUnreadableHead() {
        return !unreadable.isEmpty();
    }

    /** The files with such a head. */
    List<Integer> unreadableHeads() {
        return List.copyOf(unreadable);
    }

    /** The heads that count, the oldest segment first. */
    List<Head> heads() {
        return List.copyOf(heads);
    }

    String epoch() {
        return heads.get(heads.size() - 1).epoch();
    }

    /** Whether the journal goes on under this epoch. */
    boolean epoch(String expected) {
        return !heads.isEmpty() && epoch().equals(expected);
    }

    /** Reads all records, the entries in order of position into the consumer; gives what the buffer knew at the end. */
    Book replay(Consumer<Entry> entries) throws IOException {
        Map<Long, Long> validBytes = validBytes();
        book = new Book(JournalState.fresh());
        slots.clear();
        damaged = 0;
        for (Head head : heads) {
            Long valid = validBytes.get(head.segment());
            if (valid != null) {
                replay(head, valid, entries);
            }
        }
        return book;
    }

    /** The segments that count, and how much of them: what a failed write left behind was given up. */
    Map<Long, Long> validBytes() {
        Map<Long, Head> bySegment = new TreeMap<>();
        heads.forEach(head -> bySegment.put(head.segment(), head));
        Map<Long, Long> valid = new HashMap<>();
        heads.forEach(head -> valid.put(head.segment(), Long.MAX_VALUE));
        for (Head head : heads) {
            if (bySegment.containsKey(head.goodSegment())) {
                valid.put(head.goodSegment(), head.goodBytes());
            }
            for (long given = head.goodSegment() + 1; given < head.segment(); given++) {
                valid.remove(given);
            }
        }
        return valid;
    }

    private void replay(Head head, long valid, Consumer<Entry> entries) throws IOException {
        byte[] bytes = read(head.index(), Math.min(valid, Integer.MAX_VALUE - 8));
        Journal.Slot slot = new Journal.Slot(head.index(), head.segment(), 0);
        slots.add(slot);
        goodBytes = JournalFormat.SEGMENT_HEAD_BYTES;
        int at = JournalFormat.SEGMENT_HEAD_BYTES;
        while (at >= 0) {
            int length = lengthAt(bytes, at, head.segment());
            if (length < 0) {
                at = nextGood(bytes, at + 1, head.segment());
                damaged += at >= 0 ? 1 : 0;
            } else {
                damaged += apply(bytes, at, length, slot, entries) ? 0 : 1;
                at += JournalFormat.RECORD_HEAD_BYTES + length;
                goodBytes = at;
            }
        }
    }

    /** The length of the body of the record here, -1 when there is no good one. */
    static int lengthAt(byte[] bytes, int at, long segment) {
        if (at + JournalFormat.RECORD_HEAD_BYTES > bytes.length) {
            return -1;
        }
        ByteBuffer head = ByteBuffer.wrap(bytes, at, JournalFormat.RECORD_HEAD_BYTES);
        if (head.getInt() != JournalFormat.RECORD_MAGIC) {
            return -1;
        }
        int length = head.getInt();
        int crc = head.getInt();
        if (length < 0 || length > bytes.length - at - JournalFormat.RECORD_HEAD_BYTES) {
            return -1;
        }
        int typeAt = at + JournalFormat.RECORD_HEAD_BYTES - 1;
        return crc == JournalFormat.crc(segment, bytes, typeAt, length + 1) ? length : -1;
    }

    /** Where the next good record begins, -1 for nowhere. */
    static int nextGood(byte[] bytes, int from, long segment) {
        for (int at = from; at + JournalFormat.RECORD_HEAD_BYTES <= bytes.length; at++) {
            if (bytes[at] == (byte) (JournalFormat.RECORD_MAGIC >>> 24) && lengthAt(bytes, at, segment) >= 0) {
                return at;
            }
        }
        return -1;
    }

    /**
     * @return false when it was locked and does not open although its checksum holds: somebody has changed it
     * @throws WrongKeyException when it was locked with another key
     */
    private boolean apply(byte[] bytes, int at, int length, Journal.Slot slot, Consumer<Entry> entries)
            throws IOException {
        int bodyAt = at + JournalFormat.RECORD_HEAD_BYTES;
        int type = bytes[bodyAt - 1];
        ByteBuffer body = ByteBuffer.wrap(bytes, bodyAt, length);
        if (type == JournalFormat.STATE) {
            book = new Book(JournalFormat.state(body));
            return true;
        }
        Change change;
        try {
            change = type == JournalFormat.LOCKED_CHANGE
                    ? JournalFormat.lockedChange(bytes, bodyAt, length, slot.segment(), dir.safe())
                    : JournalFormat.change(body);
        } catch (WrongKeyException notOurs) {
            throw notOurs;
        } catch (IOException changed) {
            return false;
        }
        if (book != null) {
            book.apply(change, true);
        }
        for (Entry entry : change.entries()) {
            slot.reach(entry.position());
            entries.accept(entry);
        }
        return true;
    }

    /** The segments that were read, oldest first. */
    List<Journal.Slot> slots() {
        return List.copyOf(slots);
    }

    /** How many times bad bytes lay before good records. */
    int damaged() {
        return damaged;
    }

    long lastSegment() {
        return heads.isEmpty() ? 0 : heads.get(heads.size() - 1).segment();
    }

    /** How much of the newest segment is valid. */
    long goodBytes() {
        return goodBytes;
    }
}
