package org.wasla.ops.prove;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One direction of a {@link Wire}. Two threads, which end with either socket. */
final class Lane {
    private static final int SEGMENT_BYTES = 1_400;
    /** What is under way on the wire at most: 16 KiB, as a modem or a small router holds. */
    private static final int SEGMENTS_MAX = 12;

    private final Socket from;
    private final Socket to;
    private final Shape shape;
    private final Ear onRead;
    private final Ear onWrite;
    private final BlockingQueue<Segment> underWay = new ArrayBlockingQueue<>(SEGMENTS_MAX);
    private long freeNs = System.nanoTime();
    private long lastNs = freeNs;

    /** Hears bytes at one end. */
    interface Ear {
        void hear(byte[] bytes, int length);
    }

    /** Some bytes on their way, none for the end. Immutable. */
    private static final class Segment {
        private final byte[] bytes;
        private final int length;
        private final long dueNs;

        Segment(byte[] bytes, int length, long dueNs) {
            this.bytes = bytes;
            this.length = length;
            this.dueNs = dueNs;
        }
    }

    Lane(Socket from, Socket to, Shape shape, Ear onRead, Ear onWrite) {
        this.from = from;
        this.to = to;
        this.shape = shape;
        this.onRead = onRead;
        this.onWrite = onWrite;
    }

    void start() {
        start("wire-in", this::read);
        start("wire-out", this::write);
    }

    static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        int length = 0;
        while (length >= 0) {
            byte[] bytes = new byte[SEGMENT_BYTES];
            try {
                length = more(bytes, from.getInputStream().read(bytes));
            } catch (IOException gone) {
                length = -1;
            }
            if (length > 0) {
                onRead.hear(bytes, length);
            }
            if (!pass(new Segment(bytes, length, dueNs(length)))) {
                return;
            }
        }
    }

    /** On a slow wire small writes share a segment, as Nagle's rule makes them: what comes within a quarter of the delay. */
    private int more(byte[] bytes, int first) throws IOException {
        int length = first;
        long endNs = System.nanoTime() + shape.delayNs() / 4;
        while (length > 0 && length < bytes.length && System.nanoTime() - endNs < 0) {
            if (from.getInputStream().available() > 0) {
                int read = from.getInputStream().read(bytes, length, bytes.length - length);
                length += Math.max(0, read);
            } else {
                LockSupport.parkNanos(2_000_000L);
            }
        }
        return length;
    }

    private boolean pass(Segment segment) {
        try {
            while (!underWay.offer(segment, 500, TimeUnit.MILLISECONDS)) {
                if (to.isClosed()) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private long dueNs(int length) {
        int losses = length < 0 ? 0 : shape.losses(ThreadLocalRandom.current());
        freeNs = Math.max(freeNs, System.nanoTime()) + (losses + 1) * shape.airNs(Math.max(0, length));
        lastNs = Math.max(lastNs, freeNs + (1 + 2L * losses) * shape.delayNs());
        return lastNs;
    }

    private void write() {
        try (from;
                to) {
            Segment segment = underWay.take();
            while (segment.length > 0) {
                for (long leftNs = segment.dueNs - System.nanoTime(); leftNs > 0; ) {
                    LockSupport.parkNanos(leftNs);
                    leftNs = segment.dueNs - System.nanoTime();
                }
                onWrite.hear(segment.bytes, segment.length);
                to.getOutputStream().write(segment.bytes, 0, segment.length);
                segment = underWay.take();
            }
        } catch (IOException gone) {
            // The wire was cut: both ends are closed on the way out.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
