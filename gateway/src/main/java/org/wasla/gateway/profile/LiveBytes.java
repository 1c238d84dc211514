package org.wasla.gateway.profile;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.wasla.gateway.frame.Bytes;

/**
 * The last bytes that a device sent, kept in memory so that another profile can be tried on them. Thread-safe. Bounded in
 * bytes and in age; what is too much goes, the oldest first.
 */
public final class LiveBytes {
    private final int bytesMax;
    private final long ageMsMax;
    private final Deque<Chunk> chunks = new ArrayDeque<>();
    private int size;

    /** @param timeMs UTC, when its last byte was read */
    public record Chunk(long timeMs, Bytes bytes) {}

    /**
     * @param bytesMax more than one read gives
     * @param ageMsMax older than the newest by more than this is not kept
     */
    public LiveBytes(int bytesMax, long ageMsMax) {
        this.bytesMax = bytesMax;
        this.ageMsMax = ageMsMax;
    }

    /** @param length nothing below 1 is kept */
    public synchronized void add(byte[] buffer, int length, long timeMs) {
        if (length < 1) {
            return;
        }
        chunks.addLast(new Chunk(timeMs, Bytes.of(buffer, 0, length)));
        size += length;
        // A clock that was set back makes the old ones look young: the bound in bytes holds anyway.
        while (size > bytesMax || timeMs - chunks.getFirst().timeMs() > ageMsMax) {
            size -= chunks.removeFirst().bytes().size();
        }
    }

    /** What is kept now, the oldest first. */
    public synchronized List<Chunk> chunks() {
        return new ArrayList<>(chunks);
    }

    /** Forgets all: another device may be on the line now. */
    public synchronized void clear() {
        chunks.clear();
        size = 0;
    }
}
