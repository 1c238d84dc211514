package org.wasla.gateway.imaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.Association;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.Effect;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Fragments;
import org.wasla.gateway.dicom.Pdu;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.frame.Bytes;

/** An association that we ask for, to send files by C-STORE as they are. One thread; it blocks. */
public final class Sender implements AutoCloseable {
    private static final int CONNECT_MS = 10_000;
    private static final int CHUNK_BYTES = 16 << 10;
    private static final int CONTEXTS_MAX = 128;
    private static final long WAIT_MS_MAX = 60_000;

    private final Socket wire = new Socket();
    /** The same connection, or TLS over it. */
    private Socket line = wire;

    private final Association association;
    private final List<Pdu.Proposal> proposals;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private @Nullable CommandSet reply;
    private @Nullable IOException ended;
    private boolean isEstablished;
    private boolean isOver;
    private int messages;

    private Sender(List<Pdu.Proposal> proposals, String called, String calling, Timing timing) {
        Pdu.User user = new Pdu.User(Fragments.DATA_BYTES_MAX, Uids.IMPLEMENTATION, Uids.VERSION, List.of(), false);
        this.proposals = proposals;
        this.association =
                Association.requestor(timing, Pdu.Request.of(called, calling, proposals, user), System.nanoTime());
    }

    /** Whom to call, as whom. */
    public record Peer(String host, int port, String called, String calling) {}

    /**
     * Opens an association for these objects, each in the encoding that it has; what goes beyond 128 contexts is left out.
     *
     * @throws IOException when there is no answer or a refusal
     */
    public static Sender open(Peer peer, List<FileHead> objects, Timing timing) throws IOException {
        return open(peer, objects, timing, wire -> wire);
    }

    /** The same over what the opening makes of the connection. */
    static Sender open(Peer peer, List<FileHead> objects, Timing timing, Caller.Opening opening) throws IOException {
        Set<List<String>> pairs = new LinkedHashSet<>();
        pairs.add(List.of(Uids.VERIFICATION, Uids.IMPLICIT_LITTLE));
        objects.forEach(each -> pairs.add(List.of(each.sopClass(), each.transferSyntax())));
        List<Pdu.Proposal> proposals = new ArrayList<>();
        for (List<String> pair : pairs) {
            if (proposals.size() < CONTEXTS_MAX) {
                proposals.add(new Pdu.Proposal(2 * proposals.size() + 1, pair.get(0), List.of(pair.get(1))));
            }
        }
        Sender sender = new Sender(proposals, peer.called(), peer.calling(), timing);
        try {
            sender.connect(peer, opening);
            return sender;
        } catch (IOException failed) {
            sender.wire.close();
            throw failed;
        }
    }

    private void connect(Peer peer, Caller.Opening opening) throws IOException {
        wire.connect(new InetSocketAddress(peer.host(), peer.port()), CONNECT_MS);
        wire.setTcpNoDelay(true);
        wire.setKeepAlive(true);
        wire.setSoTimeout(CONNECT_MS);
        line = opening.over(wire);
        perform(association.begin(System.nanoTime()));
        while (!isEstablished) {
            step();
        }
    }

    /** The status of a C-ECHO. */
    public int echo() throws IOException {
        int context = context(Uids.VERIFICATION, Uids.IMPLICIT_LITTLE)
                .orElseThrow(() -> new IOException("the peer takes no C-ECHO"));
        command(context, CommandSet.of(CommandSet.C_ECHO).with(CommandSet.SOP_CLASS, Uids.VERIFICATION));
        return status();
    }

    /**
     * Sends a file and waits for the answer.
     *
     * @return the status; empty when the peer takes no such objects, or not in this encoding
     * @throws IOException when the association has ended: nobody knows then what became of the object
     */
    public Optional<Integer> store(Path file, FileHead head) throws IOException {
        return store(head, new Outgoing(file, head, null)::write);
    }

    /** The same with a data set that is made while it is sent. */
    Optional<Integer> store(FileHead head, Delivery.Body body) throws IOException {
        Optional<Integer> context = context(head.sopClass(), head.transferSyntax());
        if (context.isEmpty()) {
            return Optional.empty();
        }
        if (isOver || !association.maySend()) {
            throw ended == null ? new IOException("the peer has ended the association") : ended;
        }
        command(
                context.get(),
                CommandSet.of(CommandSet.C_STORE)
                        .with(CommandSet.SOP_CLASS, head.sopClass())
                        .with(CommandSet.INSTANCE, head.instance())
                        .with(CommandSet.PRIORITY, 0)
                        .withDataSet());
        FragmentOutput data = new FragmentOutput(context.get());
        body.write(data);
        data.finish();
        return Optional.of(status());
    }

    /** Whether objects of this kind were spoken of when the association was opened. */
    boolean isProposed(FileHead head) {
        return proposals.stream()
                .anyMatch(each -> each.abstractSyntax().equals(head.sopClass())
                        && each.transferSyntaxes().contains(head.transferSyntax()));
    }

