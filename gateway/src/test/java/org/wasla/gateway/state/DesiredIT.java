package org.wasla.gateway.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.agent.Agent;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.config.StateStore;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.trust.AuditCheck;
import org.wasla.gateway.trust.BoxKey;
import org.wasla.gateway.trust.Ed25519;
import org.wasla.gateway.trust.Jws;
import org.wasla.gateway.trust.Keyring;
import org.wasla.gateway.trust.TestKeys;
import org.wasla.gateway.trust.Vouch;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * Three boxes, a real broker, a device on each that speaks all the time: a technician pushes a profile with a wrong scale,
 * and nothing wrong is ever published; then the right one goes through, on all three, and no record is lost.
 */
class DesiredIT {
    private static final int BOXES = 3;
    private static final int WAIT_MS = 60_000;
    private static final String PROFILE = """
            wasla: 1
            id: oxi
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: pulse oximeter}
            trust: unverified
            frame: {line: {end: LF}}
            dialogue: {listen: {quiet: 3s}}
            message: {id: row, pattern: 'N=(?<n>\\d+) S=(?<spo2>\\d+)'}
            observe:
              - {field: n, name: count}
              - {field: spo2, name: spo2, ucum: '%'}
            """;
    private static final String WRONG =
            PROFILE.replace("1.0.0", "1.1.0").replace("ucum: '%'}", "ucum: '%', scale: 0.1}");
    private static final String RIGHT = PROFILE.replace("1.0.0", "1.2.0").replace("count}", "messages}");
    private static final String CONFIG = """
            gateway: {id: gw-%1$d, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:%2$d"]}
            buffer: {dir: "%3$s", max: 64MiB, commit: 0ms}
            devices:
              - {id: oxi-%1$d, profile: oxi, link: "tcp:127.0.0.1:%4$d"}
            trust: {roots: ["%5$s"], keys: "%6$s", groups: [ward-a], watch: 1s}
            """;

    @TempDir
    Path folder;

    private final KeyPair root = TestKeys.pair();
    private final KeyPair technician = TestKeys.pair();
    private final KeyPair approver = TestKeys.pair();
    private final long nowS = System.currentTimeMillis() / 1_000;
    private Path keys = Path.of("");

    /** Says a line with a rising number twenty times a second, to whoever is connected. */
    private static final class Device implements AutoCloseable {
        private final ServerSocket server;
        private final CountDownLatch over = new CountDownLatch(1);
        private final Thread thread = new Thread(this::speak, "device");

        Device() throws IOException {
            server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            thread.start();
        }

