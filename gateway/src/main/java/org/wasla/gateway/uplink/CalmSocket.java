package org.wasla.gateway.uplink;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A socket, with or without TLS, that keeps bad news back for a moment after it was connected. Paho starts its threads
 * one after the other and waits for each to run: one that has already ended because the peer hung up at once (a proxy
 * without a broker behind it, a client certificate refused in TLS 1.3) is waited for without end. Used by Paho's
 * threads,
 * and cancelled from another.
 */
final class CalmSocket extends Socket {

    private static final long CALM_NS = TimeUnit.MILLISECONDS.toNanos(1_500);

    private static final int BUFFER_BYTES = 8_192;

    private final Socket raw = new Socket();
    private final @Nullable SSLSocketFactory tls;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Socket active = raw;
    private volatile boolean connected;
    private volatile long connectedNs;
    private volatile @Nullable InputStream in;
    private volatile @Nullable OutputStream out;
    private volatile @Nullable IOException readFailure;
    private final AtomicInteger announced = new AtomicInteger();

    CalmSocket(@Nullable SSLSocketFactory tls) {
        this.tls = tls;
    }

    @Override
    public void connect(SocketAddress address, int timeoutMs) throws IOException {
        try {
            raw.connect(address, timeoutMs);
            raw.setTcpNoDelay(true);
            if (tls != null && address instanceof InetSocketAddress peer) {
                active = handshake(tls, peer, timeoutMs);
            }
        } catch (IOException e) {
            close();
            throw e;
        }
        // Now, because a TLS socket that was told no has none to give later, when Paho asks.
        in = new CalmInput(active.getInputStream());
        out = new CalmOutput(active.getOutputStream());
        connectedNs = System.nanoTime();
        connected = true;
    }

    private Socket handshake(SSLSocketFactory factory, InetSocketAddress peer, int timeoutMs) throws IOException {
        Socket socket = factory.createSocket(raw, peer.getHostString(), peer.getPort(), true);
        if (socket instanceof SSLSocket secured) {
            secured.setSoTimeout(timeoutMs);
            secured.startHandshake();
            secured.setSoTimeout(0);
            return secured;
        }
        throw new IOException("no TLS socket");
    }

    /** Paho has one more PUBLISH, and will write it. */
    void announce() {
        announced.incrementAndGet();
    }

    /** Ends an attempt that is still on its way; one that is through is left to Paho. */
    void cancel() throws IOException {
        if (!connected) {
            raw.close();
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return open(in);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return open(out);
    }

    private static <T> T open(@Nullable T stream) throws SocketException {
        if (stream == null) {
            throw new SocketException("not connected");
        }
        return stream;
    }

    @Override
    public synchronized void close() throws IOException {
        closed.countDown();
        // Not the TLS socket's own close: that would wait for a writer who is stuck on a dead network.
        raw.close();
    }

    @Override
    public synchronized void setSoTimeout(int timeoutMs) throws SocketException {
        active.setSoTimeout(timeoutMs);
    }

    @Override
    public synchronized int getSoTimeout() throws SocketException {
        return active.getSoTimeout();
    }

    @Override
    public void shutdownInput() throws IOException {
        raw.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        raw.shutdownOutput();
    }

    @Override
    public boolean isConnected() {
        return active.isConnected();
    }

    @Override
    public boolean isClosed() {
        return active.isClosed();
    }

    private void keepBack() {
        try {
            long leftNs = connectedNs + CALM_NS - System.nanoTime();
            if (closed.await(Math.max(0, leftNs), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Buffered, because Paho asks for what is available and then reads byte by byte: four system calls a packet. */
    private final class CalmInput extends FilterInputStream {

        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int from;
        private int to;

        CalmInput(InputStream in) {
            super(in);
        }

        @Override
        public int available() throws IOException {
            return from < to ? to - from : super.available();
        }

        @Override
        public int read() throws IOException {
            return fill() ? buffer[from++] & 0xff : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, to - from);
            System.arraycopy(buffer, from, bytes, offset, count);
            from += count;
            return count;
        }

        /** False at the end of the stream. */
        private boolean fill() throws IOException {
            if (from < to) {
                return true;
            }
            try {
                int count = in.read(buffer, 0, buffer.length);
                if (count < 0) {
                    keepBack();
                    return false;
                }
                from = 0;
                to = count;
                return true;
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                readFailure = e;
                keepBack();
                throw e;
            }
        }
    }

    /**
     * Keeps a PUBLISH back while Paho has more of them: many small packets share a system call and a segment. A write that
     * fails because the peer said no names what the peer said. One thread, which is Paho's sender.
     */
    private final class CalmOutput extends OutputStream {

        private static final int PUBLISH = 0x30;
        private static final int TYPE_MASK = 0xf0;

        private final OutputStream out;
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int size;
        /** Paho flushes after every packet. */
        private boolean inPacket;

        private boolean isPublish;
        private int sent;

        CalmOutput(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (!inPacket && length > 0) {
                inPacket = true;
                isPublish = (bytes[offset] & TYPE_MASK) == PUBLISH;
            }
            if (length > buffer.length - size) {
                drain();
            }
            if (length > buffer.length) {
                pass(bytes, offset, length);
            } else {
                System.arraycopy(bytes, offset, buffer, size, length);
                size += length;
            }
        }

        @Override
        public void flush() throws IOException {
            sent += inPacket && isPublish ? 1 : 0;
            inPacket = false;
            if (announced.get() - sent <= 0) {
                drain();
            }
        }

        private void drain() throws IOException {
            int length = size;
            size = 0;
            if (length > 0) {
                pass(buffer, 0, length);
            }
        }

        private void pass(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                IOException said = readFailure;
                throw said == null ? e : said;
            }
        }
    }
}
