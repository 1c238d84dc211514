package org.wasla.bridge.link;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;

/**
 * Datagrams with one device: each read gives one of them, and each write sends one. What does not fit into the buffer
 * of a read is lost, so that no two are ever mixed. A device that is off is not noticed before something is sent to it.
 * One thread reads and writes; {@link #close} may come from any thread.
 */
final class UdpLink implements Link {
    private static final int WRITE_MS = 2000;

    private final UdpSettings settings;
    private final DatagramChannel channel;
    private final Readiness readiness;
    private final SelectionKey key;
    private volatile boolean closed;

    private UdpLink(UdpSettings settings, DatagramChannel channel, Readiness readiness, SelectionKey key) {
        this.settings = settings;
        this.channel = channel;
        this.readiness = readiness;
        this.key = key;
    }

    static UdpLink open(UdpSettings settings) throws IOException {
        InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
        if (address.isUnresolved()) {
            throw new IOException("no such host: " + settings.host() + "; correct the name or write the address");
        }
        DatagramChannel channel = DatagramChannel.open();
        Readiness readiness = null;
        try {
            channel.connect(address);
            readiness = new Readiness();
            return new UdpLink(settings, channel, readiness, readiness.add(channel));
        } catch (IOException e) {
            channel.close();
            if (readiness != null) {
                readiness.close();
            }
            throw new IOException(
                    settings.text() + " cannot be reached (" + e.getMessage() + "); check cable and address", e);
        }
    }

    @Override
    public int read(byte[] buffer, int waitMs) throws IOException {
        try {
            int count = channel.read(ByteBuffer.wrap(buffer));
            if (count == 0 && waitMs > 0) {
                readiness.awaitInput(waitMs);
                count = channel.read(ByteBuffer.wrap(buffer));
            }
            return Math.max(0, count);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        if (settings.readOnly()) {
            throw new IOException(settings.text() + " is read-only");
        }
        try {
            send(bytes);
        } catch (IOException e) {
            IOException lost = lost(e);
            close();
            throw lost;
        }
    }

    private void send(byte[] bytes) throws IOException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WRITE_MS);
        while (channel.write(ByteBuffer.wrap(bytes)) < bytes.length) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
            if (leftMs <= 0) {
                throw new IOException("the network did not take " + bytes.length + " bytes within " + WRITE_MS + " ms");
            }
            readiness.awaitRoom(key, leftMs);
        }
    }

    private IOException lost(IOException cause) {
        if (closed) {
            return new IOException(settings.text() + " is closed", cause);
        }
        boolean refuses = cause instanceof PortUnreachableException;
        String why = refuses
                ? "nothing listens there; check the device, its network output and the port"
                : cause.getMessage();
        return new IOException("line lost: " + settings.text() + ": " + why, cause);
    }

    @Override
    public void close() {
        closed = true;
        try {
            channel.close();
        } catch (IOException ignored) {
            // the descriptor is given back in any case, and the line is given up anyway
        }
        readiness.close();
    }
}
