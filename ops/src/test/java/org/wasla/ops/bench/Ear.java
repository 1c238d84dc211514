package org.wasla.ops.bench;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A subscriber that costs next to nothing: reads MQTT 5 from a plain socket and hands over each record of a device. A
 * batch counts as its rows. Owns one thread. The subscription is QoS 0, so that the measure does not acknowledge.
 */
final class Ear implements Closeable {
    private static final byte[] SEQ = ascii("\"seq\":");
    private static final byte[] ROWS = ascii("\"rows\":[");
    private static final byte[] COUNT = ascii("\"n\":");
    private static final int PUBLISH = 3;

    private final Socket socket;
    private final byte[] kind;
    private byte[] buffer = new byte[1 << 20];

    /** Told of each message with records, on the ear's thread. */
    @FunctionalInterface
    interface Listener {
        /**
         * @param seq number of the first record
         * @param rows how many records the message carries
         * @param bytes its size
         */
        void records(long seq, int rows, int bytes, long nowNs);
    }

    /** Returns once the broker has taken the subscription. */
    Ear(int port) throws IOException {
        this(port, "/obs");
    }

    /** @param kind what a topic of interest holds near its end */
    Ear(int port, String kind) throws IOException {
        this.kind = ascii(kind);
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        InputStream in = socket.getInputStream();
        socket.getOutputStream().write(connect());
        packet(in);
        socket.getOutputStream().write(subscribe());
        packet(in);
    }

    /** Hears from now on. */
    void listen(Listener listener) {
        Thread thread = new Thread(() -> hear(listener), "bench-ear");
        thread.setDaemon(true);
        thread.start();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] connect() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(body);
        out.writeUTF("MQTT");
        out.writeByte(5);
        out.writeByte(2);
        out.writeShort(0xffff);
        out.writeByte(0);
        out.writeUTF("bench-ear-" + System.nanoTime());
        return packet(0x10, body);
    }

    private static byte[] subscribe() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(body);
        out.writeShort(1);
        out.writeByte(0);
        out.writeUTF("wasla/1/+/+/+/d/+/+");
        out.writeByte(0);
        return packet(0x82, body);
    }

    private static byte[] packet(int type, ByteArrayOutputStream body) {
        byte[] packet = new byte[2 + body.size()];
        packet[0] = (byte) type;
        packet[1] = (byte) body.size();
        System.arraycopy(body.toByteArray(), 0, packet, 2, body.size());
        return packet;
    }

    /** Skips the answer to what was asked; both are shorter than 128 bytes. */
    private static void packet(InputStream in) throws IOException {
        int type = in.read();
        int length = in.read();
        byte[] body = in.readNBytes(length);
        if (type < 0 || body.length < length || (body[length - 1] & 0xff) >= 0x80 && type == 0x90) {
            throw new IOException("the broker refuses the bench's subscriber");
        }
    }

    private void hear(Listener listener) {
        int held = 0;
        try {
            InputStream in = socket.getInputStream();
            int count = in.read(buffer, held, buffer.length - held);
            while (count > 0) {
                long nowNs = System.nanoTime();
                held += count;
                int used = take(held, listener, nowNs);
                System.arraycopy(buffer, used, buffer, 0, held - used);
                held -= used;
                if (held == buffer.length) {
                    buffer = Arrays.copyOf(buffer, 2 * buffer.length);
                }
                count = in.read(buffer, held, buffer.length - held);
            }
        } catch (IOException closed) {
            // The bench is over, or its broker.
        }
    }

    /** Takes the whole packets at the front of the buffer and says how many bytes they were. */
    private int take(int to, Listener listener, long nowNs) {
        int from = 0;
        while (from + 5 <= to) {
            int length = 0;
            int at = from + 1;
            int shift = 0;
            int digit;
            do {
                digit = buffer[at++];
                length |= (digit & 0x7f) << shift;
                shift += 7;
            } while (digit < 0);
            if (at + length > to) {
                break;
            }
            if ((buffer[from] & 0xf0) >> 4 == PUBLISH) {
                publish(at, at + length, listener, nowNs);
            }
            from = at + length;
        }
        return from;
    }

    private void publish(int from, int to, Listener listener, long nowNs) {
        int topicEnd = from + 2 + ((buffer[from] & 0xff) << 8 | buffer[from + 1] & 0xff);
        int properties = topicEnd;
        int length = 0;
        int shift = 0;
        int digit;
        do {
            digit = buffer[properties++];
            length |= (digit & 0x7f) << shift;
            shift += 7;
        } while (digit < 0);
        int payload = properties + length;
        if (find(kind, Math.max(from, topicEnd - 7), topicEnd) < 0) {
            return;
        }
        int seq = find(SEQ, payload, to);
        int rows = find(ROWS, payload, to) < 0 ? 1 : rows(payload, to);
        listener.records(seq < 0 ? 0 : number(seq + SEQ.length), rows, to - payload, nowNs);
    }

    /** The member {@code n} that is a number; the short names of columns are texts. */
    private int rows(int payload, int to) {
        for (int at = find(COUNT, payload, to); at >= 0; at = find(COUNT, at + 1, to)) {
            if (buffer[at + COUNT.length] != '"') {
                return (int) number(at + COUNT.length);
            }
        }
        return 1;
    }

    private long number(int at) {
        long number = 0;
        for (int i = at; buffer[i] >= '0' && buffer[i] <= '9'; i++) {
            number = 10 * number + buffer[i] - '0';
        }
        return number;
    }

    private int find(byte[] what, int from, int to) {
        for (int i = from; i + what.length <= to; i++) {
            if (buffer[i] == what[0] && matches(what, i)) {
                return i;
            }
        }
        return -1;
    }

    private boolean matches(byte[] what, int at) {
        for (int i = 1; i < what.length; i++) {
            if (buffer[at + i] != what[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
