package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The head of the buffer: takes each group with one write and one sync of a file that does not change its length. One
 * thread. The bytes are in {@link JournalFormat}.
 *
 * <p>A group that failed is outside the journal for good: the next one begins a new segment, whose head says how much
 * of the one before is valid, so that its numbers can be given again.
 */
final class Journal implements AutoCloseable {

    private static final int WRITE_BYTES_MAX = 128 << 10;
    private static final int PACKER_BYTES = 256 << 10;

    /** A file of the journal. The newest position in it tells when it may be written again. */
    static final class Slot {
        private final int index;
        private final long segment;
        private long lastPosition;

        /** @param segment what it holds, 0 for nothing of use */
        Slot(int index, long segment, long lastPosition) {
            this.index = index;
            this.segment = segment;
            this.lastPosition = lastPosition;
        }

        int index() {
            return index;
        }

        long segment() {
            return segment;
        }

        /** It holds an entry at this position. */
        void reach(long position) {
            lastPosition = Math.max(lastPosition, position);
        }
    }

    private final BufferDir dir;
    private final String epoch;
    private final long segmentBytes;
    private final int slotsKept;
    private final int slotsMost;
    private final Packer packer = new Packer(PACKER_BYTES);
    /** Oldest first; the last is the one that is written, once there is one. */
    private final ArrayDeque<Slot> slots = new ArrayDeque<>();

    private int slotCount;
    private @Nullable FileChannel channel;
    private long segment;
    private long offset;
    /** The newest segment with anything valid, and how much of it is. */
    private long goodSegment;

    private long goodBytes;
    private volatile long storedPosition = -1;
    private volatile boolean isLong;
    private volatile long syncNsMax;

    /**
     * @param found what recovery has read, oldest first
     * @param slotCount how many files there are, those without a valid head among them
     * @param lastSegment the newest segment, of which {@code goodBytes} are valid
     */
    Journal(
            BufferDir dir,
            String epoch,
            OutboxSettings settings,
            List<Slot> found,
            int slotCount,
            long lastSegment,
            long goodBytes) {
        this.dir = dir;
        this.epoch = epoch;
        this.segmentBytes = settings.segmentBytes();
        this.slotsKept = settings.segmentsKept();
        this.slotsMost = settings.segmentsMost();
        this.slots.addAll(found);
        this.slotCount = slotCount;
        this.segment = lastSegment;
        this.goodSegment = lastSegment;
        this.goodBytes = goodBytes;
        this.isLong = slots.size() > slotsMost;
    }

    /**
     * Whether there are more files than need be: each run begins one of its own, however short it was. Thread-safe.
     */
    boolean isLong() {
        return isLong;
    }

    /** Gives back the room of files beyond those kept, once the store has what is in them. They stay, empty. */
    void trim() throws IOException {
        boolean trimmed = false;
        Slot oldest = slots.peekFirst();
        while (oldest != null && slots.size() > slotsKept && oldest.lastPosition <= storedPosition) {
            dir.emptyJournal(oldest.index);
            slots.pollFirst();
            oldest = slots.peekFirst();
            trimmed = true;
        }
        if (trimmed) {
            dir.force();
        }
        isLong = slots.size() > slotsMost;
    }

    /** Everything up to here lies in the store and is seasoned there. Thread-safe. */
    void stored(long position) {
        storedPosition = position;
    }

    /** Makes the change durable, or throws and then it is as if it had never been. */
    void append(Change change, Supplier<JournalState> before) throws IOException {
        boolean written = false;
        try {
            FileChannel open = write(change, before);
            long startNs = System.nanoTime();
            open.force(false);
            syncNsMax = Math.max(syncNsMax, System.nanoTime() - startNs);
            good();
            written = true;
        } finally {
            if (!written) {
                abandon();
            }
        }
    }

    /** Writes marks without a sync of their own: losing them only sends something twice. */
    void note(Change change, Supplier<JournalState> before) throws IOException {
        boolean written = false;
        try {
            write(change, before);
            good();
            written = true;
        } finally {
            if (!written) {
                abandon();
            }
        }
    }

    private void good() {
        goodSegment = segment;
        goodBytes = offset;
    }

    private FileChannel write(Change change, Supplier<JournalState> before) throws IOException {
        packer.clear(PACKER_BYTES);
        FileChannel open = channel;
        if (open == null || offset >= segmentBytes) {
            open = rotate();
            JournalFormat.segmentHead(packer, segment, epoch, goodSegment, goodBytes);
            JournalFormat.state(packer, segment, before.get());
            offset = 0;
        }
        JournalFormat.change(packer, segment, change, dir.safe());
        put(open, offset);
        offset += packer.size();
        Slot slot = slots.peekLast();
        if (slot != null) {
            change.entries().forEach(entry -> slot.reach(entry.position()));
        }
        return open;
    }

    private void put(FileChannel open, long at) throws IOException {
        long position = at;
        for (int from = 0; from < packer.size(); from += WRITE_BYTES_MAX) {
            int length = Math.min(WRITE_BYTES_MAX, packer.size() - from);
            ByteBuffer bytes = ByteBuffer.wrap(packer.array(), from, length);
            while (bytes.hasRemaining()) {
                position += open.write(bytes, position);
            }
        }
    }

    /** Takes the oldest file whose entries all lie in the store, or a new one. */
    private FileChannel rotate() throws IOException {
        closeChannel();
        int index = takeSlot();
        FileChannel open = dir.openJournal(index);
        channel = open;
        segment++;
        slots.addLast(new Slot(index, segment, 0));
        slotCount = Math.max(slotCount, index + 1);
        isLong = slots.size() > slotsMost;
        if (open.size() < segmentBytes) {
            fill(open);
        }
        return open;
    }

    private int takeSlot() {
        Slot oldest = slots.peekFirst();
        if (oldest != null && slots.size() >= slotsKept && oldest.lastPosition <= storedPosition) {
            slots.pollFirst();
            return oldest.index;
        }
        for (int index = 0; index < slotCount; index++) {
            int free = index;
            if (slots.stream().noneMatch(slot -> slot.index == free)) {
                return index;
            }
        }
        return slotCount;
    }

    /** The room is taken now, so that a later sync changes nothing of the file but its bytes. */
    private void fill(FileChannel open) throws IOException {
        byte[] zeros = new byte[(int) Math.min(segmentBytes, WRITE_BYTES_MAX)];
        for (long at = open.size(); at < segmentBytes; at += zeros.length) {
            ByteBuffer bytes = ByteBuffer.wrap(zeros);
            while (bytes.hasRemaining()) {
                open.write(bytes, at + bytes.position());
            }
        }
        open.force(true);
        dir.force();
    }

    /** The file is left as it is; nobody relies on what lies behind its valid bytes. */
    private void abandon() {
        packer.clear(PACKER_BYTES);
        closeChannel();
    }

    private void closeChannel() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // Its bytes were synced, or are not relied on.
                return;
            }
        }
    }

    /** All files of the journal, oldest first, those in use. */
    List<Slot> slots() {
        return new ArrayList<>(slots);
    }

    /** The longest sync since the last call, in ns. Thread-safe enough for a gauge. */
    long takeSyncNsMax() {
        long longest = syncNsMax;
        syncNsMax = 0;
        return longest;
    }

    @Override
    public void close() {
        closeChannel();
    }
}
