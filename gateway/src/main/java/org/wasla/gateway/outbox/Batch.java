package org.wasla.gateway.outbox;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The drafts of one append and the thread that waits for them. Thread-safe. */
final class Batch {

    private final List<Draft> drafts;
    private final long arrivedNs;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable IOException failure;

    Batch(List<Draft> drafts, long arrivedNs) {
        this.drafts = List.copyOf(drafts);
        this.arrivedNs = arrivedNs;
    }

    List<Draft> drafts() {
        return drafts;
    }

    long arrivedNs() {
        return arrivedNs;
    }

    boolean atOnce() {
        return drafts.stream().anyMatch(draft -> draft.urgency().atOnce());
    }

    /** The first verdict stands. */
    synchronized void kept() {
        done.countDown();
    }

    /** False when the verdict was given before. */
    synchronized boolean refused(IOException why) {
        if (done.getCount() == 0) {
            return false;
        }
        failure = why;
        done.countDown();
        return true;
    }

    /** Waits for the verdict; an exception of its own for every waiter, so that each shows its own thread. */
    void await() throws IOException {
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(
                    "interrupted while the buffer was writing; the records may be kept or not");
        }
        IOException why = failure;
        if (why != null) {
            throw new IOException(why.getMessage(), why);
        }
    }
}
