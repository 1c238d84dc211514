package org.wasla.gateway.outbox;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The appends that wait for the committer: urgent ones first, else in order. Thread-safe.
 *
 * <p>Bound: when {@link #DRAFTS_MAX} drafts wait, the next append blocks until there is room. While the gate is shut
 * (the store cannot write, or is closed) appends are refused at once with the reason.
 */
final class Pending {

    static final int DRAFTS_MAX = 20_000;
    static final int GROUP_DRAFTS_MAX = 4_000;

    private final long commitNs;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final ArrayDeque<Batch> urgent = new ArrayDeque<>();
    private final ArrayDeque<Batch> plain = new ArrayDeque<>();
    private int drafts;
    private boolean nudged;
    private boolean closed;
    private @Nullable IOException shut;

    Pending(long commitMs) {
        this.commitNs = TimeUnit.MILLISECONDS.toNanos(commitMs);
    }

    void put(Batch batch) throws IOException {
        lock.lock();
        try {
            while (shut == null && drafts >= DRAFTS_MAX) {
                room.await();
            }
            if (shut != null) {
                throw new IOException(shut.getMessage(), shut);
            }
            drafts += batch.drafts().size();
            (batch.atOnce() ? urgent : plain).add(batch);
            changed.signalAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the buffer was busy; nothing was kept");
        } finally {
            lock.unlock();
        }
    }

    /** The next group, as soon as it is due; empty after {@code idleMs} without one, or when nudged. */
    List<Batch> take(long idleMs) throws InterruptedException {
        lock.lock();
        try {
            long leftNs = TimeUnit.MILLISECONDS.toNanos(idleMs);
            while (drafts == 0 && leftNs > 0 && !nudged && !closed) {
                leftNs = changed.awaitNanos(leftNs);
            }
            nudged = false;
            if (drafts == 0) {
                return List.of();
            }
            awaitDue();
            return drain();
        } finally {
            lock.unlock();
        }
    }

    private void awaitDue() throws InterruptedException {
        Batch first = plain.peek();
        while (urgent.isEmpty() && first != null && drafts < GROUP_DRAFTS_MAX && !closed) {
            long leftNs = first.arrivedNs() + commitNs - System.nanoTime();
            if (leftNs <= 0) {
                return;
            }
            changed.awaitNanos(leftNs);
        }
    }

    private List<Batch> drain() {
        List<Batch> group = new ArrayList<>();
        int taken = 0;
        while (taken < GROUP_DRAFTS_MAX && taken < drafts) {
            Batch next = urgent.isEmpty() ? plain.remove() : urgent.remove();
            group.add(next);
            taken += next.drafts().size();
        }
        drafts -= taken;
        room.signalAll();
        return group;
    }

    /** Refuses all that wait and all that come, until opened again; gives the number of drafts refused. */
    int shut(IOException why) {
        lock.lock();
        try {
            int refused = drafts;
            shut = why;
            urgent.forEach(batch -> batch.refused(why));
            plain.forEach(batch -> batch.refused(why));
            urgent.clear();
            plain.clear();
            drafts = 0;
            room.signalAll();
            changed.signalAll();
            return refused;
        } finally {
            lock.unlock();
        }
    }

    void open() {
        lock.lock();
        try {
            if (!closed) {
                shut = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing new comes in; what waits is still committed. */
    void close() {
        lock.lock();
        try {
            closed = true;
            shut = new IOException("the buffer is closed");
            changed.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a wait of the committer early. */
    void nudge() {
        lock.lock();
        try {
            nudged = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits, at most this long, for the end: the committer's back-off. */
    void pause(long waitMs) throws InterruptedException {
        lock.lock();
        try {
            long leftNs = TimeUnit.MILLISECONDS.toNanos(waitMs);
            while (!closed && leftNs > 0) {
                leftNs = changed.awaitNanos(leftNs);
            }
        } finally {
            lock.unlock();
        }
    }
}
