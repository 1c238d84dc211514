package org.wasla.gateway.uplink;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whether a broker can be reached, a step at a time: name, port, TLS, and its word on who asks. For people who look for a
 * fault; nothing is published or subscribed. Under a client id of its own, so that a running agent is not thrown out. All
 * within about 20 s. Stateless.
 */
public final class Knock {
    private static final int CONNECT_MS = 5_000;
    private static final int ANSWER_MS = 10_000;
    private static final int CONNECT = 0x10;
    private static final int CONNACK = 0x20;
    private static final int DISCONNECT = 0xE0;
    private static final int CLEAN_START = 0x02;
    private static final int WITH_USER = 0x80;
    private static final int WITH_PASSWORD = 0x40;
    private static final int REFUSED = 0x80;

    private Knock() {}

    /** How far it came. */
    public enum Step {
        NAME,
        PORT,
        TLS,
        MQTT,
        OPEN
    }

    /**
     * @param step where it ended
     * @param cause why, empty when it is open
     */
    public record Answer(Step step, String cause) {}

    /** @param server one of those of the settings */
    public static Answer at(URI server, UplinkSettings settings) {
        Server of = Server.of(server);
        Step step = Step.NAME;
        try {
            int colon = of.label().lastIndexOf(':');
            String host = of.label().substring(0, colon).replaceAll("[\\[\\]]", "");
            InetAddress address = InetAddress.getByName(host);
            step = Step.PORT;
            try (Socket plain = new Socket()) {
                plain.connect(
                        new InetSocketAddress(
                                address, Integer.parseInt(of.label().substring(colon + 1))),
                        CONNECT_MS);
                plain.setSoTimeout(ANSWER_MS);
                step = of.tls() ? Step.TLS : Step.MQTT;
                try (Socket spoken = secured(plain, host, Tls.socketsFor(of, settings))) {
                    step = Step.MQTT;
                    return greet(spoken, of, settings.gateway() + "-doctor");
                }
            }
        } catch (UnknownHostException unknown) {
            return new Answer(step, "no address for " + unknown.getMessage());
        } catch (SSLException refused) {
            // With TLS 1.3 a broker that wants another certificate says so after the handshake.
            return new Answer(Step.TLS, String.valueOf(refused.getMessage()));
        } catch (EOFException silent) {
            return new Answer(step, "it ended the connection without a word");
        } catch (IOException failed) {
            return new Answer(step, String.valueOf(failed.getMessage()));
        }
    }

    private static Socket secured(Socket plain, String host, @Nullable SSLSocketFactory sockets) throws IOException {
        if (sockets == null) {
            return plain;
        }
        SSLSocket socket = (SSLSocket) sockets.createSocket(plain, host, plain.getPort(), true);
        socket.startHandshake();
        return socket;
    }

    /** MQTT 5, 3.1 and 3.2: CONNECT, and the reason code of CONNACK. */
    private static Answer greet(Socket socket, Server server, String client) throws IOException {
        String user = server.user();
        String name = user == null ? "" : user.replaceAll(":.*", "");
        String password = user != null && user.contains(":") ? user.substring(user.indexOf(':') + 1) : "";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeUTF("MQTT");
        body.writeByte(5);
        body.writeByte(CLEAN_START | (name.isEmpty() ? 0 : WITH_USER) | (password.isEmpty() ? 0 : WITH_PASSWORD));
        body.writeShort(30);
        body.writeByte(0);
        body.writeUTF(client);
        if (!name.isEmpty()) {
            body.writeUTF(name);
        }
        if (!password.isEmpty()) {
            byte[] secret = password.getBytes(StandardCharsets.UTF_8);
            body.writeShort(secret.length);
            body.write(secret);
        }
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeByte(CONNECT);
        length(out, bytes.size());
        bytes.writeTo(out);
        out.flush();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        if (in.readUnsignedByte() != CONNACK) {
            return new Answer(Step.MQTT, "it speaks no MQTT");
        }
        // The remaining length, at most four bytes; flags; the reason.
        for (int more = in.readUnsignedByte(); more >= 0x80; ) {
            more = in.readUnsignedByte();
        }
        in.readUnsignedByte();
        int reason = in.readUnsignedByte();
        if (reason >= REFUSED) {
            return new Answer(Step.MQTT, Reason.text(reason));
        }
        out.write(new byte[] {(byte) DISCONNECT, 0});
        out.flush();
        return new Answer(Step.OPEN, "");
    }

    private static void length(DataOutputStream out, int length) throws IOException {
        int left = length;
        for (; left >= 0x80; left >>= 7) {
            out.writeByte(left & 0x7F | 0x80);
        }
        out.writeByte(left);
    }
}
