package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;

/** TLS against a broker that asks for a client certificate: only its authority, and only under its own name. */
class UplinkTlsIT {

    private static final long WAIT_MS = 30_000;
    private static final String PASSWORD = "changeit";
    private static final Timing QUICK = new Timing(5_000, 3_000, 50, 500, 60_000, 30);

    @TempDir
    Path dir;

    private void keytool(String store, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", dir.resolve(store).toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }

    private void authority(String name) throws Exception {
        keyPair(name, "-ext", "bc:c");
        keytool(
                name + ".p12",
                "-exportcert",
                "-rfc",
                "-alias",
                "key",
                "-file",
                dir.resolve(name + ".pem").toString());
    }

    private void keyPair(String name, String... extra) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-genkeypair", "-alias", "key", "-keyalg", "EC"));
        arguments.addAll(List.of("-groupname", "secp256r1", "-dname", "CN=" + name, "-storetype", "PKCS12"));
        arguments.addAll(List.of(extra));
        keytool(name + ".p12", arguments.toArray(new String[0]));
    }

    /** A key whose certificate comes from the authority, as PEM files and as PKCS12. */
    private void signed(String name, String authority, String... extensions) throws Exception {
        String request = dir.resolve(name + ".csr").toString();
        String certificate = dir.resolve(name + ".pem").toString();
        keyPair(name);
        keytool(name + ".p12", "-certreq", "-alias", "key", "-file", request);
        List<String> arguments = new ArrayList<>(List.of("-gencert", "-rfc", "-alias", "key"));
        arguments.addAll(List.of("-infile", request, "-outfile", certificate));
        arguments.addAll(List.of(extensions));
        keytool(authority + ".p12", arguments.toArray(new String[0]));
        repack(name);
    }

    private void repack(String name) throws Exception {
        char[] password = PASSWORD.toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(dir.resolve(name + ".p12"))) {
            store.load(in, password);
        }
        Key key = store.getKey("key", password);
        try (InputStream pem = Files.newInputStream(dir.resolve(name + ".pem"))) {
            Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(pem);
            store.setKeyEntry("key", key, password, new Certificate[] {certificate});
        }
        try (OutputStream out = Files.newOutputStream(dir.resolve(name + ".p12"))) {
            store.store(out, password);
        }
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        Files.writeString(
                dir.resolve(name + ".key"), "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
        Files.writeString(dir.resolve(name + ".p12.pass"), PASSWORD + "\n");
    }

    private Mosquitto broker() throws Exception {
        return Mosquitto.start(
                dir,
                "cafile " + dir.resolve("ca.pem"),
                "certfile " + dir.resolve("broker.pem"),
                "keyfile " + dir.resolve("broker.key"),
                "require_certificate true");
    }

    private Uplink uplink(Outbox outbox, String host, int port, String ca, @Nullable String key) {
        UplinkSettings settings = new UplinkSettings(
                List.of(URI.create("mqtts://" + host + ":" + port)),
                dir.resolve(ca),
                key == null ? null : dir.resolve(key),
                "gw-1",
                "wasla/test",
                false);
        return new Uplink(settings, new Topics("ma-06", "chu", "gw-1"), outbox, QUICK);
    }

    @Test
    void onlyTheRightBrokerUnderItsOwnNameIsTrusted() throws Exception {
        authority("ca");
        authority("other");
        signed("broker", "ca", "-ext", "san=dns:localhost");
        signed("client", "ca");
        try (Mosquitto broker = broker();
                Outbox outbox = Outbox.open(new OutboxSettings(dir.resolve("buffer"), 64L << 20, 0), Gaps::event)) {
            outbox.append(
                    List.of(new Draft("oxi", "obs", Urgency.OBSERVATION, 0, (epoch, seq) -> new byte[] {'{', '}'})));
            assertFails(uplink(outbox, "127.0.0.1", broker.port(), "ca.pem", "client.p12"), "No subject alternative");
            assertFails(uplink(outbox, "localhost", broker.port(), "other.pem", "client.p12"), "PKIX path");
            assertFails(uplink(outbox, "localhost", broker.port(), "ca.pem", null), "certificate_required");
            assertFails(uplink(outbox, "localhost", broker.port(), "missing.pem", null), "uplink.ca or uplink.key");
            assertKnock(Knock.Step.TLS, "127.0.0.1", broker.port(), "ca.pem", "client.p12");
            assertKnock(Knock.Step.TLS, "localhost", broker.port(), "other.pem", "client.p12");
            assertKnock(Knock.Step.TLS, "localhost", broker.port(), "ca.pem", null);
            assertKnock(Knock.Step.TLS, "localhost", broker.port(), "missing.pem", null);
            assertKnock(Knock.Step.OPEN, "localhost", broker.port(), "ca.pem", "client.p12");
            try (Uplink uplink = uplink(outbox, "localhost", broker.port(), "ca.pem", "client.p12")) {
                uplink.start();
                Ear.until("sent", WAIT_MS, () -> uplink.status().sent() == 1);
            }
        }
        Ear.until("no thread left", WAIT_MS, () -> UplinkIT.pahoThreads() == 0);
    }

    /** What {@code wasla doctor} finds is what the uplink meets. */
    private void assertKnock(Knock.Step step, String host, int port, String ca, @Nullable String key) {
        URI server = URI.create("mqtts://" + host + ":" + port);
        UplinkSettings settings = new UplinkSettings(
                List.of(server), dir.resolve(ca), key == null ? null : dir.resolve(key), "gw-1", "wasla/test", false);
        assertEquals(step, Knock.at(server, settings).step(), ca + " " + key);
    }

    private static void assertFails(Uplink uplink, String cause) throws Exception {
        try (uplink) {
            uplink.start();
            Ear.until(
                    "refused because of " + cause,
                    WAIT_MS,
                    () -> uplink.status().lastError() != null
                            && String.valueOf(uplink.status().lastError()).contains(cause));
            assertEquals(0, uplink.status().sent());
            assertTrue(!uplink.status().connected());
        }
    }
}
