package org.wasla.ops.prove;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A wire to a local port: as bad as its shape, it can be cut and laid again, and listened to. Thread-safe. */
final class Wire implements AutoCloseable {
    private static final int WINDOW_BYTES = 16 << 10;
    private final ServerSocket server;
    private final int target;
    private final Supplier<Tap> taps;
    private final List<Socket> sockets = new ArrayList<>();
    private final List<Long> connectsNs = new ArrayList<>();
    private volatile Shape shape;
    private volatile boolean isDown;

    /** Hears one connection. Both directions have a thread of their own. */
    interface Tap {
        /** Just before the bytes go on to the far end. */
        void out(byte[] bytes, int length);

        /** Just after they came from the far end. */
        void back(byte[] bytes, int length);
    }

    Wire(int target, Shape shape, Supplier<Tap> taps) throws IOException {
        this.target = target;
        this.shape = shape;
        this.taps = taps;
        this.server = new ServerSocket();
        // The near end must feel the wire, not a large socket buffer before it.
        server.setReceiveBufferSize(WINDOW_BYTES);
        server.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        Lane.start("wire-accept", this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** For connections from now on. */
    void reshape(Shape next) {
        shape = next;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                connect(server.accept());
            } catch (IOException closed) {
                cut();
            }
        }
    }

    private void connect(Socket near) {
        synchronized (sockets) {
            connectsNs.add(System.nanoTime());
        }
        try {
            if (isDown) {
                near.close();
                return;
            }
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            synchronized (sockets) {
                sockets.add(near);
                sockets.add(far);
            }
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            Tap tap = taps.get();
            new Lane(near, far, shape, (bytes, length) -> {}, tap::out).start();
            new Lane(far, near, shape, tap::back, (bytes, length) -> {}).start();
        } catch (IOException nobodyThere) {
            close(near);
        }
    }

    /** Every connection ends at once. */
    void cut() {
        synchronized (sockets) {
            sockets.forEach(Wire::close);
            sockets.clear();
        }
    }

    /** Down: every connection ends, and a new one is ended at once. */
    void down() {
        isDown = true;
        cut();
    }

    void up() {
        isDown = false;
    }

    /** When somebody tried to connect, by monotonic time. */
    List<Long> connectsNs() {
        synchronized (sockets) {
            return List.copyOf(connectsNs);
        }
    }

    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
