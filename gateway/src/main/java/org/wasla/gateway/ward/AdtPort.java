package org.wasla.gateway.ward;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece;
import org.wasla.gateway.hl7.MllpFrames;
import org.wasla.gateway.tls.TlsServer;

/**
 * The TCP port at which the hospital's systems talk MLLP: several connections at once, one thread each, at most
 * {@value #CONNECTIONS_MAX}; more are closed at once. Owns the threads {@code adt} and {@code adt-peer}. Thread-safe.
 */
public final class AdtPort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdtPort.class);
    static final int CONNECTIONS_MAX = 16;
    private static final int MESSAGE_MS_MAX = 60_000;
    private static final long RETRY_MS = 5_000;
    private static final int MESSAGE_BYTES_MAX = 1 << 20;
    private static final int CHUNK_BYTES = 8192;

    private final AdtSettings settings;
    private final AtomicLong refusals = new AtomicLong();
    private final Hl7Desk desk;
    private final Set<Socket> peers = ConcurrentHashMap.newKeySet();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "adt");
    private volatile ServerSocket server;

    /**
     * @param settings port 0 takes a free one
     * @throws IOException when there is no socket to be had at all
     */
    public AdtPort(AdtSettings settings, Ward ward) throws IOException {
        this.settings = settings;
        this.desk = new Hl7Desk(ward);
        this.server = new ServerSocket();
        thread.setDaemon(true);
    }

    /** A port that is taken is tried again and again. */
    public void start() {
        thread.start();
    }

    /** The port once it is open, else -1 or 0. */
    public int port() {
        return server.getLocalPort();
    }

    private void run() {
        long faults = 0;
        while (!isStopping(0)) {
            try (ServerSocket open = server) {
                open.setReuseAddress(true);
                open.bind(new InetSocketAddress(settings.port()));
                LOG.info("hospital port open port={}", open.getLocalPort());
                accept(open);
            } catch (IOException lost) {
                faults++;
                if (!isStopping(0) && (faults & (faults - 1)) == 0) {
                    LOG.warn("hospital port={} times={} cause=\"{}\"", settings.port(), faults, lost.getMessage());
                }
            }
            if (!isStopping(RETRY_MS)) {
                renew();
            }
        }
    }

    private void renew() {
        try {
            server = new ServerSocket();
        } catch (IOException none) {
            LOG.warn("hospital port={} cause=\"{}\"", settings.port(), none.getMessage());
        }
    }

    private boolean isStopping(long waitMs) {
        try {
            return stopping.await(waitMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void accept(ServerSocket open) throws IOException {
        while (!isStopping(0)) {
            Socket peer = open.accept();
            if (!settings.admits(peer.getInetAddress())) {
                refused(peer, "its address is not in adt.peers");
                peer.close();
                continue;
            }
            if (peers.size() >= CONNECTIONS_MAX) {
                peer.close();
                continue;
            }
            peers.add(peer);
            Thread talk = new Thread(() -> talk(peer), "adt-peer");
            talk.setDaemon(true);
            talk.start();
        }
    }

    /** Whoever sets up the hospital's side has to see it: at the 1st, 2nd, 4th... time. */
    private void refused(Socket peer, String why) {
        long times = refusals.incrementAndGet();
        if ((times & (times - 1)) == 0) {
            String from = peer.getInetAddress().getHostAddress();
            LOG.warn("hospital connection refused from={} times={} cause=\"{}\"", from, times, why);
        }
    }

    /** How many were refused since the start: for their address, or for want of a certificate. */
    public long refusals() {
        return refusals.get();
    }

    private void talk(Socket wire) {
        try (wire;
                Socket peer = secured(wire)) {
            listen(peer);
        } catch (IOException gone) {
            LOG.debug("hospital connection ended cause=\"{}\"", gone.getMessage());
        } catch (RuntimeException ourBug) {
            LOG.error("hospital connection failed by a fault of ours", ourBug);
        } finally {
            peers.remove(wire);
        }
    }

    private Socket secured(Socket wire) throws IOException {
        wire.setTcpNoDelay(true);
        wire.setKeepAlive(true);
        AdtSettings.Tls tls = settings.tls();
        if (tls == null) {
            return wire;
        }
        wire.setSoTimeout(MESSAGE_MS_MAX);
        try {
            return TlsServer.over(wire, tls.key(), tls.ca());
        } catch (IOException noTls) {
            refused(wire, String.valueOf(noTls.getMessage()));
            throw noTls;
        }
    }

    /** Between messages a connection may be silent for ever, inside one only a minute. */
    private void listen(Socket peer) throws IOException {
        MllpFrames mllp = new MllpFrames(MESSAGE_BYTES_MAX, false);
        long skipped = 0;
        byte[] chunk = new byte[CHUNK_BYTES];
        long begunNs = System.nanoTime();
        while (!isStopping(0)) {
            peer.setSoTimeout(mllp.holdsBytes() ? MESSAGE_MS_MAX : 0);
            int length;
            try {
                length = peer.getInputStream().read(chunk);
            } catch (SocketTimeoutException cut) {
                throw new IOException("a message did not end", cut);
            }
            if (length < 0) {
                LOG.debug("hospital connection closed skipped_bytes={}", skipped);
                return;
            }
            begunNs = mllp.holdsBytes() ? begunNs : System.nanoTime();
            for (Piece piece : mllp.put(chunk, length)) {
                if (piece instanceof Piece.Frame message) {
                    begunNs = System.nanoTime();
                    answer(message.body(), peer);
                } else {
                    skipped += ((Piece.Noise) piece).size();
                }
            }
            boolean isLate = System.nanoTime() - begunNs > TimeUnit.MILLISECONDS.toNanos(MESSAGE_MS_MAX);
            if (mllp.holdsBytes() && isLate) {
                throw new IOException("a message did not end");
            }
        }
    }

    private void answer(Bytes message, Socket peer) throws IOException {
        Optional<Bytes> answer = desk.answer(message);
        if (answer.isPresent()) {
            peer.getOutputStream().write(answer.get().toArray());
        }
    }

    /** Closes the port and its connections and waits for the thread, at most five seconds. */
    @Override
    public void close() {
        stopping.countDown();
        try {
            server.close();
            for (Socket peer : peers) {
                peer.close();
            }
            thread.join(5_000);
        } catch (IOException given) {
            LOG.debug("hospital port closed cause=\"{}\"", given.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
