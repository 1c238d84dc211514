package org.wasla.bridge.link;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/**
 * One TCP connection, read without waiting and written with a limit. One thread reads and writes; {@link #close} may
 * come from any thread.
 */
final class Peer {
    private static final int PROBE_AFTER_S = 30;
    private static final int PROBE_EVERY_S = 10;
    private static final int PROBES = 3;

    private final SocketChannel channel;
    private final Readiness readiness;
    private final SelectionKey key;

    private Peer(SocketChannel channel, Readiness readiness, SelectionKey key) {
        this.channel = channel;
        this.readiness = readiness;
        this.key = key;
    }

    /** Takes over an open connection; it is closed when that fails. */
    static Peer of(SocketChannel channel, Readiness readiness) throws IOException {
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            // the system's own two hours are too long to notice that a device was unplugged
            setIfKnown(channel, ExtendedSocketOptions.TCP_KEEPIDLE, PROBE_AFTER_S);
            setIfKnown(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, PROBE_EVERY_S);
            setIfKnown(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
            return new Peer(channel, readiness, readiness.add(channel));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static void setIfKnown(SocketChannel channel, SocketOption<Integer> option, int value) throws IOException {
        if (channel.supportedOptions().contains(option)) {
            channel.setOption(option, value);
        }
    }

    /** Gives the count of bytes read, 0 when nothing is there, -1 at the end of the stream. */
    int read(byte[] buffer) throws IOException {
        return channel.read(ByteBuffer.wrap(buffer));
    }

    void write(byte[] bytes, int limitMs) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
        channel.write(rest);
        while (rest.hasRemaining()) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
            if (leftMs <= 0) {
                throw new IOException("the peer did not take " + bytes.length + " bytes within " + limitMs + " ms");
            }
            readiness.awaitRoom(key, leftMs);
            channel.write(rest);
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException ignored) {
            // the descriptor is given back in any case, and the line is given up anyway
        }
    }
}
