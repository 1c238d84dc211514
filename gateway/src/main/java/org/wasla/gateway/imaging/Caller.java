package org.wasla.gateway.imaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.dicom.Association;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.Effect;
import org.wasla.gateway.dicom.Fragments;
import org.wasla.gateway.dicom.Negotiation;
import org.wasla.gateway.dicom.Pdu;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.print.PrintClass;

/**
 * One connection of a caller, read by a thread of its own that blocks: there are few, and what they do is disk. {@link
 * #evict} may come from any thread; all else is the thread's.
 */
final class Caller implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Caller.class);
    private static final Set<String> SERVICES = services();
    private static final int CHUNK_BYTES = 64 << 10;
    private static final long WAIT_MS_MAX = 60_000;

    private final Socket wire;
    private final Opening opening;
    private final ImagingServer server;
    private final ObjectStore store;
    private final Association association;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private @Nullable OutputStream out;
    private @Nullable Receiving receiving;
    private @Nullable Printing printing;
    private @Nullable Services services;
    private boolean isOver;
    private volatile String title = "";
    private volatile long idleSinceNs = System.nanoTime();
    private volatile boolean isBusy;

    /** Makes the stream over a connection, with TLS or without; called on the caller's thread. */
    @FunctionalInterface
    interface Opening {
        Socket over(Socket wire) throws IOException;
    }

    Caller(Socket wire, Opening opening, ImagingServer server, ObjectStore store, Timing timing) {
        this.wire = wire;
        this.opening = opening;
        this.server = server;
        this.store = store;
        this.association = Association.acceptor(timing, System.nanoTime());
    }

    private static Set<String> services() {
        Set<String> all = new HashSet<>(Services.CLASSES);
        all.addAll(PrintClass.NEGOTIATED);
        all.add(Uids.VERIFICATION);
        return all;
    }

    @Override
    public void run() {
        try (Socket socket = open()) {
            out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            while (!isOver) {
                if (in.available() > 0 || !speak()) {
                    step(socket, in);
                }
            }
        } catch (IOException gone) {
            LOG.debug("imaging caller={} connection lost error=\"{}\"", title, gone.getMessage());
        } finally {
            end();
        }
    }

    private void end() {
        try {
            perform(association.onClosed(System.nanoTime()));
        } catch (IOException gone) {
            LOG.debug("imaging caller={} not told error=\"{}\"", title, gone.getMessage());
        } finally {
            close();
            server.left(this);
        }
    }

    private void close() {
        dropParts();
        if (services != null) {
            services.close();
        }
        try {
            wire.close();
        } catch (IOException e) {
            LOG.debug("imaging caller={} not closed error=\"{}\"", title, e.getMessage());
        }
    }

    private void dropParts() {
        if (receiving != null) {
            receiving.close();
        }
        if (printing != null) {
            printing.close();
        }
    }

    private Socket open() throws IOException {
        wire.setTcpNoDelay(true);
        wire.setKeepAlive(true);
        wire.setSoTimeout((int) Math.min(WAIT_MS_MAX, TimeUnit.NANOSECONDS.toMillis(Timing.USUAL.requestNs())));
        quickAck();
        return opening.over(wire);
    }

    /** Says one thing that a service has to say. @return whether there was one; a peer that speaks is heard before it */
    private boolean speak() throws IOException {
        PeerMessage next = services == null || association.isBusy() || !association.maySend()
                ? null
                : services.next(System.nanoTime());
        if (next == null) {
            return false;
        }
        write(next.bytes(association.peerBytesMax()));
        return true;
    }

    /** Answers are due at once: the end of the association may stand behind the request already. */
    private void answerFrom(Services of) throws IOException {
        PeerMessage reply = of.reply();
        while (reply != null && association.maySend()) {
            write(reply.bytes(association.peerBytesMax()));
            reply = of.reply();
        }
    }

    private void step(Socket socket, InputStream in) throws IOException {
        long nowNs = System.nanoTime();
        boolean maySpeak = association.maySend() && !association.isBusy();
        long dueNs = services != null && maySpeak ? services.waitNs(nowNs) : Long.MAX_VALUE;
        long waitMs = TimeUnit.NANOSECONDS.toMillis(Math.min(dueNs, association.waitNs(nowNs))) + 1;
        socket.setSoTimeout((int) Math.min(WAIT_MS_MAX, waitMs));
        int read;
        try {
            read = in.read(chunk);
        } catch (SocketTimeoutException silent) {
            perform(association.onTime(System.nanoTime()));
            return;
        }
        quickAck();
        if (read < 0) {
            isOver = true;
            return;
        }
        isBusy = true;
        perform(association.onBytes(chunk, 0, read, System.nanoTime()));
        isBusy = association.isBusy();
        if (services != null) {
            services.heard(System.nanoTime());
        }
        idleSinceNs = System.nanoTime();
    }

    /**
     * Many senders write a message in two parts and wait, by Nagle's rule, until the first is acknowledged; our system puts
     * that off by 40 ms. It forgets the option by itself, so it is set after every read.
     */
    private void quickAck() throws IOException {
        if (ImagingServer.HAS_QUICK_ACK) {
            wire.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
        }
    }

    private void perform(List<Effect> effects) throws IOException {
        Deque<Effect> left = new ArrayDeque<>(effects);
        while (!left.isEmpty()) {
            List<Effect> more = perform(left.removeFirst());
            for (int i = more.size() - 1; i >= 0; i--) {
                left.addFirst(more.get(i));
            }
        }
    }

    private List<Effect> perform(Effect effect) throws IOException {
        long nowNs = System.nanoTime();
        if (effect instanceof Effect.Send send) {
            write(send.bytes().toArray());
        } else if (effect instanceof Effect.Requested requested) {
            return answer(requested.request(), nowNs);
        } else if (effect instanceof Effect.Command command && services != null && services.onCommand(command)) {
            answerFrom(services);
        } else if (effect instanceof Effect.Data data && services != null && services.onData(data, chunk)) {
            answerFrom(services);
        } else if (effect instanceof Effect.Command command && printing != null && Printing.takes(command.set())) {
            reply(printing.onCommand(command));
        } else if (effect instanceof Effect.Data data && printing != null && printing.isAwaiting()) {
            reply(printing.onData(data, chunk));
        } else if (effect instanceof Effect.Command command && receiving != null) {
            reply(command.context(), receiving.onCommand(command));
        } else if (effect instanceof Effect.Data data && receiving != null) {
            reply(data.context(), receiving.onData(data, chunk));
        } else if (effect instanceof Effect.ReleaseRequested) {
            return association.release(nowNs);
        } else if (effect instanceof Effect.Aborted aborted) {
            aborted(aborted);
        } else if (effect instanceof Effect.Close) {
            isOver = true;
        }
        return List.of();
    }

    private List<Effect> answer(Pdu.Request request, long nowNs) {
        Pdu.Reject refusal = server.judge(this, request, wire.getInetAddress());
        Pdu answer = refusal == null ? Negotiation.answer(request, SERVICES) : refusal;
        if (answer instanceof Pdu.Accept accept) {
            receiving = new Receiving(store, association, server::stored, request.calling());
            printing = new Printing(store, association, server, request.calling());
            if (request.proposals().stream()
                    .anyMatch(each -> each.abstractSyntax().equals(PrintClass.COLOUR))) {
                LOG.warn("imaging caller={} colour print refused: films are taken in grayscale", title);
            }
            services = new Services(
                    server.steps(), association, request, wire.getInetAddress().getHostAddress());
            LOG.debug("imaging caller={} association begins", title);
            return association.accept(accept, request.user().dataBytesMax(), nowNs);
        }
        Pdu.Reject reject = (Pdu.Reject) answer;
        server.refused(reject, request, wire.getInetAddress());
        return association.reject(reject, nowNs);
    }

    private void reply(int context, @Nullable CommandSet reply) throws IOException {
        if (reply != null && association.maySend()) {
            write(Fragments.command(context, reply, association.peerBytesMax()).toArray());
        }
    }

    private void reply(Bytes reply) throws IOException {
        if (reply.size() > 0 && association.maySend()) {
            write(reply.toArray());
        }
    }

    private void write(byte[] bytes) throws IOException {
        OutputStream to = out;
        if (to != null) {
            to.write(bytes);
            to.flush();
        }
    }

    private void aborted(Effect.Aborted why) {
        dropParts();
        server.aborted(title, why.cause());
    }

    /** Whose association it is; "" before there is one. */
    String title() {
        return title;
    }

    void named(String name) {
        title = name;
    }

    /** How long nothing has been under way, ns; 0 inside a message. */
    long idleNs(long nowNs) {
        return isBusy ? 0 : nowNs - idleSinceNs;
    }

    /** Ends the connection from outside. */
    void evict() {
        try {
            wire.close();
        } catch (IOException e) {
            LOG.debug("imaging caller={} not closed error=\"{}\"", title, e.getMessage());
        }
    }
}
