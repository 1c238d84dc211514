package org.wasla.gateway.hospital;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A receiver over a real socket that answers as it is told to, one connection at a time. Its reading is its own. */
final class OddReceiver implements AutoCloseable {
    private static final Pattern ALARM = Pattern.compile("OBX\\|\\d+\\|CWE\\|196616[^|]*\\|[^|]*\\|([a-z]+)\\^");
    private final ServerSocket server;
    private final List<String> received = new ArrayList<>();
    private final List<String> kinds = new ArrayList<>();
    private final Set<String> alarms = new HashSet<>();
    private volatile BiFunction<String, String, byte @Nullable []> answers;
    private volatile int closesAt = -1;

    OddReceiver(BiFunction<String, String, byte @Nullable []> answers) throws IOException {
        this(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()), answers);
    }

    OddReceiver(ServerSocket server, BiFunction<String, String, byte @Nullable []> answers) {
        this.server = server;
        this.answers = answers;
        Thread thread = new Thread(this::serve, "odd-receiver");
        thread.setDaemon(true);
        thread.start();
    }

    static byte[] frame(String text) {
        return ("\u000b" + text + "\u001c\r").getBytes(StandardCharsets.UTF_8);
    }

    static byte[] answer(String code, String id) {
        return frame("MSH|^~\\&|HIS||WASLA||20260616090000+0100||ACK^R01^ACK|9|P|2.6\rMSA|" + code + '|' + id + '\r');
    }

    static byte[] half(byte[] whole) {
        return Arrays.copyOf(whole, whole.length / 2);
    }

    static byte[] both(byte[] one, byte[] two) {
        byte[] both = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);
        return both;
    }

    int port() {
        return server.getLocalPort();
    }

    void answer(BiFunction<String, String, byte @Nullable []> otherwise) {
        answers = otherwise;
    }

    /** The next connection ends when so many bytes have come. */
    void closeWithin(int bytes) {
        closesAt = bytes;
    }

    /** The numbers of the messages that came, in their order. */
    synchronized List<String> received() {
        return List.copyOf(received);
    }

    synchronized List<String> kinds() {
        return List.copyOf(kinds);
    }

    synchronized Set<String> alarms() {
        return Set.copyOf(alarms);
    }

    synchronized void forget() {
        received.clear();
        kinds.clear();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                talk(socket);
            } catch (IOException over) {
                // the next one
            }
        }
    }

    private void talk(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        int count = 0;
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            count++;
            if (count == closesAt) {
                closesAt = -1;
                return;
            }
            if (octet == 0x0b) {
                text.setLength(0);
            } else if (octet == 0x1c) {
                byte[] answer = answered(text.toString());
                if (answer == null) {
                    return;
                }
                socket.getOutputStream().write(answer);
                socket.getOutputStream().flush();
            } else {
                text.append((char) octet);
            }
        }
    }

    private synchronized byte @Nullable [] answered(String text) {
        String[] header = text.split("\r", 2)[0].split("\\|", -1);
        received.add(header[9]);
        kinds.add(header[8].split("\\^", -1)[1]);
        byte[] answer = answers.apply(text, header[9]);
        Matcher alarm = ALARM.matcher(text);
        if (answer != null && answer.length > 0 && alarm.find()) {
            alarms.add(alarm.group(1));
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
