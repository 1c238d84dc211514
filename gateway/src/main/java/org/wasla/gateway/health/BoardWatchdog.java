package org.wasla.gateway.health;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.bridge.gpio.Watchdog;

/**
 * Feeds the board's own watchdog while it may, from a thread of its own, {@code watchdog}: nothing that waits for a disk
 * stands in its way. One that cannot be had is told once; the agent runs without. Thread-safe.
 */
final class BoardWatchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BoardWatchdog.class);
    /** Most watchdogs are patient for 15 s, some for 10. */
    private static final long EVERY_MS = 2_000;

    private static final long STOP_MS = 2_000;

    private final Path file;
    private final LongPredicate mayFeed;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "watchdog");
    private long faults;

    /** @param mayFeed whether data can flow, asked with the monotonic time, ns */
    BoardWatchdog(Path file, LongPredicate mayFeed) {
        this.file = file;
        this.mayFeed = mayFeed;
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try (Watchdog watchdog = Watchdog.open(file)) {
            LOG.info("watchdog of the board is fed path={}", file);
            do {
                feed(watchdog);
            } while (!stopping.await(EVERY_MS, TimeUnit.MILLISECONDS));
            watchdog.callOff();
        } catch (IOException unusable) {
            LOG.warn("watchdog of the board is not fed path={} cause=\"{}\"", file, unusable.getMessage());
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
    }

    private void feed(Watchdog watchdog) {
        try {
            if (mayFeed.test(System.nanoTime())) {
                watchdog.feed();
                faults = 0;
            }
        } catch (IOException refused) {
            faults++;
            if (Long.bitCount(faults) == 1) {
                LOG.warn(
                        "watchdog of the board takes nothing path={} count={} cause=\"{}\"",
                        file,
                        faults,
                        refused.getMessage());
            }
        }
    }

    /** The last of a clean stop: calls the watchdog off. */
    @Override
    public void close() {
        stopping.countDown();
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException wanted) {
            Thread.currentThread().interrupt();
        }
    }
}
