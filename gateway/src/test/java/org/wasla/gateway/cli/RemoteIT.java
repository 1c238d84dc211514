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
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.bridge.link.Pty;
import org.wasla.gateway.agent.Agent;
import org.wasla.gateway.profile.Capture;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * Two technicians with the tool that they have, three boxes in a group, one of them away, a real broker between: what they
 * push, look at and order arrives, once, and only when it may.
 */
class RemoteIT {
    private static final int WAIT_MS = 60_000;
    private static final Path SHIPPED = Path.of("../device-profiles");
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
    private static final String CALM = RIGHT.replace("1.2.0", "1.3.0").replace("quiet: 3s", "quiet: 4s");

    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private Mosquitto broker;
    private Ear ear;
    private String root = "";

    /** Says a line with a rising number twenty times a second, and keeps what it said. */
    private static final class Device implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final CountDownLatch over = new CountDownLatch(1);
        private final StringBuilder said = new StringBuilder();
        private final Thread thread = new Thread(this::speak, "device");

        Device() throws IOException {
            thread.setDaemon(true);
            thread.start();
        }

        private void speak() {
            try {
                while (over.getCount() > 0) {
                    talk();
                }
            } catch (IOException | InterruptedException closed) {
                over.countDown();
            }
        }

        private void talk() throws IOException, InterruptedException {
            try (Socket line = server.accept()) {
                for (int n = 1; !over.await(50, TimeUnit.MILLISECONDS); n++) {
                    String next = "N=" + n + " S=" + (95 + n % 4) + "\n";
                    synchronized (said) {
                        said.append(next);
                    }
                    line.getOutputStream().write(next.getBytes(StandardCharsets.US_ASCII));
                }
            } catch (java.net.SocketException gone) {
                // The box has let go of it: it waits for the next.
                return;
            }
        }

        String said() {
            synchronized (said) {
                return said.toString();
            }
        }

