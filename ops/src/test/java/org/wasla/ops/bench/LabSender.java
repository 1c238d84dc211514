package org.wasla.ops.bench;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An analyser that sends results: the next message once the one before is acknowledged. Each is another one. Owns one
 * thread; counters may be read from any.
 */
final class LabSender implements Closeable {
    private static final int TIMEOUT_MS = 60_000;
    private static final int LATENCIES_MAX = 1_000_000;

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;
    private final Way way;
    private final Thread thread;
    private final int[] latencies = new int[LATENCIES_MAX];
    private volatile int acknowledged;
    private volatile boolean stop;
    private volatile @Nullable String failure;

    /** How one message is sent. */
    interface Way {
        /** Bytes of one message. */
        int bytes();

        /** Returns once the receiver has answered for all of it. */
        void send(int number, OutputStream out, InputStream in) throws IOException;
    }

    LabSender(int port, String id, Way way) throws IOException {
        this.way = way;
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        out = socket.getOutputStream();
        in = new BufferedInputStream(socket.getInputStream());
        thread = new Thread(this::run, "sender-" + id);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            for (int number = 1; !stop && number <= LATENCIES_MAX; number++) {
                long fromNs = System.nanoTime();
                way.send(number, out, in);
                latencies[number - 1] = (int) Math.min(Integer.MAX_VALUE, (System.nanoTime() - fromNs) / 1_000);
                acknowledged = number;
            }
        } catch (IOException e) {
            failure = e.toString();
        }
    }

    /** Messages acknowledged so far. Throws when the conversation has ended. */
    int acknowledged() throws IOException {
        String why = failure;
        if (why != null) {
            throw new IOException(why);
        }
        return acknowledged;
    }

    /** Microseconds from the first byte to the answer, of the messages from one count to another. */
    int[] latencies(int from, int to) {
        return Arrays.copyOfRange(latencies, from, to);
    }

    @Override
    public void close() throws IOException {
        stop = true;
        socket.close();
    }
}
