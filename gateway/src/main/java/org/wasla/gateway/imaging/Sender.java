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
            sender.connect(peer);
            return sender;
        } catch (IOException failed) {
            sender.wire.close();
            throw failed;
        }
    }

    private void connect(Peer peer) throws IOException {
        wire.connect(new InetSocketAddress(peer.host(), peer.port()), CONNECT_MS);
        wire.setTcpNoDelay(true);
        wire.setKeepAlive(true);
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
        Optional<Integer> context = context(head.sopClass(), head.transferSyntax());
        if (context.isEmpty()) {
            return Optional.empty();
        }
        command(
                context.get(),
                CommandSet.of(CommandSet.C_STORE)
                        .with(CommandSet.SOP_CLASS, head.sopClass())
                        .with(CommandSet.INSTANCE, head.instance())
                        .with(CommandSet.PRIORITY, 0)
                        .withDataSet());
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(head.bytes());
            data(context.get(), in);
        }
        return Optional.of(status());
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

    /** Head and fragment go in one write: a peer with Nagle's rule on the other side waits for nothing then. */
    private void data(int context, InputStream in) throws IOException {
        int room = Fragments.room(association.peerBytesMax());
        byte[] pdu = new byte[Fragments.HEAD_BYTES + room];
        byte[] next = in.readNBytes(room);
        boolean isLast = false;
        while (!isLast) {
            byte[] now = next;
            next = in.readNBytes(room);
            isLast = next.length == 0;
            // Fragments are even; a data set that is not was cut, and its peer is told as little as possible.
            int bytes = now.length + now.length % 2;
            System.arraycopy(now, 0, pdu, Fragments.HEAD_BYTES, now.length);
            if (bytes > now.length) {
                pdu[Fragments.HEAD_BYTES + now.length] = 0;
            }
            Fragments.head(pdu, 0, context, false, isLast, bytes);
            write(pdu, Fragments.HEAD_BYTES + bytes);
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
        wire.setSoTimeout((int) Math.min(WAIT_MS_MAX, waitMs));
        try {
            int read = wire.getInputStream().read(chunk);
            if (ImagingServer.HAS_QUICK_ACK) {
                wire.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
            }
            long nowNs = System.nanoTime();
            perform(read < 0 ? association.onClosed(nowNs) : association.onBytes(chunk, 0, read, nowNs));
            isOver |= read < 0;
        } catch (SocketTimeoutException silent) {
            perform(association.onTime(System.nanoTime()));
        }
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
        OutputStream out = wire.getOutputStream();
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
            wire.close();
        }
    }
}
