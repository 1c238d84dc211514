package org.wasla.gateway.hospital;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Piece;
import org.wasla.gateway.hl7.Er7Message;
import org.wasla.gateway.hl7.Er7Segment;
import org.wasla.gateway.hl7.MllpFrames;
import org.wasla.gateway.render.Pcd;

/**
 * A connection to one receiver (MLLP; HL7 v2 chapter 2.9): one message, then its answer. An answer counts when MSA-2 is
 * the number of the message; anything else on the line is passed over, until the time is up. One thread, but for {@link #abort}.
 */
final class MllpLine implements AutoCloseable {
    private static final int ANSWER_BYTES_MAX = 256 * 1024;
    private static final int CONNECT_MS = 10_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final long answerMs;
    private final byte[] chunk = new byte[8192];
    private volatile long writingSinceNs;
    private volatile boolean isWriting;

    private MllpLine(Socket socket, long answerMs) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.answerMs = answerMs;
    }

    static MllpLine open(HospitalSettings.Receiver to) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(to.host(), to.port()), (int) Math.min(CONNECT_MS, to.answerMs()));
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.setSoTimeout((int) to.answerMs());
            HospitalSettings.Keys tls = to.tls();
            Socket open = tls == null ? socket : HospitalTls.over(socket, to.host(), to.port(), tls);
            return new MllpLine(open, to.answerMs());
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Sends the message and waits for what becomes of it.
     *
     * @throws IOException when the connection ends before that
     */
    Reply exchange(Pcd.Message message) throws IOException {
        write(message);
        MllpFrames frames = new MllpFrames(ANSWER_BYTES_MAX, false);
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(answerMs);
        while (true) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
            if (leftMs <= 0) {
                return new Reply(Reply.Kind.UNANSWERED, "no-answer");
            }
            socket.setSoTimeout((int) leftMs);
            int length;
            try {
                length = in.read(chunk);
            } catch (SocketTimeoutException late) {
                return new Reply(Reply.Kind.UNANSWERED, "no-answer");
            }
            if (length < 0) {
                throw new IOException("closed without an answer");
            }
            for (Piece piece : frames.put(chunk, length)) {
                Reply reply = piece instanceof Piece.Frame frame ? reply(frame, message.controlId()) : null;
                if (reply != null) {
                    return reply;
                }
            }
        }
    }

    private void write(Pcd.Message message) throws IOException {
        byte[] body = message.body().toArray();
        byte[] framed = new byte[body.length + 3];
        framed[0] = 0x0b;
        System.arraycopy(body, 0, framed, 1, body.length);
        framed[body.length + 1] = 0x1c;
        framed[body.length + 2] = '\r';
        writingSinceNs = System.nanoTime();
        isWriting = true;
        try {
            out.write(framed);
            out.flush();
        } finally {
            isWriting = false;
        }
    }

    /** Null for what is no answer to this message. */
    private static @Nullable Reply reply(Piece.Frame frame, String controlId) {
        Er7Message answer = Er7Message.read(frame.body(), null).orElse(null);
        Optional<Er7Segment> msa = answer == null ? Optional.empty() : answer.first("MSA");
        if (answer == null || msa.isEmpty() || !msa.get().text(2).equals(controlId)) {
            return null;
        }
        String code = msa.get().text(1);
        String error = answer.first("ERR").map(segment -> segment.text(3)).orElse("");
        return switch (code) {
            case "AA", "CA" -> Reply.TAKEN;
            case "AE", "AR", "CE", "CR" -> refusal(code, error);
            default -> null;
        };
    }

    /** HL7 table 0357: 206 record locked, 207 internal error: the receiver's trouble, not the message's. */
    private static Reply refusal(String code, String error) {
        String reason = error.matches("\\d{1,5}") ? code + '-' + error : code;
        boolean isItsTrouble = error.equals("206") || error.equals("207");
        return new Reply(isItsTrouble ? Reply.Kind.UNANSWERED : Reply.Kind.REFUSED, reason);
    }

    /** How long a write has been waiting for the receiver to read, 0 when none is. */
    long stuckNs(long nowNs) {
        return isWriting ? nowNs - writingSinceNs : 0;
    }

    /** Ends the connection under whoever waits for it. */
    void abort() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is over either way.
        }
    }

    @Override
    public void close() {
        abort();
    }
}
