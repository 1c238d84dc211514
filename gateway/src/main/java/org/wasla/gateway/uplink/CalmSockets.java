package org.wasla.gateway.uplink;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Makes the socket of one session, and can cancel it while it connects. Thread-safe. */
final class CalmSockets extends SocketFactory {

    private final @Nullable SSLSocketFactory tls;
    private volatile @Nullable CalmSocket made;

    /** @param tls null for a connection without TLS */
    CalmSockets(@Nullable SSLSocketFactory tls) {
        this.tls = tls;
    }

    void cancel() throws IOException {
        CalmSocket socket = made;
        if (socket != null) {
            socket.cancel();
        }
    }

    /** Paho has one more PUBLISH for the socket that was made last, and will write it. */
    void announce() {
        CalmSocket socket = made;
        if (socket != null) {
            socket.announce();
        }
    }

    @Override
    public Socket createSocket() {
        CalmSocket socket = new CalmSocket(tls);
        made = socket;
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    private Socket connected(InetSocketAddress address) throws IOException {
        Socket socket = createSocket();
        socket.connect(address, 0);
        return socket;
    }
}
