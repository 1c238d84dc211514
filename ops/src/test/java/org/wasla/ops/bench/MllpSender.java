package org.wasla.ops.bench;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A system that sends results over MLLP: the next message once the one before is acknowledged. Each has a control id of
 * its own. Owns one thread; counters may be read from any.
 */
final class MllpSender implements Closeable {
    private static final byte START = 0x0B;
    private static final byte END = 0x1C;
    private static final int TIMEOUT_MS = 60_000;
    private static final int LATENCIES_MAX = 1_000_000;

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;
    private final String rest;
    private final String id;
    private final Thread thread;
    private final int[] latencies = new int[LATENCIES_MAX];
    private volatile int acknowledged;
    private volatile boolean stop;
    private volatile @Nullable String failure;

    /** @param results how many OBX a message has: 9 make 1.8 KB, 200 make 30 KB or so */
    MllpSender(int port, String id, int results) throws IOException {
        this.id = id;
        rest = rest(results);
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        out = socket.getOutputStream();
        in = new BufferedInputStream(socket.getInputStream());
        thread = new Thread(this::run, "sender-" + id);
    }

    private static String rest(int results) {
        StringBuilder text = new StringBuilder(
                "PID|1||TEST-0001^^^LAB^MR\rOBR|1||SPEC-0001|CBC^Blood count^99LAB|||" + "20260616080000\r");
        for (int i = 1; i <= results; i++) {
            text.append("OBX|")
                    .append(i)
                    .append("|NM|T")
                    .append(i)
                    .append("^Analyte number ")
                    .append(i)
                    .append("^99LAB||")
                    .append(i * 7 % 200)
                    .append('.')
                    .append(i % 10)
                    .append("|10*9/L^10*9/L^UCUM|1.0-200.0|N|||F|||20260616080000||operator|method-")
                    .append(i)
                    .append("^A method with a name of some length^99LAB|analyser-0001\r");
        }
        return text.toString();
    }

    /** Bytes of one message. */
    int bytes() {
        return message(1).length;
    }

    private byte[] message(int number) {
        byte[] text = ("MSH|^~\\&|ANALYSER|LAB|WASLA|CHU|20260616080000||ORU^R01|" + id + "-" + number + "|P|2.5.1\r"
                        + rest)
                .getBytes(StandardCharsets.US_ASCII);
        byte[] framed = Arrays.copyOf(new byte[] {START}, text.length + 3);
        System.arraycopy(text, 0, framed, 1, text.length);
        framed[text.length + 1] = END;
        framed[text.length + 2] = '\r';
        return framed;
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            for (int number = 1; !stop && number <= LATENCIES_MAX; number++) {
                byte[] message = message(number);
                long fromNs = System.nanoTime();
                out.write(message);
                answer(number);
                latencies[number - 1] = (int) Math.min(Integer.MAX_VALUE, (System.nanoTime() - fromNs) / 1_000);
                acknowledged = number;
            }
        } catch (IOException e) {
            failure = e.toString();
        }
    }

    private void answer(int number) throws IOException {
        StringBuilder answer = new StringBuilder();
        int next = in.read();
        while (next >= 0 && next != END) {
            answer.append((char) next);
            next = in.read();
        }
        if (next < 0 || in.read() != '\r') {
            throw new IOException("the answer has no end");
        }
        if (!answer.toString().contains("MSA|AA|" + id + "-" + number)) {
            throw new IOException("no acknowledgement: " + answer);
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
