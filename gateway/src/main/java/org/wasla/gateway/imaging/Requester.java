package org.wasla.gateway.imaging;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.Association;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetFile;
import org.wasla.gateway.dicom.Effect;
import org.wasla.gateway.dicom.Fragments;
import org.wasla.gateway.dicom.Pdu;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.frame.Bytes;

/** An association that we ask for, of one service whose data sets are small. One thread; it blocks. */
final class Requester implements AutoCloseable {
    /** Shorter than callers get: one who does not answer must not hold up what is for others. */
    static final Timing TIMING = Timing.ofMs(10_000, 2_000, 30_000, 30_000);

    private static final int CONNECT_MS = 10_000;
    private static final int CONTEXT = 1;
    private static final int CHUNK_BYTES = 16 << 10;
    private static final int DATA_BYTES_MAX = 1 << 20;
    private static final long WAIT_MS_MAX = 60_000;

    private final Socket wire = new Socket();
    private final Association association;
    private final String charset;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private final Deque<Message> heard = new ArrayDeque<>();
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
    private @Nullable CommandSet command;
    private @Nullable IOException ended;
    private boolean isEstablished;
    private boolean isOver;

    private Requester(Pdu.Request request, Timing timing, String charset) {
        this.association = Association.requestor(timing, request, System.nanoTime());
        this.charset = charset;
    }

    /** What the peer says: a command, and a data set that may be empty. */
    record Message(CommandSet set, DataSet data) {}

    /**
     * Opens an association.
     *
     * @param isProvider whether we serve on it though we ask for it (PS3.7 annex D.3.3.4)
     * @param charset in which the peer writes where it declares none, "" when that is not known
     * @throws IOException when there is no answer, or a refusal of the association or of the service
     */
    static Requester open(Sender.Peer peer, String service, boolean isProvider, String charset, Timing timing)
            throws IOException {
        List<Pdu.Role> roles = isProvider ? List.of(new Pdu.Role(service, false, true)) : List.of();
        Pdu.User user = new Pdu.User(Fragments.DATA_BYTES_MAX, Uids.IMPLEMENTATION, Uids.VERSION, roles, false);
        Pdu.Proposal proposal = new Pdu.Proposal(CONTEXT, service, List.of(Uids.EXPLICIT_LITTLE, Uids.IMPLICIT_LITTLE));
        Pdu.Request request = Pdu.Request.of(peer.called(), peer.calling(), List.of(proposal), user);
        Requester requester = new Requester(request, timing, charset);
        try {
            requester.connect(peer);
            if (requester.association.transferSyntax(CONTEXT) == null) {
                throw new IOException("the peer does not offer this service");
            }
            return requester;
        } catch (IOException failed) {
            requester.wire.close();
            throw failed;
        }
    }

    private void connect(Sender.Peer peer) throws IOException {
        wire.connect(new InetSocketAddress(peer.host(), peer.port()), CONNECT_MS);
        wire.setTcpNoDelay(true);
        wire.setKeepAlive(true);
        perform(association.begin(System.nanoTime()));
        while (!isEstablished) {
            step();
        }
    }

    String transferSyntax() {
        return String.valueOf(association.transferSyntax(CONTEXT));
    }

    void send(CommandSet set, Bytes data) throws IOException {
        write(new PeerMessage(CONTEXT, set, data).bytes(association.peerBytesMax()));
    }

    /** @throws IOException when the association ends before a whole message came */
    Message receive() throws IOException {
        while (heard.isEmpty()) {
            step();
        }
        return heard.remove();
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
            } else if (effect instanceof Effect.Command of) {
                begin(of.set());
            } else if (effect instanceof Effect.Data data) {
                gather(data);
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

    private void begin(CommandSet set) {
        gathered.reset();
        command = set;
        if (!set.hasDataSet()) {
            heard.add(new Message(set, DataSet.EMPTY));
        }
    }

    private void gather(Effect.Data data) throws IOException {
        if (gathered.size() + data.to() - data.from() > DATA_BYTES_MAX) {
            throw new IOException("the peer sent a data set that is too large for this service");
        }
        gathered.write(chunk, data.from(), data.to() - data.from());
        CommandSet of = command;
        if (data.isLast() && of != null) {
            byte[] bytes = gathered.toByteArray();
            heard.add(new Message(
                    of,
                    DataSetFile.read(new ByteArrayInputStream(bytes), bytes.length, transferSyntax(), charset)
                            .data()));
        }
    }

    private void end(String why) {
        ended = new IOException("the peer " + why);
        isOver = true;
    }

    private void write(byte[] bytes) throws IOException {
        OutputStream out = wire.getOutputStream();
        out.write(bytes);
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
