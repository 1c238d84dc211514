package org.wasla.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.DeflaterOutputStream;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.agent.Agent;
import org.wasla.gateway.profile.Capture;
import org.wasla.gateway.tls.TestPki;
import org.wasla.gateway.trust.Jws;
import org.wasla.gateway.trust.Sealed;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * A technician, two roots, a box and a broker that each know the others by certificate and signature only; and captures
 * that are larger than one message.
 */
class RemoteTlsIT {
    private static final int WAIT_MS = 60_000;
    private static final Path SHIPPED = Path.of("../device-profiles");
    private static final String DONE = "\"s\":\"done\"";

    @TempDir
    Path folder;

    private record Ran(int code, String out, String err) {
        void is(int expected, String part) {
            assertEquals(expected, code, toString());
            assertTrue((out + err).contains(part), () -> "no " + part + " in " + this);
        }
    }

    private static Ran wasla(String... args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream toldOut = new ByteArrayOutputStream();
        ByteArrayOutputStream toldErr = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(toldOut, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(toldErr, true, StandardCharsets.UTF_8));
            int code = Main.run(Workshop.NONE, args);
            return new Ran(code, toldOut.toString(StandardCharsets.UTF_8), toldErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    @BeforeEach
    void prepare() throws Exception {
        System.setProperty("wasla.profiles", SHIPPED.toString());
        Ran key = wasla(
                "remote",
                "key",
                "--keys",
                file("tech-1"),
                "--id",
                "tech-1",
                "--who",
                "m-1",
                "--roles",
                "config,command");
        Files.writeString(folder.resolve("tech-1.json"), key.out());
    }

    /** @return the root's public key */
    private String sign(String root, String out, String... more) {
        List<String> args = new ArrayList<>(List.of("remote", "keys", "--root", file(root), "--out", file(out)));
        args.addAll(List.of(more));
        Ran signed = wasla(args.toArray(String[]::new));
        assertEquals(0, signed.code(), signed.toString());
        return signed.out().strip();
    }

    /** Says the same large text again and again while it may; in it nothing repeats. */
    private static final class Device implements AutoCloseable {
        private static final int CHUNK = 4_000;
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final CountDownLatch over = new CountDownLatch(1);
        private final byte[] text = new byte[75 * CHUNK];
        private volatile boolean speaks;

        Device() throws IOException {
            new Random(7).nextBytes(text);
            Thread thread = new Thread(this::speak, "device");
            thread.setDaemon(true);
            thread.start();
        }

        private void speak() {
            try (Socket line = server.accept()) {
                for (int at = 0; !over.await(5, TimeUnit.MILLISECONDS); ) {
                    if (speaks) {
                        line.getOutputStream().write(text, at, CHUNK);
                        at = (at + CHUNK) % text.length;
                    }
                }
            } catch (IOException | InterruptedException closed) {
                over.countDown();
            }
        }

        @Override
        public void close() throws IOException {
            over.countDown();
            server.close();
        }
    }

    private Ran remote(String url, String verb, String... more) {
        List<String> args = new ArrayList<>(List.of("remote", verb, "--url", url, "--keys", file("tech-1")));
        args.addAll(List.of(more));
        return wasla(args.toArray(String[]::new));
    }

    private String[] with(String ca, String cert, String... more) {
        List<String> args = new ArrayList<>(List.of("--gateway", "gw-1", "--ca", file(ca + ".pem")));
        if (!cert.isEmpty()) {
            args.addAll(List.of("--cert", file(cert + ".p12")));
        }
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }

    /** TLS 1.3 both ways, a list of keys that two roots must have signed, and a capture in several parts. */
    @Test
    void onlyWhoShowsTheRightCertificateAndSignatureReachesABox() throws Exception {
        TestPki pki = TestPki.make(folder, "ca", "other");
        pki.signed("broker", "ca");
        pki.signed("gw-1", "ca");
        pki.signed("tech", "ca");
        pki.signed("stranger", "other");
        String first = sign("root-1.key", "one.jws", file("tech-1.json"));
        String second = sign("root-2.key", "keys.jws", "--cosign", file("one.jws"), "--signed-by", first);
        try (Mosquitto broker = Mosquitto.start(
                        folder,
                        "cafile " + file("ca.pem"),
                        "certfile " + file("broker.pem"),
                        "keyfile " + file("broker.key"),
                        "tls_version tlsv1.3",
                        "require_certificate true");
                Device device = new Device()) {
            Path config = Files.writeString(folder.resolve("wasla.yaml"), """
                            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
                            uplink: {servers: ["mqtts://localhost:%1$d"], ca: "%2$s/ca.pem", key: "%2$s/gw-1.p12"}
                            buffer: {dir: "%2$s/buffer", max: 64MiB, commit: 0ms}
                            profiles: {dir: "%3$s"}
                            devices:
                              - {id: oxi-1, profile: masimo-ascii1, link: "tcp:127.0.0.1:%4$d"}
                            trust: {roots: ["%5$s", "%6$s"], needed: 2, keys: "%2$s/keys.jws"}
                            """.formatted(
                    broker.port(), folder, SHIPPED.toAbsolutePath(), device.server.getLocalPort(), first, second));
            try (Agent agent = new Agent(CheckVerb.read(config, new Shared()), "0.1.0")) {
                agent.start();
                String url = "mqtts://localhost:" + broker.port();
                Ear.until(
                        "the box",
                        WAIT_MS,
                        () -> remote(url, "status", with("ca", "tech")).out().contains("gw-1  yes"));
                onlyTheRightCertificateIsTaken(url, broker.port());
                aListOfAnotherRootDoesNotCount(url);
                if (Boolean.getBoolean("wasla.long")) {
                    aLargeCaptureArrivesByteForByte(url, device);
                }
            }
        }
    }

    private void onlyTheRightCertificateIsTaken(String url, int port) throws Exception {
        remote(url, "status", with("other", "tech")).is(1, "is not from the authority of --ca");
        remote(url, "status", with("ca", "")).is(1, "wants a certificate of ours; write --cert");
        remote(url, "status", with("ca", "stranger")).is(1, "does not take the certificate of --cert");
        remote("mqtts://127.0.0.1:" + port, "status", with("ca", "tech")).is(1, "does not name this host");
        remote(url, "status", with("none", "tech")).is(1, "--ca or --cert cannot be read");
        remote("mqtt://broker.example:1883", "logs", "--gateway", "gw-1").is(2, "without TLS; write mqtts://");
        remote("mqtt://[2001:db8::1]:1883", "logs", "--gateway", "gw-1").is(2, "add --insecure");
        // It is taken, and goes on to what else is wrong.
        remote("mqtt://broker.invalid:1883", "logs", "--gateway", "gw-1", "--insecure")
                .is(1, "broker.invalid");
    }

    private void aLargeCaptureArrivesByteForByte(String url, Device device) throws Exception {
        Path file = folder.resolve("large.cap");
        int size = device.text.length;
        String[] order = {"oxi-1", "--seconds", "60", "--max", "" + size, "--out", file.toString()};
        device.speaks = true;
        remote(url, "capture", with("ca", "tech", order)).is(0, size + " bytes of oxi-1");
        device.speaks = false;
        StringBuilder heard = new StringBuilder();
        Capture.read(
                file, (timeMs, isFromDevice, bytes) -> heard.append(new String(bytes, StandardCharsets.ISO_8859_1)));
        String said = new String(device.text, StandardCharsets.ISO_8859_1);
        assertEquals(size, heard.length());
        assertTrue((said + said).contains(heard), "not what the device said");
    }

    private void aListOfAnotherRootDoesNotCount(String url) throws Exception {
        remote(url, "logs", with("ca", "tech")).is(0, "order taken verb=logs");
        Path keys = folder.resolve("keys.jws");
        String good = Files.readString(keys);
        String root = sign("stranger-root.key", "stranger.jws", "--cosign", file("one.jws"));
        Files.copy(folder.resolve("stranger.jws"), keys, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        String refused = "1 of the box's roots signed the list of keys; 2 must have";
        remote(url, "logs", with("ca", "tech")).is(1, refused);
        Files.copy(folder.resolve("one.jws"), keys, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        remote(url, "logs", with("ca", "tech")).is(1, refused);
        Files.writeString(keys, good);
        remote(url, "logs", with("ca", "tech")).is(0, "order taken");
        assertFalse(root.isEmpty());
    }

    /** The second root sees what it signs, and signs nothing that the first has not. */
    @Test
    void aSecondRootSignsWhatTheFirstHasAndNothingElse() throws Exception {
        String first = sign("root-1.key", "one.jws", file("tech-1.json"));
        String stranger = sign("stranger.key", "stranger.jws", file("tech-1.json"));
        String[] cosign = {"remote", "keys", "--root", file("root-2.key"), "--out", file("two.jws"), "--cosign"};
        cosign(cosign, file("one.jws"), "--signed-by", first).is(0, "tech-1 of m-1, may sign as command, config");
        assertEquals(2, Files.readAllLines(folder.resolve("two.jws")).size());
        Files.delete(folder.resolve("two.jws"));
        cosign(cosign, file("one.jws"), "--signed-by", stranger).is(2, "0 of the box's roots signed the list of keys");
        cosign(cosign, file("stranger.jws"), "--signed-by", first).is(2, "0 of the box's roots signed");
        String list = Files.readString(folder.resolve("one.jws"));
        Files.writeString(folder.resolve("cut.jws"), list.substring(0, list.length() / 2));
        cosign(cosign, file("cut.jws"), "--signed-by", first).is(2, "");
        cosign(cosign, file("one.jws"), file("tech-1.json")).is(2, "name no lines");
        cosign(cosign, file("one.jws"), "--signed-by", "x").is(2, "is no Ed25519 key");
        String[] again = {"remote", "keys", "--root", file("root-1.key"), "--out", file("two.jws"), "--cosign"};
        cosign(again, file("one.jws")).is(2, "has signed the list already");
        assertFalse(Files.exists(folder.resolve("two.jws")), "nothing was written");
    }

    private static Ran cosign(String[] first, String... more) {
        List<String> args = new ArrayList<>(Arrays.asList(first));
        args.addAll(List.of(more));
        return wasla(args.toArray(String[]::new));
    }

    /** A box of the test's own hand, that loses a part of its answer, and one that changes a letter of it. */
    @Test
    void aMissingOrAlteredPartIsTold() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder);
                FakeBox box = new FakeBox(broker.port(), 3)) {
            String url = "mqtt://127.0.0.1:" + broker.port();
            Path file = folder.resolve("oxi.cap");
            String[] order = {"--gateway", "gw-1", "oxi-1", "--seconds", "1", "--wait", "1", "--out", file.toString()};
            box.spoils = Spoil.NOTHING;
            remote(url, "capture", order).is(0, "bytes of oxi-1");
            assertEquals(box.said, Files.readString(file));
            Files.delete(file);
            box.spoils = Spoil.LOSES_THE_SECOND;
            remote(url, "capture", order).is(1, "part 2 of 3 did not come within 2 s");
            box.spoils = Spoil.CHANGES_A_LETTER;
            remote(url, "capture", order).is(1, "was changed on its way");
            box.spoils = Spoil.SWAPS_TWO;
            remote(url, "capture", order).is(1, "was changed on its way");
            assertFalse(Files.exists(file), "nothing is written of what cannot be trusted");
        }
    }

    private enum Spoil {
        NOTHING,
        LOSES_THE_SECOND,
        CHANGES_A_LETTER,
        SWAPS_TWO
    }

    /** Answers each order for a capture with a text of its own, in parts. */
    private static final class FakeBox implements AutoCloseable {
        private static final String PLACE = "wasla/1/ma-06/chu-1/gw-1";
        private final MqttAsyncClient client;
        private final int parts;
        private final String said;
        private volatile Spoil spoils = Spoil.NOTHING;

        FakeBox(int port, int parts) throws Exception {
            this.parts = parts;
            byte[] bytes = new byte[3_000];
            new Random(8).nextBytes(bytes);
            said = "0 < " + HexFormat.of().formatHex(bytes) + "\n";
            client = new MqttAsyncClient("tcp://127.0.0.1:" + port, "gw-1", new MemoryPersistence());
            client.connect().waitForCompletion(WAIT_MS);
            retained("/state", "{\"v\":1,\"gw\":\"gw-1\",\"s\":\"online\"}");
            retained("/meta", "{\"v\":1,\"gw\":\"gw-1\",\"sw\":\"0.1.0\",\"cfg\":true}");
            client.setCallback(new Heard(this));
            client.subscribe(PLACE + "/cmd/capture", 1).waitForCompletion(WAIT_MS);
        }

        private void retained(String leaf, String text) throws Exception {
            client.publish(PLACE + leaf, text.getBytes(StandardCharsets.UTF_8), 1, true)
                    .waitForCompletion(WAIT_MS);
        }

        private void answer(String topic, String order) throws Exception {
            var asked = Json.object(Jws.parse(order).payload()).orElseThrow();
            String jti = RemoteBox.text(asked, "jti");
            ByteArrayOutputStream deflated = new ByteArrayOutputStream();
            try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
                out.write(said.getBytes(StandardCharsets.US_ASCII));
            }
            String header = "{\"gw\":\"gw-1\",\"dev\":\"oxi-1\",\"jti\":\"" + jti + "\"}";
            String sealed = Sealed.seal(
                    header,
                    deflated.toByteArray(),
                    Sealed.key(RemoteBox.text(asked, "to")).orElseThrow());
            int size = (sealed.length() + parts - 1) / parts;
            for (int part = 1; part <= parts; part++) {
                int of = spoils == Spoil.SWAPS_TWO && part > 1 ? 5 - part : part;
                String data = sealed.substring((of - 1) * size, Math.min(sealed.length(), of * size));
                if (spoils == Spoil.CHANGES_A_LETTER && part == 3) {
                    data = (data.charAt(0) == 'A' ? 'B' : 'A') + data.substring(1);
                }
                if (spoils != Spoil.LOSES_THE_SECOND || part != 2) {
                    String text = "{\"v\":1,\"jti\":\"" + jti + "\",\"verb\":\"capture\"," + DONE
                            + ",\"n\":600,\"part\":" + part + ",\"parts\":" + parts + ",\"data\":\"" + data + "\"}";
                    client.publish(topic, text.getBytes(StandardCharsets.UTF_8), 1, false);
                }
            }
        }

        @Override
        public void close() throws org.eclipse.paho.mqttv5.common.MqttException {
            client.disconnectForcibly(10, 10, false);
            client.close(true);
        }
    }

    private record Heard(FakeBox box) implements org.eclipse.paho.mqttv5.client.MqttCallback {
        @Override
        public void messageArrived(String topic, MqttMessage order) throws Exception {
            box.answer(
                    order.getProperties().getResponseTopic(), new String(order.getPayload(), StandardCharsets.UTF_8));
        }

        @Override
        public void disconnected(org.eclipse.paho.mqttv5.client.MqttDisconnectResponse response) {}

        @Override
        public void mqttErrorOccurred(org.eclipse.paho.mqttv5.common.MqttException e) {}

        @Override
        public void deliveryComplete(org.eclipse.paho.mqttv5.client.IMqttToken token) {}

        @Override
        public void connectComplete(boolean reconnect, String uri) {}

        @Override
        public void authPacketArrived(int code, org.eclipse.paho.mqttv5.common.packet.MqttProperties properties) {}
    }
}
