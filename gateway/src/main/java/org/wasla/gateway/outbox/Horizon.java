package org.wasla.gateway.outbox;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How far the buffer is durable, and since when. Thread-safe. Times are monotonic, in ns.
 *
 * <p>Ages are kept per commit and at most one per 100 ms, so an entry may be called late 100 ms early.
 */
final class Horizon {

    static final long LATE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Everything up to this position was durable at this time. */
    private record Mark(long position, long atNs) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private final EnumMap<Urgency, Long> newest = new EnumMap<>(Urgency.class);
    private long position;
    private long latePosition;

    /** @param position what an earlier run left: all of it is late */
    Horizon(long position) {
        this.position = position;
        this.latePosition = position;
        for (Urgency urgency : Urgency.values()) {
            newest.put(urgency, position);
        }
    }

    /** @param urgencies those that may have entries among the new ones */
    void advance(long newPosition, long nowNs, Set<Urgency> urgencies) {
        lock.lock();
        try {
            urgencies.forEach(urgency -> newest.put(urgency, newPosition));
            Mark last = marks.peekLast();
            if (last != null && nowNs - last.atNs < STEP_NS) {
                marks.pollLast();
                marks.addLast(new Mark(newPosition, last.atNs));
            } else {
                marks.addLast(new Mark(newPosition, nowNs));
            }
            forget(nowNs);
            position = newPosition;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isLate(long entryPosition, long nowNs) {
        return entryPosition <= latePosition(nowNs);
    }

    /** Everything up to here is late. */
    long latePosition(long nowNs) {
        lock.lock();
        try {
            forget(nowNs);
            return latePosition;
        } finally {
            lock.unlock();
        }
    }

    private void forget(long nowNs) {
        Mark first = marks.peekFirst();
        while (first != null && nowNs - first.atNs > LATE_NS) {
            latePosition = first.position;
            marks.pollFirst();
            first = marks.peekFirst();
        }
    }

    long position() {
        lock.lock();
        try {
            return position;
        } finally {
            lock.unlock();
        }
    }

    /** A position beyond which there is nothing of this urgency. */
    long position(Urgency urgency) {
        lock.lock();
        try {
            return newest.getOrDefault(urgency, position);
        } finally {
            lock.unlock();
        }
    }

    boolean await(long seenPosition, long waitMs) throws InterruptedException {
        long leftNs = TimeUnit.MILLISECONDS.toNanos(waitMs);
        lock.lockInterruptibly();
        try {
            while (position <= seenPosition) {
                if (leftNs <= 0) {
                    return false;
                }
                leftNs = moved.awaitNanos(leftNs);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
