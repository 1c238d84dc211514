package org.wasla.gateway.outbox;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where the buffer lies and how large it may grow. Immutable.
 *
 * @param dir the buffer's directory, made when absent; one process at a time
 * @param maxBytes all files together, at least 4 MiB
 * @param commitMs how long a record may wait for others to be made durable with it; 0 is at once
 */
public record OutboxSettings(Path dir, long maxBytes, long commitMs) {

    static final long BYTES_MIN = 4L << 20;

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

    /** What rows may take: the store file needs the rest for what it has not yet reused. */
    long budgetBytes() {
        return maxBytes / 10 * 6;
    }
}
