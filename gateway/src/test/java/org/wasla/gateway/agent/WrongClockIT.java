package org.wasla.gateway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.wasla.gateway.health.StatusSocket;
import org.wasla.gateway.state.Talker;
import org.wasla.gateway.state.TestStates;
import org.wasla.gateway.trust.CertificateRequest;
import org.wasla.gateway.trust.SignedCommand;
import org.wasla.gateway.trust.TestCertificates;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * The whole agent at a wrong clock, as a board without a battery starts with: it reads and keeps what devices say, refuses
 * what needs the time and says why, and goes on by itself once the clock is right. No time that may be wrong goes unmarked.
 */
@Execution(ExecutionMode.CONCURRENT)
class WrongClockIT {
    private static final String LIBRARY = "libfaketimeMT.so.1";
    private static final int WAIT_MS = 60_000;
    private static final long DAY_S = 86_400;
    private static final long WRONG_BY_MS_MAX = 3_600_000;
    private static final Pattern TIME = Pattern.compile("\"t\":(\\d+)");
    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtts://localhost:%d"], ca: "%s"}
            buffer: {dir: "%s", max: 64MiB, commit: 0ms}
            profiles: {dir: "%s"}
            devices:
              - {id: oxi-a, profile: oxi, link: "%s"}
            trust: {roots: ["%s"], keys: "%s", groups: [ward-a], watch: 1s}
            """;

    @TempDir
    Path folder;

    private final TestStates states = new TestStates();
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void look() throws Exception {
        Path library;
        try (Stream<Path> files = Files.find(Path.of("/usr/lib"), 3, (file, kind) -> file.endsWith(LIBRARY))) {
            library = files.findFirst().orElse(null);
        }
        Assumptions.assumeTrue(library != null, "libfaketime is not installed: apt-get install libfaketime");
        int code = new ProcessBuilder("unshare", "-m", "true").start().waitFor();
        Assumptions.assumeTrue(code == 0, "no folder of its own can be given to a process here: run as root");
        environment.put("LD_PRELOAD", String.valueOf(library));
        environment.put("FAKETIME_TIMESTAMP_FILE", folder.resolve("offset").toString());
        environment.put("FAKETIME_CACHE_DURATION", "1");
        environment.put("NO_FAKE_STAT", "1");
        environment.put("DONT_FAKE_MONOTONIC", "1");
        environment.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        // Without this its timed waits on the monotonic clock end at once (seen with 0.9.10).
        environment.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
        Files.createDirectory(folder.resolve("timesync"));
    }

    /** The box's clock from now on, less the right one. */
    private void clock(long offsetS) throws IOException {
        Path next = folder.resolve("offset.next");
        Files.writeString(next, (offsetS < 0 ? "" : "+") + offsetS + "\n", StandardCharsets.US_ASCII);
        Files.move(next, folder.resolve("offset"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** As systemd-timesyncd does when it has set the clock. */
    private void confirm() throws IOException {
        Path word = folder.resolve("timesync/synchronized");
        Files.write(word, new byte[0]);
        Files.setLastModifiedTime(word, FileTime.from(Instant.now()));
    }

    /** What its time service writes is for this agent alone. */
    private ChildAgent start(Path config) throws IOException {
        String mount = "mount -t tmpfs none /run && mkdir -p /run/systemd/timesync && mount --bind "
                + folder.resolve("timesync") + " /run/systemd/timesync && exec \"$@\"";
        return ChildAgent.start(config, List.of("unshare", "-m", "sh", "-c", mount, "sh"), environment);
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    /** Two doors: the box's is TLS with a certificate of 300 days, the platform's is plain. */
    private Mosquitto broker(int port) throws Exception {
        TestCertificates region = new TestCertificates("region");
        KeyPair key = CertificateRequest.freshKey();
        long nowMs = System.currentTimeMillis();
        X509Certificate own = region.server(key, "localhost", nowMs - DAY_S * 1_000, nowMs + 300 * DAY_S * 1_000);
        Files.writeString(
                folder.resolve("ca.pem"), pem("CERTIFICATE", region.own().getEncoded()));
        Files.writeString(folder.resolve("broker.pem"), pem("CERTIFICATE", own.getEncoded()));
        Files.writeString(
                folder.resolve("broker.key"),
                pem("PRIVATE KEY", key.getPrivate().getEncoded()));
        return Mosquitto.start(
                folder,
                "max_queued_messages 0",
                "listener " + port + " 127.0.0.1",
                "certfile " + folder.resolve("broker.pem"),
                "keyfile " + folder.resolve("broker.key"));
    }

    private String device(Talker talker, String place) {
        return "- {id: oxi-a, profile: oxi" + place + ", link: \"" + talker.link() + "\"}\n";
    }

    private Path configure(int port, Talker talker) throws IOException {
        Path profiles = folder.resolve("profiles");
        Files.writeString(Files.createDirectories(profiles.resolve("oxi")).resolve("profile.yaml"), TestStates.PROFILE);
        return Files.writeString(
                folder.resolve("wasla.yaml"),
                String.format(
                        CONFIG,
                        port,
                        folder.resolve("ca.pem"),
                        folder.resolve("buffer"),
                        profiles,
                        talker.link(),
                        states.rootText(),
                        states.keys(folder)));
    }

    private static MqttAsyncClient platform(Mosquitto broker) throws Exception {
        MqttAsyncClient platform =
                new MqttAsyncClient("tcp://127.0.0.1:" + broker.port(), "tech", new MemoryPersistence());
        platform.connect().waitForCompletion(WAIT_MS);
        return platform;
    }

    private static void publish(MqttAsyncClient platform, String leaf, String text, boolean retained) throws Exception {
        platform.publish("wasla/1/ma-06/chu-1/gw-1/" + leaf, text.getBytes(StandardCharsets.UTF_8), 1, retained)
                .waitForCompletion(WAIT_MS);
    }

    private static void heard(Ear ear, String leaf, String... parts) throws Exception {
        Ear.until(
                leaf + " with " + List.of(parts),
                WAIT_MS,
                () -> ear.texts(leaf).stream().anyMatch(each -> Stream.of(parts).allMatch(each::contains)));
    }

    /** What was published with a time far from the right one and without a mark that it may be wrong, by its topic. */
    private static Set<String> unmarked(Ear ear) {
        TreeSet<String> topics = new TreeSet<>();
        for (Ear.Heard each : ear.heard()) {
            Matcher time = TIME.matcher(each.text());
            boolean isWrong = time.find()
                    && Math.abs(Long.parseLong(time.group(1)) - System.currentTimeMillis()) > WRONG_BY_MS_MAX;
            boolean isMarked = each.text().contains("\"clk\":{\"s\":\"unsync\"")
                    || each.text().contains("\"clk\":\"unsync\"");
            if (isWrong && !isMarked) {
                topics.add(each.topic() + " " + each.text());
            }
        }
        return topics;
    }

    private static void assertWhole(Ear ear, Talker talker) throws Exception {
        Pattern seq = Pattern.compile("\"seq\":(\\d+),(?:\"n\":(\\d+),)?");
        TreeSet<Long> numbers = new TreeSet<>();
        Ear.until("all numbers", WAIT_MS, () -> {
            numbers.clear();
            for (String leaf : List.of("d/oxi-a/obs", "d/oxi-a/obs-bf")) {
                for (String text : ear.texts(leaf)) {
                    Matcher found = seq.matcher(text);
                    assertTrue(found.find(), text);
                    long first = Long.parseLong(found.group(1));
                    long rows = found.group(2) == null ? 1 : Long.parseLong(found.group(2));
                    for (long row = 0; row < rows; row++) {
                        numbers.add(first + row);
                    }
                }
            }
            return !numbers.isEmpty() && numbers.last() == numbers.size();
        });
        assertEquals(1, talker.connections(), "the device's line was never closed");
    }

    private String command() {
        long nowS = System.currentTimeMillis() / 1_000;
        return TestStates.sign(
                "tech-1",
                SignedCommand.TYPE,
                "{\"v\":1,\"jti\":\"j-1\",\"aud\":\"gw-1\",\"verb\":\"logs\",\"iat\":" + nowS + ",\"exp\":"
                        + (nowS + 300) + "}",
                states.technician);
    }

    /** A state that was refused for its time alone goes through once the time is right: nobody sends it again. */
    @Test
    void startedIn1970ItKeepsWhatDevicesSayAndWaitsForTheTime() throws Exception {
        int port = Mosquitto.freePort();
        try (Mosquitto broker = broker(port);
                Ear ear = new Ear(broker.port());
                Talker talker = new Talker(100)) {
            MqttAsyncClient platform = platform(broker);
            publish(
                    platform,
                    "cfg/desired",
                    states.state(1)
                            .devices(device(talker, ", location: rea1/b7"))
                            .sign(),
                    true);
            clock(DAY_S - states.nowS);
            try (ChildAgent agent = start(configure(port, talker))) {
                heard(ear, "d/oxi-a/obs", "\"t\":8", "\"clk\":{\"s\":\"unsync\"}");
                heard(ear, "cfg/reported", "\"s\":\"refused\"", "it is not valid now: see nbf and exp, and the clock");
                publish(platform, "cmd/logs", command(), false);
                heard(ear, "audit", "\"e\":\"command-refused\"", "s in the future by the clock of the box");

                confirm();
                clock(0);
                heard(ear, "d/gw-1/evt", "\"e\":\"clock-fix\"", "\"from\":8");
                heard(ear, "cfg/reported", "\"s\":\"applied\"");
                heard(ear, "d/oxi-a/obs", "\"loc\":\"rea1/b7\"", "\"clk\":{\"s\":\"sync\"");
                assertEquals(new TreeSet<>(), unmarked(ear));
                assertEquals(0, agent.stop(), agent.log());
            }
            platform.disconnect().waitForCompletion(WAIT_MS);
            platform.close();
            assertWhole(ear, talker);
        }
    }

    private String health() {
        try {
            return StatusSocket.ask(folder.resolve("buffer"))
                    .map(json -> new String(json, StandardCharsets.UTF_8))
                    .orElse("");
        } catch (IOException notYet) {
            return "";
        }
    }

    /** A year ahead every certificate has run out: nothing leaves, nothing is lost, and all is marked. */
    @Test
    void aYearAheadNothingLeavesUntilTheTimeIsRight() throws Exception {
        Assumptions.assumeTrue(Boolean.getBoolean("wasla.long"), "ops/test --long; ClockedTrustTest shows the rule");
        int port = Mosquitto.freePort();
        try (Mosquitto broker = broker(port);
                Ear ear = new Ear(broker.port());
                Talker talker = new Talker(100)) {
            MqttAsyncClient platform = platform(broker);
            publish(
                    platform,
                    "cfg/desired",
                    states.state(1)
                            .devices(device(talker, ", location: rea1/b7"))
                            .sign(),
                    true);
            clock(366 * DAY_S);
            try (ChildAgent agent = start(configure(port, talker))) {
                Ear.until("records that wait", WAIT_MS, () -> health().matches(".*\"waiting-observation\":[1-9].*"));
                Ear.until("the refusal", WAIT_MS, () -> health().contains("\"lastError\":\""));
                assertTrue(
                        health().contains("validity check failed") && health().contains("\"connected\":false"),
                        health());
                assertFalse(ear.heard().stream().anyMatch(each -> !each.topic().endsWith("/cfg/desired")));
                clock(0);
                heard(ear, "d/gw-1/evt", "\"e\":\"clock-fix\"");
                heard(ear, "cfg/reported", "\"s\":\"applied\"");
                heard(ear, "d/oxi-a/obs", "\"loc\":\"rea1/b7\"");
                assertEquals(0, agent.stop(), agent.log());
            }
            platform.disconnect().waitForCompletion(WAIT_MS);
            platform.close();
            assertWhole(ear, talker);
            assertEquals(new TreeSet<>(), unmarked(ear));
        }
    }
}
