package org.wasla.gateway.uplink;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * As much of a broker as a test needs that wants to be rude: it accepts everybody, offers topic aliases, and
 * acknowledges only when told to. Own thread.
 */
final class BareBroker implements AutoCloseable {

    private static final byte[] CONNACK = {0x20, 0x06, 0x00, 0x00, 0x03, 0x22, 0x00, 0x0a};
    private static final byte[] NO_ALIASES = {0x20, 0x03, 0x00, 0x00, 0x00};
    /** It ends the connection without a word. */
    static final int HANGS_UP = -1;

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Publish> heard = new CopyOnWriteArrayList<>();
    private volatile boolean acknowledges;
    private volatile Judge judge = (topic, bytes) -> 0;
    private volatile byte[] connack = CONNACK;
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Socket client = new Socket();

    /** @param topic empty when it was named by its alias alone */
    record Publish(int connection, boolean again, String topic) {}

    /** What it says of a message: the reason of its PUBACK, or minus that of its DISCONNECT, or {@link #HANGS_UP}. */
    interface Judge {
        int says(String topic, int bytes);
    }

    /** With an opinion, and without topic aliases; it says in CONNACK that it has these properties beside. */
    BareBroker(Judge judge, byte... properties) throws IOException {
        this();
        this.judge = judge;
        this.acknowledges = true;
        this.connack = NO_ALIASES.clone();
        connack = java.util.Arrays.copyOf(connack, connack.length + properties.length);
        System.arraycopy(properties, 0, connack, NO_ALIASES.length, properties.length);
        connack[1] += (byte) properties.length;
        connack[4] += (byte) properties.length;
    }

    BareBroker() throws IOException {
        Thread thread = new Thread(this::accept, "bare-broker");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    List<Publish> heard() {
        return heard;
    }

    List<Publish> heardOn(int connection) {
        return heard.stream().filter(each -> each.connection() == connection).toList();
    }

    void acknowledge() {
        acknowledges = true;
    }

    /** Says why it ends the connection, as a broker does to whom another client of that id has come. */
    void disconnect(int reason) throws IOException {
        client.getOutputStream().write(new byte[] {(byte) 0xe0, 0x02, (byte) reason, 0x00});
    }

    int connections() {
        return connections.get();
    }

    /** Ends the connection that stands. */
    void hangUp() throws IOException {
        client.close();
    }

    private void accept() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                client = socket;
                connections.incrementAndGet();
                serve(new DataInputStream(socket.getInputStream()), socket.getOutputStream());
            } catch (IOException e) {
                // The next one, if there is one.
                client = new Socket();
            }
        }
    }

    private void serve(DataInputStream in, OutputStream out) throws IOException {
        while (true) {
            int first = in.readUnsignedByte();
            byte[] rest = new byte[length(in)];
            in.readFully(rest);
            if (first >> 4 == 1) {
                out.write(connack);
            } else if (first >> 4 == 3) {
                int topicBytes = (rest[0] & 0xff) << 8 | rest[1] & 0xff;
                String topic = new String(rest, 2, topicBytes, StandardCharsets.UTF_8);
                heard.add(new Publish(connections.get(), (first & 8) != 0, topic));
                if (acknowledges
                        && !answers(out, judge.says(topic, rest.length), rest[2 + topicBytes], rest[3 + topicBytes])) {
                    return;
                }
            } else if (first >> 4 == 12) {
                out.write(new byte[] {(byte) 0xd0, 0x00});
            }
        }
    }

    /** False where that was the end. */
    private static boolean answers(OutputStream out, int says, byte high, byte low) throws IOException {
        if (says >= 0) {
            out.write(new byte[] {0x40, 0x03, high, low, (byte) says});
        } else if (says < HANGS_UP) {
            out.write(new byte[] {(byte) 0xe0, 0x01, (byte) -says});
        }
        return says >= 0;
    }

    private static int length(DataInputStream in) throws IOException {
        int length = 0;
        int shift = 0;
        int next;
        do {
            next = in.readUnsignedByte();
            length |= (next & 0x7f) << shift;
            shift += 7;
        } while ((next & 0x80) != 0);
        return length;
    }

    @Override
    public void close() throws IOException {
        server.close();
        client.close();
    }
}
