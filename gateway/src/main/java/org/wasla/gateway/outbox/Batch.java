package org.wasla.gateway.outbox;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The drafts of one append, and the thread that waits for them when there is one. Thread-safe. */
final class Batch {

    private final List<Draft> drafts;
    private final long arrivedNs;
    private final boolean awaited;
    private final @Nullable Loss loss;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable IOException failure;

    /** @param awaited somebody waits for the verdict and passes it on; otherwise what is refused is told as a gap */
    Batch(List<Draft> drafts, long arrivedNs, boolean awaited) {
        this(drafts, arrivedNs, awaited, null);
    }

    private Batch(List<Draft> drafts, long arrivedNs, boolean awaited, @Nullable Loss loss) {
        this.drafts = List.copyOf(drafts);
        this.arrivedNs = arrivedNs;
        this.awaited = awaited;
        this.loss = loss;
    }

    /** Gives something up, at once; the outbox's own. */
    static Batch of(Loss loss) {
        return new Batch(loss.gaps(), System.nanoTime(), true, loss);
    }

    List<Draft> drafts() {
        return drafts;
    }

    @Nullable
    Loss loss() {
        return loss;
    }

    long arrivedNs() {
        return arrivedNs;
    }

    boolean isAwaited() {
        return awaited;
    }

    /** Whether it waits for no others: somebody waits for it, or for what is in it. */
    boolean atOnce() {
        return awaited || drafts.stream().anyMatch(draft -> draft.urgency().atOnce());
    }

    /** Whether it may be lost to make room for others: nobody waits, and it holds nothing more urgent than this. */
    boolean mayGo(Urgency most) {
        return !awaited && drafts.stream().allMatch(draft -> draft.urgency().compareTo(most) >= 0);
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
