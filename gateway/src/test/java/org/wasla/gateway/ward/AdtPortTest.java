package org.wasla.gateway.ward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.identity.PatientStore;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.patient.Beds;

/** The feed, a nurse's tool and a monitor that asks come at the same time, each in its own pieces. */
class AdtPortTest {
    private static final int WAIT_MS = 20_000;

    @TempDir
    Path folder;

    private Outbox outbox;
    private Ward ward;
    private AdtPort port;

    @BeforeEach
    void open() throws IOException {
        outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 8L << 20, 0), Gaps::event);
        WardSettings settings =
                new WardSettings("gw-1", ZoneId.of("UTC"), List.of(), new Beds(Map.of()), false, 0, "CHU", null);
        ward = new Ward(
                settings,
                PatientStore.open(folder.resolve("patients")),
                outbox,
                () -> new Clock("sync", null),
                (device, json) -> {});
        port = new AdtPort(0, ward);
        port.start();
    }

    @AfterEach
    void close() throws IOException {
        port.close();
        ward.close();
        outbox.close();
    }

    private Socket connect() throws IOException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        while (port.port() <= 0) {
            assertTrue(System.nanoTime() - endNs < 0, "the port does not open");
            LockSupport.parkNanos(1_000_000);
        }
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port());
        socket.setSoTimeout(WAIT_MS);
        return socket;
    }

    private static byte[] message(String id) {
        String text = "\u000bMSH|^~\\&|HIS|CHU|W|CHU|20260616||ADT^A08|" + id
                + "|P|2.5\rEVN||20260616\rPID|||4711^^^CHU^PI||Family^Given\r\u001c\r";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String answer(Socket socket) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        int octet = socket.getInputStream().read();
        while (octet >= 0 && octet != 0x1c) {
            answer.write(octet);
            octet = socket.getInputStream().read();
        }
        return answer.toString(StandardCharsets.US_ASCII).replaceFirst("(?s).*MSA\\|(\\w+\\|\\w+).*", "$1");
    }

    @Test
    void severalSystemsTalkAtOnceInAnyPieces() throws IOException {
        try (Socket silent = connect();
                Socket bytewise = connect();
                Socket pair = connect()) {
            assertTrue(silent.isConnected());
            byte[] one = message("b1");
            bytewise.getOutputStream().write(one, 0, 20);
            ByteArrayOutputStream two = new ByteArrayOutputStream();
            two.write(new byte[] {5, 5});
            two.write(message("p1"));
            two.write(message("p2"));
            pair.getOutputStream().write(two.toByteArray());
            assertEquals("AA|p1", answer(pair));
            assertEquals("AA|p2", answer(pair));
            for (int i = 20; i < one.length; i++) {
                bytewise.getOutputStream().write(one, i, 1);
            }
            assertEquals("AA|b1", answer(bytewise));
        }
    }

    @Test
    void tooManyConnectionsAreTurnedAway() throws IOException {
        List<Socket> all = new ArrayList<>();
        try {
            for (int i = 0; i < AdtPort.CONNECTIONS_MAX; i++) {
                Socket socket = connect();
                all.add(socket);
                socket.getOutputStream().write(message("m" + i));
                assertEquals("AA|m" + i, answer(socket));
            }
            try (Socket late = connect()) {
                assertEquals(-1, late.getInputStream().read());
            }
            all.get(0).getOutputStream().write(message("again"));
            assertEquals("AA|again", answer(all.get(0)));
        } finally {
            for (Socket socket : all) {
                socket.close();
            }
        }
    }
}
