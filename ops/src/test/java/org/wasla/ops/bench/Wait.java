package org.wasla.ops.bench;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** Waits that end by themselves. */
final class Wait {
    private static final long STEP_NS = 5_000_000L;

    private Wait() {}

    /** A condition that is waited for. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException;
    }

    /** @return whether it held within this time */
    static boolean until(double seconds, Condition condition) throws IOException {
        long endNs = System.nanoTime() + (long) (seconds * 1e9);
        while (!condition.holds()) {
            if (System.nanoTime() - endNs > 0) {
                return false;
            }
            LockSupport.parkNanos(STEP_NS);
        }
        return true;
    }

    static void seconds(double seconds) throws IOException {
        until(seconds, () -> false);
    }
}
