package org.wasla.gateway.imaging;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.dicom.Effect.Aborted.Cause;
import org.wasla.gateway.dicom.Pdu;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.print.Answer;

/**
 * Takes calls of DICOM devices: one thread a port, one a connection. Who may call and how many at once is decided here.
 * Thread-safe.
 */
final class ImagingServer implements AutoCloseable {
    static final boolean HAS_QUICK_ACK = hasQuickAck();
    private static final Logger LOG = LoggerFactory.getLogger(ImagingServer.class);
    private static final long STOP_MS = 3_000;
    private static final long PAUSE_MS = 200;
    private static final int BACKLOG = 64;
    private static final Map<Pdu.Reject, String> WHY = Map.of(
            Pdu.Reject.CALLED_TITLE, "called-title",
            Pdu.Reject.CALLING_TITLE, "calling-title",
            Pdu.Reject.LIMIT, "limit");

    private final ImagingSettings settings;
    private final ObjectStore store;
    private final Timing timing;
    private final Consumer<Instance> after;
    private final StepDesk steps;
    private final List<ServerSocket> ports = new ArrayList<>();
    private final List<Caller> callers = new ArrayList<>();
    private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private long connections;

    /** @param after takes each new object once it is durable, on the thread that received it */
    ImagingServer(
            ImagingSettings settings, ObjectStore store, Timing timing, Consumer<Instance> after, StepDesk steps) {
        this.settings = settings;
        this.store = store;
        this.timing = timing;
        this.after = after;
        this.steps = steps;
    }

