package org.wasla.gateway.outbox;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The appends that wait for the committer, in the order in which they came: one that is urgent, or that a device waits
 * for, ends the wait for a fuller group and takes along what waits before it. Thread-safe.
 *
 * <p>Bound: {@link #DRAFTS_MAX} drafts. When they wait, an append that somebody waits for blocks until there is room.
 * One that nobody waits for blocks for {@link #PATIENCE_MS}, and then what is least urgent is lost: waves first, the
 * oldest first. While the gate is shut (the disk cannot write, or the buffer is closed) appends are refused at once.
 */
final class Pending {

    static final int DRAFTS_MAX = 2_000;
    static final int GROUP_DRAFTS_MAX = 1_000;
    static final long PATIENCE_MS = 3_000;
    /** So long a group waits at most for the platform's side to catch up. */
    private static final long HOLD_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long HOLD_STEP_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final long commitNs;
    private final Losses losses;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final ArrayDeque<Batch> queue = new ArrayDeque<>();
    private int drafts;
    private int urgent;
    private long writeNs;
    private boolean nudged;
    private boolean closed;
    private @Nullable IOException shut;

    Pending(long commitMs, Losses losses) {
        this.commitNs = TimeUnit.MILLISECONDS.toNanos(commitMs);
        this.losses = losses;
    }

    /** Queues a batch; throws when it is refused at once, and a batch that nobody waits for is then told as lost. */
    void put(Batch batch) throws IOException {
        lock.lock();
        try {
            awaitRoom(batch);
            if (shut != null) {
                if (!batch.isAwaited() && !closed) {
                    losses.add(batch.drafts(), GapEvents.REFUSED);
                }
                throw new IOException(shut.getMessage(), shut);
            }
            if (drafts >= DRAFTS_MAX && !batch.isAwaited() && !loseFor(batch)) {
                losses.add(batch.drafts(), GapEvents.OVERRUN);
                return;
            }
            drafts += batch.drafts().size();
            urgent += batch.atOnce() ? 1 : 0;
            queue.add(batch);
            if (queue.size() == 1 || urgent > 0 || drafts >= GROUP_DRAFTS_MAX) {
                changed.signalAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the buffer was busy; nothing was kept");
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom(Batch batch) throws InterruptedException {
        long leftNs = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        while (shut == null && drafts >= DRAFTS_MAX && batch.loss() == null && leftNs > 0) {
            if (batch.isAwaited()) {
                room.await();
            } else {
                leftNs = room.awaitNanos(leftNs);
            }
        }
    }

    /** Loses queued batches that are less urgent, or as urgent and older; false when there are none. */
    private boolean loseFor(Batch batch) {
        for (Urgency urgency : List.of(Urgency.WAVE, Urgency.OBSERVATION)) {
            for (Iterator<Batch> queued = queue.iterator(); queued.hasNext() && drafts >= DRAFTS_MAX; ) {
                Batch oldest = queued.next();
                if (oldest.mayGo(urgency)) {
                    queued.remove();
                    drafts -= oldest.drafts().size();
                    losses.add(oldest.drafts(), GapEvents.OVERRUN);
                    oldest.kept();
                }
            }
            if (drafts < DRAFTS_MAX) {
                return true;
            }
            if (batch.mayGo(urgency)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The next group, as soon as it is due; empty after {@code idleMs} without one, or when nudged. A group without
     * hurry is held a moment while the platform's side is {@code behind}.
     */
    List<Batch> take(long idleMs, BooleanSupplier behind) throws InterruptedException {
        lock.lock();
        try {
            long leftNs = TimeUnit.MILLISECONDS.toNanos(idleMs);
            while (queue.isEmpty() && leftNs > 0 && !nudged && !closed) {
                leftNs = changed.awaitNanos(leftNs);
            }
            nudged = false;
            if (queue.isEmpty()) {
                return List.of();
            }
            awaitDue();
            hold(behind);
            return drain();
        } finally {
            lock.unlock();
        }
    }

    /** Within the window a group is durable, not only taken: the time that writing takes comes off. */
    private void awaitDue() throws InterruptedException {
        Batch first = queue.peek();
        while (urgent == 0 && first != null && drafts < GROUP_DRAFTS_MAX && !closed) {
            long leftNs = first.arrivedNs() + commitNs - writeNs - System.nanoTime();
            if (leftNs <= 0) {
                return;
            }
            changed.awaitNanos(leftNs);
            first = queue.peek();
        }
    }

    private void hold(BooleanSupplier behind) throws InterruptedException {
        long endNs = System.nanoTime() + HOLD_NS;
        while (urgent == 0 && !closed && behind.getAsBoolean() && System.nanoTime() - endNs < 0) {
            changed.awaitNanos(HOLD_STEP_NS);
        }
    }

    private List<Batch> drain() {
        List<Batch> group = new ArrayList<>();
        int taken = 0;
        while (taken < GROUP_DRAFTS_MAX && !queue.isEmpty()) {
            Batch next = queue.remove();
            group.add(next);
            taken += next.drafts().size();
            urgent -= next.atOnce() ? 1 : 0;
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
            for (Batch batch : queue) {
                if (!batch.isAwaited()) {
                    losses.add(batch.drafts(), GapEvents.REFUSED);
                }
                batch.refused(why);
            }
            queue.clear();
            drafts = 0;
            urgent = 0;
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

    /** Whether everything is refused although it is not closed. */
    boolean isStuck() {
        lock.lock();
        try {
            return shut != null && !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing waits and nothing comes any more: what was put in just before the end still waits. */
    boolean isOver() {
        lock.lock();
        try {
            return closed && queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Writing the last group took so long. */
    void wrote(long tookNs) {
        lock.lock();
        try {
            writeNs = Math.min(tookNs, commitNs / 4);
        } finally {
            lock.unlock();
        }
    }

    /** How many drafts wait now. */
    int size() {
        lock.lock();
        try {
            return drafts;
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
