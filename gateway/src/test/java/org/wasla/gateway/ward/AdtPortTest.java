package org.wasla.gateway.ward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
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
import org.wasla.gateway.tls.TestPki;
import org.wasla.gateway.tls.TlsClock;
import org.wasla.gateway.tls.TlsFiles;

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
        open(AdtSettings.open(0));
    }

    private void open(AdtSettings settings) throws IOException {
        port = new AdtPort(settings, ward);
        port.start();
    }

    private void reopen(AdtSettings settings) throws IOException {
        port.close();
        open(settings);
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

    private static AdtSettings only(String... peers) {
        List<AdtSettings.Network> networks = Arrays.stream(peers)
                .map(peer -> AdtSettings.Network.of(peer).orElseThrow())
                .toList();
        return new AdtSettings(0, networks, null);
    }

    @Test
    void onlyThoseOfTheListAreAnswered() throws IOException {
        reopen(only("192.0.2.7", "10.0.0.0/8", "2001:db8::/32"));
        try (Socket stranger = connect()) {
            assertEquals(-1, stranger.getInputStream().read());
        }
        assertEquals(1, port.refusals());
        reopen(only("192.0.2.7", "127.0.0.0/8", "::1"));
        try (Socket known = connect()) {
            known.getOutputStream().write(message("k1"));
            assertEquals("AA|k1", answer(known));
        }
        assertEquals(0, port.refusals());
    }

    @Test
    void aNetworkHoldsWhatBeginsWithItsBits() throws IOException {
        for (String[] each : new String[][] {
            {"192.168.1.20", "192.168.1.20", "192.168.1.21"},
            {"10.20.0.0/16", "10.20.255.255", "10.21.0.0"},
            {"10.20.128.0/17", "10.20.128.0", "10.20.127.255"},
            {"0.0.0.0/0", "203.0.113.9", "::1"},
            {"fd00::/8", "fdff::1", "fe00::1"},
            {"2001:db8::7", "2001:db8::7", "2001:db8::8"}
        }) {
            AdtSettings settings = only(each[0]);
            assertTrue(settings.admits(InetAddress.getByName(each[1])), each[0]);
            assertFalse(settings.admits(InetAddress.getByName(each[2])), each[0]);
        }
        for (String none :
                List.of("his.local", "300.1.1.1", "10.0.0.0/33", "10.0.0/8", "fd00::/129", "", ":", "localhost")) {
            assertTrue(AdtSettings.Network.of(none).isEmpty(), none);
        }
    }

    @Test
    void withTlsOnlyWhoShowsACertificateOfTheAuthorityIsAnswered() throws Exception {
        TestPki pki = TestPki.make(folder, "ca", "other");
        pki.signed("port", "ca");
        pki.signed("his", "ca");
        pki.signed("stranger", "other");
        reopen(new AdtSettings(0, List.of(), new AdtSettings.Tls(pki.p12("port"), pki.pem("ca"))));
        try (Socket known = tls(pki, "his")) {
            known.getOutputStream().write(message("t1"));
            assertEquals("AA|t1", answer(known));
        }
        assertEquals(0, port.refusals());
        for (String who : new String[] {"stranger", null}) {
            assertThrows(IOException.class, () -> {
                try (Socket refused = tls(pki, who)) {
                    refused.getOutputStream().write(message("t2"));
                    assertNotEquals("AA|t2", answer(refused));
                    throw new IOException("no answer");
                }
            });
        }
        try (Socket clear = connect()) {
            clear.getOutputStream().write(message("t3"));
            assertNotEquals("AA|t3", answer(clear));
        }
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        while (port.refusals() < 3) {
            assertTrue(System.nanoTime() - endNs < 0, "refused: " + port.refusals());
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Socket tls(TestPki pki, @Nullable String who) throws Exception {
        SSLSocket socket =
                (SSLSocket) TlsFiles.context(pki.pem("ca"), who == null ? null : pki.p12(who), TlsClock.SYSTEM)
                        .getSocketFactory()
                        .createSocket(connect(), "localhost", port.port(), true);
        socket.startHandshake();
        return socket;
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
