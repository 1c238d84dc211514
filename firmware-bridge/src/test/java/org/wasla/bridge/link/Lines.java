package org.wasla.bridge.link;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.function.Executable;

/** What the tests of all links share. Waits end after ten seconds with a failure. */
final class Lines {
    static final int PATIENCE_MS = 10_000;

    private Lines() {}

    /** Something that may fail for an operating reason. */
    @FunctionalInterface
    interface Act<T> {
        T perform() throws IOException;
    }

    static byte[] everyByte() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    /** Reads until that many bytes are there; a peer that goes away in between is a failure. */
    static byte[] readFully(Link link, int count) throws IOException {
        byte[] all = new byte[count];
        int have = 0;
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        while (have < count && System.nanoTime() < endNs) {
            byte[] chunk = new byte[count - have];
            int got = link.read(chunk, 1000);
            assertTrue(got >= 0, "the peer went away after " + have + " bytes");
            System.arraycopy(chunk, 0, all, have, got);
            have += got;
        }
        return Arrays.copyOf(all, have);
    }

    /** Runs it on a thread of its own; what it gives or throws is put in the queue. */
    static BlockingQueue<Object> outcome(Act<?> act) {
        BlockingQueue<Object> outcome = new LinkedBlockingQueue<>();
        Thread thread = new Thread(() -> {
            try {
                outcome.add(act.perform());
            } catch (IOException | RuntimeException e) {
                outcome.add(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return outcome;
    }

    static String failure(BlockingQueue<Object> outcome) throws InterruptedException {
        Object got = outcome.poll(PATIENCE_MS, TimeUnit.MILLISECONDS);
        return String.valueOf(assertInstanceOf(IOException.class, got).getMessage());
    }

    static String failure(Executable act) {
        return String.valueOf(assertThrows(IOException.class, act).getMessage());
    }
}
