package org.wasla.ops.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A device of the bench: listens on a loopback port, takes one connection and sends lines, as fast as TCP takes them or
 * at a rate. Owns one thread; the counters may be read from any.
 */
final class Device implements Closeable {
    /** As fast as TCP takes. */
    static final int UNLIMITED = 0;

    private static final int BLOCK_LINES = 64;

    private final ServerSocket server;
    private final Stamps stamps;
    private final Thread thread;
    private final double rate;
    private final Source source;
    private volatile long most;
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean closed;
    private volatile @Nullable Socket socket;

    /** Told when each line of a paced device begins to be written, on the device's thread. */
    @FunctionalInterface
    interface Stamps {
        /** @param number from 1 */
        void sent(long number, long nowNs);
    }

    /** Makes what is sent. */
    interface Source {
        /** Bytes of one line or frame. */
        int size();

        /** The next ones, in an array that the next call overwrites. */
        byte[] next(int count);
    }

    Device(int rate, long most, Stamps stamps) throws IOException {
        this(rate, most, stamps, new Lines(BLOCK_LINES));
    }

    /**
     * @param rate lines a second, or {@link #UNLIMITED}
     * @param most lines to send before it pauses
     */
    Device(double rate, long most, Stamps stamps, Source source) throws IOException {
        this.rate = rate;
        this.source = source;
        this.most = most;
        this.stamps = stamps;
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        thread = new Thread(this::run, "bench-device");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    /** Lines that TCP has taken. */
    long sent() {
        return sent.get();
    }

    /** Goes on until this many lines are sent in all; fewer than were sent is a pause. */
    void limit(long lines) {
        most = lines;
    }

    private void run() {
        while (!closed) {
            try (Socket peer = server.accept()) {
                peer.setTcpNoDelay(true);
                socket = peer;
                talk(peer.getOutputStream());
            } catch (IOException gone) {
                // The process under test ended, or the bench did: the next one connects anew.
                socket = null;
            }
        }
    }

    private void talk(OutputStream out) throws IOException {
        long startNs = System.nanoTime();
        long before = 0;
        while (!closed) {
            long left = most - sent.get();
            if (left <= 0) {
                LockSupport.parkNanos(1_000_000);
                startNs = System.nanoTime();
                before = sent.get();
            } else if (rate == UNLIMITED) {
                int count = (int) Math.min(left, BLOCK_LINES);
                out.write(source.next(count), 0, count * source.size());
                sent.addAndGet(count);
            } else {
                pace(startNs + (long) ((sent.get() - before) * 1e9 / rate));
                byte[] line = source.next(1);
                stamps.sent(sent.get() + 1, System.nanoTime());
                out.write(line, 0, source.size());
                sent.incrementAndGet();
            }
        }
    }

    private static void pace(long dueNs) {
        long leftNs = dueNs - System.nanoTime();
        while (leftNs > 0) {
            LockSupport.parkNanos(leftNs);
            leftNs = dueNs - System.nanoTime();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        Socket open = socket;
        if (open != null) {
            open.close();
        }
    }
}