    /** Whether messages can be sent; takes note of what the peer has said in the meantime. */
    boolean isOpen() {
        try {
            line.setSoTimeout(1);
            while (!isOver && association.maySend() && listen()) {
                // what came is taken
            }
        } catch (IOException gone) {
            isOver = true;
        }
        return !isOver && association.maySend();
    }

    /** Ends at once, from any thread: whoever waits is told. */
    void abort() {
        try {
            wire.close();
        } catch (IOException e) {
            isOver = true;
        }
    }

    /** The beginning of a file, null when it is no DICOM file. */
    public static @Nullable FileHead head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return FileHead.read(Bytes.of(in.readNBytes(FileHead.BYTES_MAX)));
        }
    }

    private Optional<Integer> context(String sopClass, String syntax) {
        return proposals.stream()
                .filter(each -> each.abstractSyntax().equals(sopClass)
                        && each.transferSyntaxes().contains(syntax)
                        && syntax.equals(association.transferSyntax(each.id())))
                .map(Pdu.Proposal::id)
                .findFirst();
    }

    private void command(int context, CommandSet set) throws IOException {
        messages = messages % 0xffff + 1;
        CommandSet numbered = set.with(CommandSet.MESSAGE_ID, messages);
        write(Fragments.command(context, numbered, association.peerBytesMax()).toArray());
    }

    /**
     * Cuts a data set into fragments. Head and fragment go in one write: a peer with Nagle's rule on the other side waits
     * for nothing then.
     */
    private final class FragmentOutput extends OutputStream {
        private final int context;
        private final byte[] pdu = new byte[Fragments.HEAD_BYTES + Fragments.room(association.peerBytesMax())];
        private int at = Fragments.HEAD_BYTES;

        FragmentOutput(int context) {
            this.context = context;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            int next = from;
            while (next < from + count) {
                if (at == pdu.length) {
                    fragment(false);
                }
                int some = Math.min(pdu.length - at, from + count - next);
                System.arraycopy(bytes, next, pdu, at, some);
                at += some;
                next += some;
            }
        }

        private void fragment(boolean isLast) throws IOException {
            Fragments.head(pdu, 0, context, false, isLast, at - Fragments.HEAD_BYTES);
            Sender.this.write(pdu, at);
            at = Fragments.HEAD_BYTES;
        }

        void finish() throws IOException {
            if (at % 2 != 0) {
                // Fragments are even; a data set that is not was cut, and its peer is told as little as possible.
                pdu[at++] = 0;
            }
            fragment(true);
        }
    }

    private int status() throws IOException {
        reply = null;
        while (reply == null) {
            step();
        }
        return reply.number(CommandSet.STATUS, -1);
    }

    private void step() throws IOException {
        if (isOver) {
            throw ended == null ? new IOException("the association has ended") : ended;
        }
        long waitMs = TimeUnit.NANOSECONDS.toMillis(association.waitNs(System.nanoTime())) + 1;
        line.setSoTimeout((int) Math.min(WAIT_MS_MAX, waitMs));
        if (!listen()) {
            perform(association.onTime(System.nanoTime()));
        }
    }

    /** Whether something came before the time was over. */
    private boolean listen() throws IOException {
        int read;
        try {
            read = line.getInputStream().read(chunk);
        } catch (SocketTimeoutException silent) {
            return false;
        }
        if (ImagingServer.HAS_QUICK_ACK) {
            wire.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
        }
        long nowNs = System.nanoTime();
        perform(read < 0 ? association.onClosed(nowNs) : association.onBytes(chunk, 0, read, nowNs));
        isOver |= read < 0;
        return true;
    }

    private void perform(List<Effect> effects) throws IOException {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send send) {
                write(send.bytes().toArray());
            } else if (effect instanceof Effect.Established) {
                isEstablished = true;
            } else if (effect instanceof Effect.Command command) {
                reply = command.set();
            } else if (effect instanceof Effect.Rejected rejected) {
                Pdu.Reject why = rejected.why();
                end("refused the association: result " + why.result() + ", source " + why.source() + ", reason "
                        + why.reason());
            } else if (effect instanceof Effect.Aborted aborted) {
                end("aborted the association: " + aborted.cause());
            } else if (effect instanceof Effect.ReleaseRequested) {
                perform(association.release(System.nanoTime()));
            } else if (effect instanceof Effect.Close) {
                isOver = true;
            }
        }
    }

    private void end(String why) {
        ended = new IOException("the peer " + why);
        isOver = true;
    }

    private void write(byte[] bytes) throws IOException {
        write(bytes, bytes.length);
    }

    private void write(byte[] bytes, int count) throws IOException {
        OutputStream out = line.getOutputStream();
        out.write(bytes, 0, count);
    }

    /** Ends in order where that is possible. */
    @Override
    public void close() throws IOException {
        try {
            perform(association.release(System.nanoTime()));
            while (!isOver) {
                step();
            }
        } finally {
            line.close();
            wire.close();
        }
    }
}