        private void speak() {
            try (Socket line = server.accept()) {
                for (int n = 1; !over.await(50, TimeUnit.MILLISECONDS); n++) {
                    String said = "N=" + n + " S=" + (95 + n % 4) + "\n";
                    line.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
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

    @BeforeEach
    void writeKeys() throws IOException {
        String entries = "[" + key("tech-1", technician, "m-1", "\"config\",\"author\"") + ","
                + key("appr-1", approver, "m-2", "\"approver\"") + "]";
        String payload = "{\"v\":1,\"rev\":1,\"exp\":" + (nowS + 86_400) + ",\"keys\":" + entries + "}";
        keys = Files.writeString(
                folder.resolve("keys.jws"),
                Jws.sign("root", Keyring.TYPE, payload.getBytes(StandardCharsets.UTF_8), root.getPrivate()));
    }

    private String key(String id, KeyPair pair, String who, String roles) {
        return TestKeys.entry(id, pair, who, roles).replace("\"nbf\":1000,\"exp\":9000", "\"exp\":" + (nowS + 86_400));
    }

    private Agent agent(int number, int broker, int port) throws IOException {
        Path home = Files.createDirectories(folder.resolve("profiles/oxi"));
        Files.writeString(home.resolve("profile.yaml"), PROFILE);
        Path file = Files.writeString(
                folder.resolve("wasla-" + number + ".yaml"),
                String.format(CONFIG, number, broker, buffer(number), port, Ed25519.text(root.getPublic()), keys));
        Problems problems = new Problems();
        Config config = new ConfigReader(List.of(Path.of("../device-profiles"), folder.resolve("profiles")), problems)
                .read(file)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
        return new Agent(config, "test");
    }

    private Path buffer(int number) {
        return folder.resolve("buffer-" + number);
    }

    /** A state as a technician signs it. */
    private String state(
            long revision, String previous, String profile, String version, String approverId, String changes) {
        String about = "{\"v\":1,\"id\":\"oxi\",\"version\":\"" + version + "\",\"sha256\":\""
                + DesiredReader.sha256(profile) + "\",\"changes\":[" + changes + "]}";
        KeyPair by = approverId.equals("appr-1") ? approver : technician;
        String statements = "\"" + sign("tech-1", Vouch.AUTHOR, about, technician) + "\",\""
                + sign(approverId, Vouch.APPROVAL, about, by) + "\"";
        String capture = "0 < " + hex("N=1 S=97\n") + "\n";
        String expected =
                "{\"v\":1,\"id\":\"decode.00000000.oxi.obs.1\",\"gw\":\"decode\",\"ep\":\"00000000\",\"dev\":\"oxi\","
                        + "\"k\":\"obs\",\"seq\":1,\"t\":1,\"obs\":[" + observations(profile) + "]}\n";
        String payload = "{\"v\":1,\"aud\":[\"group:ward-a\"],\"rev\":" + revision + ",\"prev\":[" + previous
                + "],\"nbf\":" + (nowS - 60) + ",\"exp\":" + (nowS + 3_600)
                + ",\"profiles\":[{\"id\":\"oxi\",\"version\":\""
                + version + "\",\"sha256\":\"" + DesiredReader.sha256(profile) + "\",\"statements\":[" + statements
                + "],\"files\":{\"profile.yaml\":" + quoted(profile) + ",\"captures/one.cap\":" + quoted(capture)
                + ",\"captures/one.expected.jsonl\":" + quoted(expected) + "}}]}";
        return sign("tech-1", ConfigDesk.TYPE, payload, technician);
    }

    private static String observations(String profile) {
        String count = profile.contains("messages}") ? "messages" : "count";
        String spo2 = profile.contains("scale") ? "9.7" : "97";
        return "{\"n\":\"" + count + "\",\"r\":\"n\",\"v\":1},{\"n\":\"spo2\",\"r\":\"spo2\",\"v\":" + spo2
                + ",\"u\":\"%\"}";
    }

    private static String hex(String text) {
        return java.util.HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    private static String sign(String id, String type, String payload, KeyPair by) {
        return Jws.sign(id, type, payload.getBytes(StandardCharsets.UTF_8), by.getPrivate());
    }

    private static void push(MqttAsyncClient client, String signed) throws Exception {
        for (int box = 1; box <= BOXES; box++) {
            client.publish(
                            "wasla/1/ma-06/chu-1/gw-" + box + "/cfg/desired",
                            signed.getBytes(StandardCharsets.UTF_8),
                            1,
                            true)
                    .waitForCompletion(WAIT_MS);
        }
    }

    /** The newest report of each box, once it is of that revision and no trial. */
    private static List<String> reports(Ear ear, long revision) throws Exception {
        List<String> newest = new ArrayList<>();
        for (int box = 1; box <= BOXES; box++) {
            String topic = "gw-" + box + "/cfg/reported";
            Ear.until("the report of " + topic, WAIT_MS, () -> {
                String last = newest(ear, topic);
                return last.contains("\"rev\":" + revision + ",") && !last.contains("\"trial\"");
            });
            newest.add(newest(ear, topic));
        }
        return newest;
    }

    private static String newest(Ear ear, String topic) {
        List<String> all = ear.texts(topic);
        return all.isEmpty() ? "" : all.get(all.size() - 1);
    }

    private static boolean isLive(Ear ear, String part) {
        for (int box = 1; box <= BOXES; box++) {
            if (ear.texts("d/oxi-" + box + "/obs").stream().noneMatch(text -> text.contains(part))) {
                return false;
            }
        }
        return true;
    }

    private static void assertNothingLost(Ear ear) {
        Pattern number = Pattern.compile("\"seq\":(\\d+),.*\"r\":\"n\",\"v\":(\\d+)");
        for (int box = 1; box <= BOXES; box++) {
            long expected = 1;
            for (String text : ear.texts("d/oxi-" + box + "/obs")) {
                Matcher found = number.matcher(text);
                assertTrue(found.find(), text);
                assertEquals(expected, Long.parseLong(found.group(1)));
                assertEquals(expected, Long.parseLong(found.group(2)), "the device's own number");
                assertFalse(text.contains("\"v\":9."), text);
                expected++;
            }
        }
    }

    @Test
    void aWrongScaleIsCaughtOnLiveBytesAndTheRightProfileGoesThrough() throws Exception {
        List<AutoCloseable> all = new ArrayList<>();
        try (Mosquitto broker = Mosquitto.start(folder);
                Ear ear = new Ear(broker.port())) {
            MqttAsyncClient client =
                    new MqttAsyncClient("tcp://127.0.0.1:" + broker.port(), "tech", new MemoryPersistence());
            client.connect().waitForCompletion(WAIT_MS);
            for (int box = 1; box <= BOXES; box++) {
                Device device = new Device();
                Agent agent = agent(box, broker.port(), device.server.getLocalPort());
                all.add(0, device);
                all.add(0, agent);
                agent.start();
            }
            Ear.until("records of all boxes", WAIT_MS, () -> isLive(ear, "\"seq\":20,"));

            push(client, state(1, "", WRONG, "1.1.0", "appr-1", ""));
            for (String report : reports(ear, 1)) {
                assertTrue(report.contains("\"s\":\"refused\""), report);
                assertTrue(report.contains("spo2: "), report);
                assertTrue(report.contains("values differ, each 0.1 times what it was"), report);
            }
            // Nobody approves his own work.
            push(client, state(2, "", RIGHT, "1.2.0", "tech-1", "\"messages\""));
            assertTrue(reports(ear, 2).get(0).contains("may not sign as approver"), "one person");

            push(client, state(3, "", RIGHT, "1.2.0", "appr-1", "\"n\""));
            for (String report : reports(ear, 3)) {
                assertTrue(report.contains("\"s\":\"applied\""), report);
            }
            Ear.until("records under the new profile", WAIT_MS, () -> isLive(ear, "oxi@1.2.0"));
            assertTrue(isLive(ear, "\"n\":\"messages\""));

            // An older state, and one that does not know of the newer.
            push(client, state(2, "", PROFILE, "1.0.0", "appr-1", ""));
            assertTrue(reports(ear, 2).get(0).contains("and the box has had 3"));
            push(client, state(4, "", PROFILE, "1.0.0", "appr-1", ""));
            assertTrue(reports(ear, 4).get(0).contains("prev does not name the state"));
            assertFalse(isLive(ear, "oxi@1.1.0"));
            client.disconnect().waitForCompletion(WAIT_MS);
            client.close();
            for (AutoCloseable each : all) {
                each.close();
            }
            all.clear();
            assertNothingLost(ear);
            assertTrue(ear.texts("gw-1/audit").stream().anyMatch(text -> text.contains("config-applied")));
            checkTheBoxAfterwards(broker);
        } finally {
            for (AutoCloseable each : all) {
                each.close();
            }
        }
    }

    /** The state outlives the process, and the audit is whole. */
    private void checkTheBoxAfterwards(Mosquitto broker) throws Exception {
        try (Agent again = agent(1, broker.port(), 1)) {
            again.start();
        }
        Path home = new StateStore(buffer(1)).profiles().orElseThrow();
        assertEquals(RIGHT, Files.readString(home.resolve("oxi/profile.yaml")));
        BoxKey key = BoxKey.read(Auditor.keyFile(buffer(1))).orElseThrow();
        AuditCheck.Finding finding = AuditCheck.check(Auditor.folder(buffer(1)), key.open());
        assertEquals(List.of(), finding.problems());
        assertTrue(finding.heads() >= 2, finding.toString());
    }
}
