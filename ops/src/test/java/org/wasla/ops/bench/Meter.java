package org.wasla.ops.bench;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the records that a subscriber gets. Thread-safe. */
final class Meter implements Ear.Listener {
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();

    @Override
    public void records(long seq, int rows, int size, long nowNs) {
        records.addAndGet(rows);
        bytes.addAndGet(size);
        messages.incrementAndGet();
    }

    long records() {
        return records.get();
    }

    long bytes() {
        return bytes.get();
    }

    long messages() {
        return messages.get();
    }
}
