package org.wasla.gateway.uplink;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where the client's threads put what was acknowledged, and why the connection ended. One thread takes, in bulk and
 * without a lock; it is woken only for as much as it waits for. Bounded by the window.
 */
final class Landing {

    private final AtomicReference<Flight.@Nullable Ticket> newest = new AtomicReference<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicReference<@Nullable LostException> lost = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Thread waiter;
    private volatile int wanted;

    void landed(Flight.Ticket ticket, int reason) {
        ticket.landed(reason, System.nanoTime());
        Flight.Ticket before;
        do {
            before = newest.get();
            ticket.before = before;
        } while (!newest.compareAndSet(before, ticket));
        if (count.incrementAndGet() >= wanted) {
            wake();
        }
    }

    /** The connection is gone; the first cause counts, what follows is its echo. */
    void lost(String cause) {
        lost(cause, 0);
    }

    /** The same, with the reason that the broker meant. */
    void lost(String cause, int reason) {
        lost.compareAndSet(null, new LostException(cause, reason));
        wake();
    }

    /** The client says that it has ended, and no more: after this nothing comes. */
    void ended(String cause) {
        lost(cause);
        ended.countDown();
    }

    /** The broker has ended it and says why, which counts more than any other cause. */
    void ended(int reason) {
        lost.set(new LostException(Reason.text(reason), reason));
        ended.countDown();
        wake();
    }

    /** Waits for the client's last word; false when it did not come in time. */
    boolean awaitEnd(long waitMs) throws InterruptedException {
        return ended.await(waitMs, TimeUnit.MILLISECONDS);
    }

    private void wake() {
        Thread thread = waiter;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /** Why the connection is of no more use, null while it is. */
    @Nullable
    LostException lostBy() {
        return lost.get();
    }

    /** Waits until so many have landed, the connection is lost, or the time is over. */
    void await(int tickets, long waitNs) throws InterruptedException {
        long endNs = System.nanoTime() + waitNs;
        wanted = tickets;
        waiter = Thread.currentThread();
        try {
            long leftNs = waitNs;
            while (count.get() < tickets && lost.get() == null && leftNs > 0) {
                LockSupport.parkNanos(this, leftNs);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                leftNs = endNs - System.nanoTime();
            }
        } finally {
            waiter = null;
        }
    }

    /** All that have landed, the first to land first, linked by {@code before}; null when there are none. */
    Flight.@Nullable Ticket take() {
        Flight.Ticket each = newest.getAndSet(null);
        Flight.Ticket first = null;
        int taken = 0;
        while (each != null) {
            Flight.Ticket next = each.before;
            each.before = first;
            first = each;
            each = next;
            taken++;
        }
        count.addAndGet(-taken);
        return first;
    }
}
