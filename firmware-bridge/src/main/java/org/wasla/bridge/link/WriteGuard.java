package org.wasla.bridge.link;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Cuts one blocked write off when its time is over, from a thread of its own. All guards share one timer thread, which
 * ends when it has had nothing to do for a minute. Thread-safe; the limit is in milliseconds.
 */
final class WriteGuard {
    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private final AtomicBoolean settled = new AtomicBoolean();
    private final Future<?> alarm;

    private WriteGuard(Runnable cut, int limitMs) {
        alarm = TIMER.schedule(() -> cutUnlessFinished(cut), limitMs, TimeUnit.MILLISECONDS);
    }

    static WriteGuard start(Runnable cut, int limitMs) {
        return new WriteGuard(cut, limitMs);
    }

    /** Ends the watch; false when it was too late and the line has been or is being cut. */
    boolean finish() {
        alarm.cancel(false);
        return settled.compareAndSet(false, true);
    }

    private void cutUnlessFinished(Runnable cut) {
        if (settled.compareAndSet(false, true)) {
            // closing a port can take seconds in a driver; the other ports' guards must not wait for it
            daemon(cut, "write-cut").start();
        }
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "write-guard"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(1, TimeUnit.MINUTES);
        timer.allowCoreThreadTimeOut(true);
        return timer;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
