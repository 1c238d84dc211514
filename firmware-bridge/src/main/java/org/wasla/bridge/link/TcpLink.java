package org.wasla.bridge.link;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;

/** A TCP connection that we made. One thread reads and writes; {@link #close} may come from any thread. */
final class TcpLink implements Link {
    private static final int CONNECT_MS = 5000;
    private static final int WRITE_MS = 2000;

    private final TcpSettings settings;
    private final Readiness readiness;
    private final Peer peer;
    private final int writeMs;
    private volatile boolean closed;

    private TcpLink(TcpSettings settings, Readiness readiness, Peer peer, int writeMs) {
        this.settings = settings;
        this.readiness = readiness;
        this.peer = peer;
        this.writeMs = writeMs;
    }

    static TcpLink open(TcpSettings settings) throws IOException {
        return open(settings, WRITE_MS);
    }

    static TcpLink open(TcpSettings settings, int writeMs) throws IOException {
        SocketChannel channel = connect(settings);
        Readiness readiness = null;
        try {
            readiness = new Readiness();
            return new TcpLink(settings, readiness, Peer.of(channel, readiness), writeMs);
        } catch (IOException e) {
            channel.close();
            if (readiness != null) {
                readiness.close();
            }
            throw e;
        }
    }

    private static SocketChannel connect(TcpSettings settings) throws IOException {
        InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
        if (address.isUnresolved()) {
            throw new IOException("no such host: " + settings.host() + "; correct the name or write the address");
        }
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(address, CONNECT_MS);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new IOException(settings.text() + " " + reason(e), e);
        }
    }

    private static String reason(IOException cause) {
        if (cause instanceof SocketTimeoutException) {
            return "does not answer within " + CONNECT_MS + " ms; check power, cable and address";
        }
        if (cause instanceof ConnectException) {
            return "refuses the connection; start the device's network output or correct the port";
        }
        return "cannot be reached (" + cause.getMessage() + "); check cable and address";
    }

    @Override
    public int read(byte[] buffer, int waitMs) throws IOException {
        try {
            int count = peer.read(buffer);
            if (count == 0 && waitMs > 0) {
                readiness.awaitInput(waitMs);
                count = peer.read(buffer);
            }
            if (count < 0) {
                throw new IOException("peer closed");
            }
            return count;
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
            peer.write(bytes, writeMs);
        } catch (IOException e) {
            IOException lost = lost(e);
            close();
            throw lost;
        }
    }

    private IOException lost(IOException cause) {
        return new IOException(
                closed ? settings.text() + " is closed" : "line lost: " + settings.text() + ": " + cause.getMessage(),
                cause);
    }

    @Override
    public void close() {
        closed = true;
        peer.close();
        readiness.close();
    }
}
