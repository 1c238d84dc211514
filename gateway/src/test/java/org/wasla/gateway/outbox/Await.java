package org.wasla.gateway.outbox;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition with a deadline. Stateless. */
final class Await {

    private Await() {}

    static void until(String what, long waitMs, Callable<Boolean> condition) throws Exception {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        while (!condition.call()) {
            if (System.nanoTime() > endNs) {
                throw new AssertionError("not within " + waitMs + " ms: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
