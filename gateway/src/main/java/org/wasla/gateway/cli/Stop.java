package org.wasla.gateway.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.wasla.gateway.seek.Ending;

/**
 * A verb's end by SIGTERM or Ctrl-C: the verb is asked to finish, and the process ends with the verb's own exit code
 * instead of the signal's. Thread-safe.
 */
final class Stop implements AutoCloseable, Ending {
    private static final long PATIENCE_S = 15;
    private static final long ENDING_MS = 300;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile int exitCode;

    /** From now on a signal asks the verb to finish. */
    static Stop onSignal() {
        Stop stop = new Stop();
        Runtime.getRuntime().addShutdownHook(new Thread(stop::hook, "stop"));
        return stop;
    }

    private void hook() {
        if (finished.getCount() == 0) {
            return;
        }
        asked.countDown();
        try {
            if (!finished.await(PATIENCE_S, TimeUnit.SECONDS)) {
                System.err.println("wasla: did not end within " + PATIENCE_S + " s");
                return;
            }
        } catch (InterruptedException now) {
            Thread.currentThread().interrupt();
        }
        System.out.flush();
        Runtime.getRuntime().halt(exitCode);
    }

    /** The verb is to finish, as after a signal. */
    void ask() {
        asked.countDown();
    }

    /** @return true once the verb was asked to finish; false when the time ran out */
    boolean await(long waitMs) throws InterruptedException {
        return asked.await(waitMs, TimeUnit.MILLISECONDS);
    }

    void await() throws InterruptedException {
        asked.await();
    }

    @Override
    public boolean isAsked() {
        return asked.getCount() == 0;
    }

    /** Whether a line was lost only because the process ends: the serial library closes its ports by itself then. */
    @Override
    public boolean endsProcess() throws InterruptedException {
        return asked.await(ENDING_MS, TimeUnit.MILLISECONDS);
    }

    /** Without {@link #finished} before it: the verb failed. */
    @Override
    public void close() {
        if (finished.getCount() > 0) {
            finished(1);
        }
    }

    /** To be called when everything is closed, with what the verb returns. */
    int finished(int code) {
        exitCode = code;
        finished.countDown();
        return code;
    }
}
