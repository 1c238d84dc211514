package org.wasla.gateway.outbox;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.vault.DataKey;
import org.wasla.gateway.vault.Safe;

/**
 * Where the buffer lies and how large it may grow. Immutable.
 *
 * @param dir the buffer's directory, made when absent; one process at a time
 * @param maxBytes all files together, at least 4 MiB
 * @param commitMs how long a record may wait for others to be made durable with it; 0 is at once
 * @param key what the buffer is encrypted with, null: it is not
 * @param isDurable whether the directory would survive the plug being pulled; memory does not
 */
public record OutboxSettings(
        Path dir, long maxBytes, long commitMs, @Nullable DataKey key, boolean isDurable) {

    static final long BYTES_MIN = 4L << 20;
    private static final long SEGMENT_BYTES_MIN = 64L << 10;
    private static final long SEGMENT_BYTES_MAX = 8L << 20;
    private static final int SEGMENTS_KEPT = 8;
    private static final int SEGMENTS_MOST = 24;
    /** A file of the store is a sixteenth of all, so that the budget can be held within a tenth by whole files. */
    private static final int GENERATIONS = 16;

    private static final long GENERATION_BYTES_MAX = 512L << 20;
    private static final long BLOCK_BYTES_MIN = 8L << 10;
    private static final long MOVE_BYTES_MAX = 1L << 20;

    /** Checks the ranges. */
    public OutboxSettings {
        Objects.requireNonNull(dir);
        if (maxBytes < BYTES_MIN) {
            throw new IllegalArgumentException("buffer.max is " + maxBytes + " bytes; give at least 4MiB");
        }
        if (commitMs < 0) {
            throw new IllegalArgumentException("buffer.commit must not be negative: " + commitMs + " ms");
        }
    }

    /** On a disk. */
    public OutboxSettings(Path dir, long maxBytes, long commitMs, @Nullable DataKey key) {
        this(dir, maxBytes, commitMs, key, true);
    }

    /** On a disk, without encryption. */
    public OutboxSettings(Path dir, long maxBytes, long commitMs) {
        this(dir, maxBytes, commitMs, null);
    }

    /** What this buffer's owner locks up for one purpose. */
    public Safe safe(String purpose) {
        return key == null ? Safe.NONE : key.safe(purpose);
    }

    /** The length of one file of the journal. */
    long segmentBytes() {
        return Math.max(SEGMENT_BYTES_MIN, Math.min(SEGMENT_BYTES_MAX, maxBytes / 64));
    }

    /** How many of them there are at least. */
    int segmentsKept() {
        return SEGMENTS_KEPT;
    }

    /** With more of them the journal is long: what is not yet seasoned in the store takes fewer when the store keeps up. */
    int segmentsMost() {
        return SEGMENTS_MOST;
    }

    /** So much is moved from the journal to the store in one go. */
    long moveBytes() {
        return Math.min(MOVE_BYTES_MAX, segmentBytes());
    }

    /** A block of the store before it is packed: small beside a move, since each move writes the last block again. */
    long blockBytes() {
        return Math.max(BLOCK_BYTES_MIN, moveBytes() / 32);
    }

    /** A file of the store that has grown to this is finished. */
    long generationBytes() {
        return Math.min(GENERATION_BYTES_MAX, maxBytes / GENERATIONS);
    }
}