        @Override
        public void close() throws IOException {
            over.countDown();
            server.close();
        }
    }

    /** What a verb printed, and how it ended. */
    private record Ran(int code, String out, String err) {
        @Override
        public String toString() {
            return code + "\n" + out + err;
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

    /** A verb of the tool as this technician gives it. */
    private Ran remote(String who, String verb, String... more) {
        List<String> args = new ArrayList<>(List.of("remote", verb));
        args.addAll(List.of(
                "--url",
                "mqtt://127.0.0.1:" + broker.port(),
                "--keys",
                folder.resolve(who).toString()));
        args.addAll(List.of(more));
        return wasla(args.toArray(new String[0]));
    }

    @BeforeEach
    void prepare() throws Exception {
        System.setProperty("wasla.profiles", SHIPPED.toString());
        broker = Mosquitto.start(folder);
        ear = new Ear(broker.port());
        List<String> lists = new ArrayList<>();
        for (String who : List.of("tech-1 config,author,command", "tech-2 config,author,command", "appr-1 approver")) {
            String id = who.split(" ")[0];
            Ran key = wasla(
                    "remote",
                    "key",
                    "--keys",
                    folder.resolve(id).toString(),
                    "--id",
                    id,
                    "--who",
                    "m-" + id,
                    "--roles",
                    who.split(" ")[1]);
            assertEquals(0, key.code(), key.toString());
            lists.add(Files.writeString(folder.resolve(id + ".json"), key.out()).toString());
        }
        List<String> args = new ArrayList<>(List.of("remote", "keys"));
        args.addAll(List.of("--root", folder.resolve("root.key").toString()));
        args.addAll(List.of("--out", folder.resolve("keys.jws").toString()));
        args.addAll(lists);
        Ran keys = wasla(args.toArray(new String[0]));
        assertEquals(0, keys.code(), keys.toString());
        root = keys.out().strip();
        Path home = Files.createDirectories(folder.resolve("installed/oxi"));
        Files.writeString(home.resolve("profile.yaml"), PROFILE);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        ear.close();
        broker.close();
    }

    private Path config(int number, Device device) throws IOException {
        return Files.writeString(
                folder.resolve("wasla-" + number + ".yaml"),
                String.format(
                        """
                gateway: {id: gw-%1$d, region: ma-06, site: chu-1, zone: UTC}
                uplink: {servers: ["mqtt://127.0.0.1:%2$d"]}
                buffer: {dir: "%3$s/buffer-%1$d", max: 64MiB, commit: 0ms}
                profiles: {dir: ["%6$s", "%3$s/installed"]}
                devices:
                  - {id: oxi-%1$d, profile: oxi, link: "tcp:127.0.0.1:%4$d"}
                trust: {roots: ["%5$s"], keys: "%3$s/keys.jws", groups: [ward-a], watch: 1s}
                """,
                        number, broker.port(), folder, device.server.getLocalPort(), root, SHIPPED.toAbsolutePath()));
    }

    private Agent start(int number, Device device) throws Exception {
        Agent agent = new Agent(CheckVerb.read(config(number, device), new Shared()), "0.1.0");
        agent.start();
        return agent;
    }

    private Device device() throws IOException {
        Device device = new Device();
        open.add(device);
        return device;
    }

    /** A profile in a folder of its own, with both statements. */
    private String vouched(String profile, String changes) throws IOException {
        String version = profile.replaceAll("(?s).*version: (\\S+).*", "$1");
        Path oxiFolder = folder.resolve("work-" + version + "/oxi");
        Path home = Files.createDirectories(oxiFolder.resolve("captures"));
        Files.writeString(oxiFolder.resolve("profile.yaml"), profile);
        Files.writeString(
                home.resolve("one.cap"),
                "0 < " + HexFormat.of().formatHex("N=1 S=97\n".getBytes(StandardCharsets.US_ASCII)) + "\n");
        String oxi = oxiFolder.toString();
        assertEquals(0, wasla("profiles", "test", "--write", oxi).code());
        for (String as : List.of("author tech-1", "approve appr-1")) {
            List<String> args = new ArrayList<>(List.of("remote", "vouch", as.split(" ")[0], oxi));
            args.addAll(List.of("--keys", folder.resolve(as.split(" ")[1]).toString()));
            if (!changes.isEmpty()) {
                args.addAll(List.of("--changes", changes));
            }
            Ran vouch = wasla(args.toArray(new String[0]));
            assertEquals(0, vouch.code(), vouch.toString());
        }
        return oxi;
    }

    private String newest(String leaf) {
        List<String> all = ear.texts(leaf);
        return all.isEmpty() ? "" : all.get(all.size() - 1);
    }

    private static void assertHas(String part, String whole) {
        assertTrue(whole.contains(part), () -> "no " + part + " in " + whole);
    }

    @Test
    void statesReachABoxOnceAndOnlyWhenTheyMay() throws Exception {
        Device[] devices = {device(), device(), device()};
        start(3, devices[2]).close();
        open.add(0, start(1, devices[0]));
        open.add(0, start(2, devices[1]));
        for (int box = 1; box <= 2; box++) {
            String topic = "d/oxi-" + box + "/obs";
            Ear.until("records", WAIT_MS, () -> ear.texts(topic).size() > 20);
        }
        Ran status = remote("tech-1", "status");
        assertHas("gw-1  yes", status.out());
        assertHas("gw-3  no", status.out());

        String wrong = vouched(WRONG, "");
        Ran diff = remote(
                "tech-1", "diff", "--profiles", folder.resolve("installed").toString(), "--group", "ward-a", wrong);
        assertHas("spo2: 1 of 1 values differ, each 0.1 times what it was (to be approved by name)", diff.out());
        Ran refused = remote("tech-1", "push", "--group", "ward-a", wrong);
        assertEquals(1, refused.code(), refused.toString());
        assertHas("gw-1  refused", refused.out());
        assertHas("values differ, each 0.1 times what it was", refused.out());
        assertHas("gw-3  waits", refused.out());

        Ran applied = remote("tech-1", "push", "--group", "ward-a", "--json", vouched(RIGHT, "n"));
        assertEquals(0, applied.code(), applied.toString());
        assertHas("{\"gw\":\"gw-1\",\"s\":\"applied\",\"why\":[]}", applied.out());
        assertHas("{\"gw\":\"gw-3\",\"s\":\"waits\",\"why\":[]}", applied.out());
        Ear.until("the device's meta", WAIT_MS, () -> newest("d/oxi-1/meta").contains("oxi@1.2.0"));

        // The broker has kept both for the box that was away: it refuses the first, too, and takes the second.
        open.add(0, start(3, devices[2]));
        Ear.until("the third box", WAIT_MS, () -> newest("gw-3/cfg/reported").contains("applied"));
        String asOfNow = newest("gw-1/cfg/reported");

        // The other technician changes one box. It is on the state that it was on, so nothing of the first's is needed.
        Ran other = remote("tech-2", "push", "--gateway", "gw-1", vouched(CALM, ""));
        assertEquals(0, other.code(), other.toString());
        // The first looked before that, and pushes after it.
        publish("wasla/1/ma-06/chu-1/gw-1/cfg/reported", asOfNow, true, null);
        Ran late = remote(
                "tech-1",
                "push",
                "--gateway",
                "gw-1",
                folder.resolve("work-1.2.0/oxi").toString());
        assertEquals(1, late.code(), late.toString());
        assertHas("prev does not name the state that the box is in", late.out());
        assertHas("somebody else changed a box meanwhile", late.err());

        // A group on two states, one of them not from this folder: whoever pushes must know all of it.
        Ran mixed = remote("tech-1", "push", "--group", "ward-a", wrong);
        assertEquals(1, mixed.code(), mixed.toString());
        assertHas("which was not pushed from this folder", mixed.err());
        try (Stream<Path> states = Files.list(folder.resolve("tech-2/states"))) {
            states.forEach(each -> copy(each, folder.resolve("tech-1/states")));
        }
        Ran back = remote("tech-1", "rollback", "--gateway", "gw-1");
        assertEquals(0, back.code(), back.toString());
        Ear.until("the old profile", WAIT_MS, () -> newest("d/oxi-1/meta").contains("oxi@1.2.0"));
        assertFalse(newest("gw-1/cfg/reported").contains("\"rev\":2,"), "old content has a new revision");
    }

    private static void copy(Path file, Path to) {
        try {
            Files.copy(file, to.resolve(file.getFileName().toString()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void ordersAreAnsweredAndNobodyElsesAreCarriedOut() throws Exception {
        Device device = device();
        Path config = config(1, device);
        CompletableFuture<Integer> run = CompletableFuture.supplyAsync(
                () -> Main.run(Workshop.NONE, "run", "--config", config.toString()), work -> {
                    Thread thread = new Thread(work, "run");
                    thread.setDaemon(true);
                    thread.start();
                });
        Ear.until("records", WAIT_MS, () -> ear.texts("d/oxi-1/obs").size() > 5);

        Path file = folder.resolve("oxi.cap");
        Ran capture =
                remote("tech-1", "capture", "--gateway", "gw-1", "oxi-1", "--seconds", "1", "--out", file.toString());
        assertEquals(0, capture.code(), capture.toString());
        StringBuilder heard = new StringBuilder();
        Capture.read(file, (timeMs, isFromDevice, bytes) -> heard.append(new String(bytes, StandardCharsets.US_ASCII)));
        assertTrue(heard.length() > 50, heard.toString());
        assertTrue(device.said().contains(heard), "not what the device said: " + heard);
        assertTrue(
                ear.texts("rsp/tech-1").stream()
                        .noneMatch(text -> text.contains(
                                HexFormat.of().formatHex(heard.substring(0, 8).getBytes(StandardCharsets.US_ASCII)))),
                "sealed on its way");
        Ran nowhere = remote("tech-1", "capture", "--gateway", "gw-1", "oxi-9", "--out", file.toString());
        assertHas("no device of this box; write one of oxi-1", nowhere.err());

        Ran logs = remote("tech-1", "logs", "--gateway", "gw-1", "--lines", "50");
        assertHas("order taken verb=capture", logs.out());
        assertHas(
                "this box has no lamps",
                remote("tech-1", "identify", "--gateway", "gw-1").out());

        if (Boolean.getBoolean("wasla.long")) {
            whoSpeaksAtAFreePortIsTold();
        }
        // An approver's key orders nothing, and plain JSON is no order here.
        Ran approver = remote("appr-1", "logs", "--gateway", "gw-1");
        assertEquals(1, approver.code());
        assertHas("key 'appr-1' may not sign as command now", approver.err());
        String place = "wasla/1/ma-06/chu-1/gw-1";
        publish(place + "/cmd/restart", "{\"v\":1,\"jti\":\"j-1\"}", false, place + "/rsp/nobody");
        Ear.until("the refusal", WAIT_MS, () -> newest("rsp/nobody").contains("signed commands only"));

        Ran restart = remote("tech-1", "restart", "--gateway", "gw-1");
        assertEquals(0, restart.code(), restart.toString());
        assertEquals(1, run.get(30, TimeUnit.SECONDS), "systemd starts it anew");
        assertHas("\"s\":\"offline\"", newest("gw-1/state"));
        assertHas(
                "offline; an order lives for five minutes",
                remote("tech-1", "restart", "--gateway", "gw-1").err());
        assertTrue(ear.texts("gw-1/audit").stream().anyMatch(text -> text.contains("command-refused")));
    }

    private void whoSpeaksAtAFreePortIsTold() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Pty line = Pty.open()) {
            Thread speaker = new Thread(() -> speak(line, over), "oximeter");
            speaker.start();
            Ran heard = remote(
                    "tech-1",
                    "identify",
                    "--gateway",
                    "gw-1",
                    "--port",
                    line.path().toString());
            over.countDown();
            speaker.join();
            assertEquals(0, heard.code(), heard.toString());
            assertHas("masimo-ascii1 0.9", heard.out());
        }
        Ran none = remote("tech-1", "identify", "--gateway", "gw-1", "--port", "/dev/none");
        assertHas("nothing can be heard at /dev/none", none.err());
    }

    private static void speak(Pty line, CountDownLatch over) {
        try {
            while (!over.await(200, TimeUnit.MILLISECONDS)) {
                line.write(("06/16/26 08:00:04 SN=0000990002 SPO2=097% BPM=072 PI=03.20% SPCO=--.-% SPMET=--.-%"
                                + " DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000800\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException | InterruptedException closed) {
            over.countDown();
        }
    }

    private void publish(String topic, String text, boolean isRetained, @Nullable String responseTopic)
            throws Exception {
        MqttAsyncClient client =
                new MqttAsyncClient("tcp://127.0.0.1:" + broker.port(), "other", new MemoryPersistence());
        client.connect().waitForCompletion(WAIT_MS);
        MqttMessage message =
                new MqttMessage(text.getBytes(StandardCharsets.UTF_8), 1, isRetained, new MqttProperties());
        if (responseTopic != null) {
            message.getProperties().setResponseTopic(responseTopic);
        }
        client.publish(topic, message).waitForCompletion(WAIT_MS);
        client.disconnect().waitForCompletion(WAIT_MS);
        client.close();
    }
}
