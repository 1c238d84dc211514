package org.wasla.bridge.link;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A TCP port that a device connects to. One thread reads and writes; {@link #close} may come from any thread.
 *
 * <p>There is one peer at a time, and the newest replaces the older: a device that comes back after a network cut
 * leaves a half-open connection behind. What the older one sent before is still read, so that a device may well make
 * a connection for every message. Connections wait in the system's queue until {@link #read} is called.
 */
final class ListenLink implements Link {
    private static final int WRITE_MS = 2000;
    private static final long DRAIN_NS = 2_000_000_000;

    private final ListenSettings settings;
    private final ServerSocketChannel server;
    private final Readiness readiness;
    private final int writeMs;
    private volatile @Nullable Peer peer;
    private volatile @Nullable Peer next;
    private volatile boolean closed;
    private long nextSinceNs;
    private boolean goneUntold;

    private ListenLink(ListenSettings settings, ServerSocketChannel server, Readiness readiness, int writeMs) {
        this.settings = settings;
        this.server = server;
        this.readiness = readiness;
        this.writeMs = writeMs;
    }

    static ListenLink open(ListenSettings settings) throws IOException {
        return open(settings, WRITE_MS);
    }

    static ListenLink open(ListenSettings settings, int writeMs) throws IOException {
        ServerSocketChannel server = bind(settings.port());
        Readiness readiness = null;
        try {
            readiness = new Readiness();
            readiness.add(server);
            return new ListenLink(settings, server, readiness, writeMs);
        } catch (IOException e) {
            server.close();
            if (readiness != null) {
                readiness.close();
            }
            throw e;
        }
    }

    private static ServerSocketChannel bind(int port) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            return server.bind(new InetSocketAddress(port));
        } catch (IOException e) {
            server.close();
            boolean busy = e instanceof BindException
                    && !String.valueOf(e.getMessage()).contains("denied");
            throw new IOException(
                    busy
                            ? "port " + port + " is in use by another program; stop it or choose another port"
                            : "no right to listen on port " + port + " (" + e.getMessage() + "); choose one above 1023",
                    e);
        }
    }

    @Override
    public int read(byte[] buffer, int waitMs) throws IOException {
        try {
            long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
            int count = step(buffer);
            long leftNs = endNs - System.nanoTime();
            while (count == 0 && leftNs > 0 && !Thread.currentThread().isInterrupted()) {
                readiness.awaitInput(Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNs)));
                count = step(buffer);
                leftNs = endNs - System.nanoTime();
            }
            return count;
        } catch (IOException e) {
            throw new IOException(settings.text() + (closed ? " is closed" : " failed: " + e.getMessage()), e);
        }
    }

    /** Takes what is there, without waiting. */
    private int step(byte[] buffer) throws IOException {
        if (goneUntold) {
            goneUntold = false;
            return PEER_GONE;
        }
        acceptNext();
        Peer current = peer;
        if (current == null) {
            return 0;
        }
        boolean overdue = next != null && System.nanoTime() - nextSinceNs > DRAIN_NS;
        int count = overdue ? PEER_GONE : readOrEnd(current, buffer);
        if (count < 0 || (count == 0 && next != null)) {
            drop(current);
            return PEER_GONE;
        }
        return count;
    }

    private void acceptNext() throws IOException {
        SocketChannel channel = next == null ? server.accept() : null;
        if (channel == null) {
            return;
        }
        Peer arrived;
        try {
            arrived = Peer.of(channel, readiness);
        } catch (IOException ignored) {
            // it went as soon as it had come; others may come
            return;
        }
        if (peer == null) {
            peer = arrived;
        } else {
            next = arrived;
            nextSinceNs = System.nanoTime();
        }
        if (closed) {
            arrived.close();
        }
    }

    private int readOrEnd(Peer current, byte[] buffer) throws IOException {
        try {
            return current.read(buffer);
        } catch (IOException e) {
            if (closed) {
                throw e;
            }
            return PEER_GONE;
        }
    }

    private void drop(Peer current) throws IOException {
        current.close();
        readiness.forgetClosed();
        peer = next;
        next = null;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        if (settings.readOnly()) {
            throw new IOException(settings.text() + " is read-only");
        }
        if (closed) {
            throw new IOException(settings.text() + " is closed");
        }
        Peer current = peer;
        if (current == null) {
            return;
        }
        try {
            current.write(bytes, writeMs);
        } catch (IOException gone) {
            // the next read tells it; the port stays open for the next peer
            goneUntold = true;
            drop(current);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            server.close();
        } catch (IOException ignored) {
            // the port is given back in any case
        }
        closeIfThere(peer);
        closeIfThere(next);
        readiness.close();
    }

    private static void closeIfThere(@Nullable Peer peer) {
        if (peer != null) {
            peer.close();
        }
    }
}