    private static boolean hasQuickAck() {
        try (Socket socket = new Socket()) {
            return socket.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK);
        } catch (IOException none) {
            return false;
        }
    }

    /** @throws IOException when a port is in use, or key or authority of TLS cannot be read */
    void start() throws IOException {
        listen(settings.port(), socket -> socket);
        ImagingSettings.Tls tls = settings.tls();
        if (tls != null) {
            TlsOpening.read(tls);
            listen(tls.port(), socket -> TlsOpening.read(tls).over(socket));
        }
    }

    private void listen(int port, Caller.Opening opening) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        try {
            server.bind(new InetSocketAddress(port), BACKLOG);
        } catch (IOException taken) {
            server.close();
            throw new IOException("dicom port " + port + " cannot be opened: " + taken.getMessage(), taken);
        }
        ports.add(server);
        Thread thread = new Thread(() -> take(server, opening), "dicom-port-" + server.getLocalPort());
        thread.setDaemon(true);
        thread.start();
    }

    /** The ports listened on: the plain one first. */
    List<Integer> ports() {
        return ports.stream().map(ServerSocket::getLocalPort).toList();
    }

    private void take(ServerSocket server, Caller.Opening opening) {
        while (!server.isClosed()) {
            try {
                Socket wire = server.accept();
                admit(new Caller(wire, opening, this, store, timing));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    LOG.warn("imaging connection not taken error=\"{}\"", e.getMessage());
                    pause();
                }
            }
        }
    }

    private void pause() {
        try {
            if (stopping.await(PAUSE_MS, TimeUnit.MILLISECONDS)) {
                LOG.debug("imaging stops");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void admit(Caller caller) {
        tally("connections");
        if (callers.size() >= settings.limits().connections() && !makeRoom(callers, 0)) {
            tally("crowded");
            caller.evict();
            return;
        }
        callers.add(caller);
        connections++;
        Thread thread = new Thread(caller, "dicom-" + connections);
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends the one that has been idle longest, of those at least that long; whether there was one. */
    private boolean makeRoom(List<Caller> among, long idleMs) {
        long nowNs = System.nanoTime();
        Caller longest = null;
        for (Caller each : among) {
            long idleNs = each.idleNs(nowNs);
            if (idleNs > TimeUnit.MILLISECONDS.toNanos(idleMs) && (longest == null || idleNs > longest.idleNs(nowNs))) {
                longest = each;
            }
        }
        if (longest == null) {
            return false;
        }
        tally("evicted");
        longest.evict();
        // Its thread notices in a moment; the place is given away now.
        callers.remove(longest);
        return true;
    }

    /** Whether a caller may have an association: null, or why not. */
    synchronized Pdu.@Nullable Reject judge(Caller caller, Pdu.Request request, InetAddress from) {
        if (!settings.isAnyCalled() && !request.called().equals(settings.title())) {
            return Pdu.Reject.CALLED_TITLE;
        }
        if (!isKnown(request.calling(), from)) {
            return Pdu.Reject.CALLING_TITLE;
        }
        List<Caller> all = callers.stream()
                .filter(each -> each != caller && !each.title().isEmpty())
                .toList();
        List<Caller> same = all.stream()
                .filter(each -> each.title().equals(request.calling()))
                .toList();
        long evictAfterMs = settings.limits().evictAfterMs();
        if (same.size() >= settings.limits().perCaller() && !makeRoom(same, evictAfterMs)
                || all.size() >= settings.limits().associations() && !makeRoom(all, evictAfterMs)) {
            return Pdu.Reject.LIMIT;
        }
        caller.named(request.calling().isEmpty() ? "-" : request.calling());
        tally("associations");
        return null;
    }

    private boolean isKnown(String title, InetAddress from) {
        return settings.callers().isEmpty()
                || settings.callers().stream()
                        .anyMatch(each -> each.title().equals(title)
                                && (each.address() == null
                                        || from.getHostAddress().equals(each.address())));
    }

    StepDesk steps() {
        return steps;
    }

    void stored(Instance instance) {
        tally("stored");
        after.accept(instance);
    }

    /** Counts what became of a command of print. */
    void answered(Answer print) {
        if (print.isRefused()) {
            tally("prints-refused");
        } else if (!print.pictures().isEmpty()) {
            tally("prints");
        }
    }

    /** Tells what whoever sets up the scanner has to correct: it is there, and shows a number at best. */
    void refused(Pdu.Reject why, Pdu.Request request, InetAddress from) {
        tally("refused");
        LOG.warn(
                "imaging association refused calling=\"{}\" called=\"{}\" from={} why={}",
                printable(request.calling()),
                printable(request.called()),
                from.getHostAddress(),
                WHY.getOrDefault(why, "protocol"));
    }

    /** What a stranger sends must make no lines of its own in a log. */
    private static String printable(String title) {
        return title.replaceAll("[^ -~]|\"", "?");
    }

    void aborted(String title, Cause cause) {
        tally("aborted-" + cause.name().toLowerCase(Locale.ROOT));
        LOG.debug("imaging caller={} association aborted cause={}", title, cause);
    }

    synchronized void left(Caller caller) {
        callers.remove(caller);
        notifyAll();
    }

    private void tally(String what) {
        counts.computeIfAbsent(what, name -> new AtomicLong()).incrementAndGet();
    }

    /** How often something has happened since the start, 0 when never. */
    long count(String what) {
        AtomicLong count = counts.get(what);
        return count == null ? 0 : count.get();
    }

    /** How many associations stand. */
    synchronized int associations() {
        return (int) callers.stream().filter(each -> !each.title().isEmpty()).count();
    }

    /** Takes no more calls, and ends those that stand: an object under way gets a moment to be finished. */
    @Override
    public void close() {
        stopping.countDown();
        for (ServerSocket port : ports) {
            try {
                port.close();
            } catch (IOException e) {
                LOG.debug("imaging port not closed error=\"{}\"", e.getMessage());
            }
        }
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MS);
        try {
            waitFor(endNs, true);
            synchronized (this) {
                List.copyOf(callers).forEach(Caller::evict);
            }
            waitFor(endNs + TimeUnit.MILLISECONDS.toNanos(STOP_MS), false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void waitFor(long endNs, boolean isBusyOnly) throws InterruptedException {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
        while (leftMs > 0 && callers.stream().anyMatch(each -> !isBusyOnly || each.idleNs(System.nanoTime()) == 0)) {
            wait(Math.min(PAUSE_MS, leftMs));
            leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
        }
    }
}
