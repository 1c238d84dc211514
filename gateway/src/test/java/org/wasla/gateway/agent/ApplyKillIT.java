package org.wasla.gateway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.wasla.bridge.link.Pty;
import org.wasla.gateway.config.StateStore;
import org.wasla.gateway.state.TestStates;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * The whole agent gets kill -9 while it takes a state up, as a device on a real terminal and the platform see it: after each
 * start its values are exactly those of the old or of the new profile, as the disk says, and its records have no hole.
 */
@Execution(ExecutionMode.CONCURRENT)
class ApplyKillIT {
    private static final boolean IS_LONG = Boolean.getBoolean("wasla.long");
    private static final int RANDOM_KILLS = IS_LONG ? 60 : 0;
    private static final int WAIT_MS = 60_000;
    private static final int WATCH_MS = 2_000;
    /** So many numbers of the device may be read and not kept when it is killed, on a busy machine. */
    private static final int READ_AHEAD = 200;

    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:%d"]}
            buffer: {dir: "%s", max: 64MiB, commit: 0ms}
            profiles: {dir: "%s"}
            devices:
              - {id: oxi-a, profile: oxi, link: {serial: "%s", baud: 9600}}
            trust: {roots: ["%s"], keys: "%s", groups: [ward-a], watch: %dms}
            """;
    private static final Pattern RECORD = Pattern.compile(
            "\"seq\":(\\d+),.*\"prof\":\"oxi@1\\.(\\d+)\\.0\".*\"n\":\"(count|messages)\",\"r\":\"n\"(.*)");
    /** The number in a set of its own, and in the rows of a batch, which late records come in. */
    private static final Pattern NUMBER = Pattern.compile(",\"v\":(\\d+)\\},\\{|\\[\\d+,(\\d+),\\d+\\]");

    @TempDir
    Path folder;

    private final TestStates states = new TestStates();
    private final List<Long> killedAt = new ArrayList<>();

    /** One record: the version of the profile that made it, and the device's own number in it. */
    private record Said(long seq, int version, long n) {}

    /** Says a rising number fifty times a second, whether anybody reads or not. */
    private static final class Device implements AutoCloseable {
        private final Pty pty;
        private final CountDownLatch over = new CountDownLatch(1);
        private final Thread thread = new Thread(this::speak, "device");
        private volatile long last;

        Device() throws IOException {
            pty = Pty.open();
            thread.start();
        }

        private void speak() {
            try {
                while (!over.await(20, TimeUnit.MILLISECONDS)) {
                    long next = last + 1;
                    pty.write(("N=" + next + " S=" + (95 + next % 4) + "\n").getBytes(StandardCharsets.US_ASCII));
                    last = next;
                }
            } catch (IOException | InterruptedException closed) {
                over.countDown();
            }
        }

        @Override
        public void close() {
            over.countDown();
            pty.close();
        }
    }

    private Path buffer() {
        return folder.resolve("buffer");
    }

    private Path configure(int broker, Path port) throws IOException {
        Path profiles = folder.resolve("profiles");
        Files.writeString(Files.createDirectories(profiles.resolve("oxi")).resolve("profile.yaml"), profile(0));
        String text = String.format(
                CONFIG, broker, buffer(), profiles, port, states.rootText(), states.keys(folder), WATCH_MS);
        return Files.writeString(folder.resolve("wasla.yaml"), text);
    }

    private static String name(int version) {
        return version % 2 == 0 ? "count" : "messages";
    }

    private static String profile(int version) {
        return TestStates.PROFILE
                .replace("1.0.0", "1." + version + ".0")
                .replace("name: count", "name: " + name(version));
    }

    /** Of this revision, with the version of the profile that is the same number. */
    private String state(int revision, String before) {
        String said = "{\"n\":\"" + name(revision)
                + "\",\"r\":\"n\",\"v\":1},{\"n\":\"spo2\",\"r\":\"spo2\",\"v\":97,\"u\":\"%\"}";
        TestStates.Draft draft =
                states.state(revision).profile(profile(revision), "1." + revision + ".0", said, "\"n\"");
        return before.isEmpty() ? draft.sign() : draft.after(before).sign();
    }

    /** All that came, live or late, by number. A number that came twice said the same twice. */
    private static NavigableMap<Long, Said> records(Ear ear) {
        TreeMap<Long, Said> found = new TreeMap<>();
        for (String leaf : List.of("d/oxi-a/obs", "d/oxi-a/obs-bf")) {
            for (String text : ear.texts(leaf)) {
                Matcher record = RECORD.matcher(text);
                assertTrue(record.find(), text);
                int version = Integer.parseInt(record.group(2));
                assertEquals(name(version), record.group(3), "made by one profile alone: " + text);
                long seq = Long.parseLong(record.group(1));
                Matcher numbers = NUMBER.matcher(record.group(4));
                assertTrue(numbers.find(), text);
                do {
                    String n = numbers.group(1) == null ? numbers.group(2) : numbers.group(1);
                    Said said = new Said(seq, version, Long.parseLong(n));
                    Said twice = found.put(seq, said);
                    assertTrue(twice == null || twice.equals(said), text);
                    seq++;
                } while (numbers.find());
            }
        }
        return found;
    }

    private static int versionAfter(Ear ear, long n) {
        return records(ear).values().stream()
                .filter(each -> each.n() > n)
                .findFirst()
                .map(Said::version)
                .orElse(-1);
    }

    private String current() throws IOException {
        return new StateStore(buffer()).current().orElse("");
    }

    private static void await(String what, java.util.concurrent.Callable<Boolean> condition) throws Exception {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        while (!condition.call()) {
            assertTrue(System.nanoTime() - endNs < 0, "waited in vain for " + what);
            LockSupport.parkNanos(200_000);
        }
    }

    private static boolean isReported(Ear ear, int revision, String outcome) {
        return ear.texts("cfg/reported").stream()
                .anyMatch(each ->
                        each.contains("\"rev\":" + revision + ",") && each.contains("\"s\":\"" + outcome + "\""));
    }

    /** A step of applying, as it is seen on disk or at the broker. */
    private interface Point {
        void await(Ear ear, int revision, String signed) throws Exception;
    }

    private Map<String, Point> points() {
        Map<String, Point> points = new TreeMap<>();
        if (IS_LONG) {
            points.put(
                    "1 prepared",
                    (ear, revision, signed) -> await(
                            "the state on disk",
                            () -> Files.exists(StateStore.folder(buffer())
                                    .resolve(TestStates.hash(signed))
                                    .resolve("desired.jws"))));
        }
        points.put(
                "2 on the device, watched",
                (ear, revision, signed) -> await(
                        "a record of the trial",
                        () -> records(ear).values().stream().anyMatch(each -> each.version() == revision)));
        points.put(
                "3 committed",
                (ear, revision, signed) ->
                        await("the state in force", () -> current().equals(TestStates.hash(signed))));
        Random random = new Random(8);
        for (int i = 0; i < RANDOM_KILLS; i++) {
            long waitNs = random.nextInt(WATCH_MS + 500) * 1_000_000L;
            points.put("random " + i, (ear, revision, signed) -> LockSupport.parkNanos(waitNs));
        }
        return points;
    }

    @Test
    void afterEachKillTheBoxIsOnTheOldOrOnTheNewState() throws Exception {
        int onOld = 0;
        int onNew = 0;
        try (Mosquitto broker = Mosquitto.start(folder, "max_queued_messages 0");
                Ear ear = new Ear(broker.port());
                Device device = new Device()) {
            MqttAsyncClient platform =
                    new MqttAsyncClient("tcp://127.0.0.1:" + broker.port(), "tech", new MemoryPersistence());
            platform.connect().waitForCompletion(WAIT_MS);
            Path config = configure(broker.port(), device.pty.path());
            ChildAgent agent = ChildAgent.start(config);
            try {
                await("records", () -> records(ear).size() > 10);
                String before = "";
                int revision = 0;
                for (Map.Entry<String, Point> point : points().entrySet()) {
                    revision++;
                    int now = revision;
                    String signed = state(revision, before);
                    platform.publish(
                                    "wasla/1/ma-06/chu-1/gw-1/cfg/desired",
                                    signed.getBytes(StandardCharsets.UTF_8),
                                    1,
                                    true)
                            .waitForCompletion(WAIT_MS);
                    point.getValue().await(ear, revision, signed);
                    agent.kill();
                    long heard = device.last;
                    killedAt.add(heard);
                    boolean isNew = current().equals(TestStates.hash(signed));
                    onOld += isNew ? 0 : 1;
                    onNew += isNew ? 1 : 0;
                    agent = ChildAgent.start(config);
                    String when = point.getKey() + ", rev " + revision;
                    await("records after " + when, () -> versionAfter(ear, heard) >= 0);
                    assertEquals(isNew ? revision : revision - 1, versionAfter(ear, heard), when);
                    // The broker has it still: it goes through without being sent anew.
                    await("its end after " + when, () -> isReported(ear, now, "applied"));
                    await(
                            "values of it",
                            () -> records(ear).lastEntry().getValue().version() == now);
                    before = signed;
                }
                assertEquals(0, agent.stop(), agent.log());
            } finally {
                agent.close();
            }
            platform.disconnect().waitForCompletion(WAIT_MS);
            platform.close();
            await("all numbers", () -> records(ear).lastKey() == records(ear).size());
            assertNothingMissing(new ArrayList<>(records(ear).values()));
        }
        assertTrue(onOld >= 1 && onNew >= 1, onOld + " times old, " + onNew + " times new");
    }

    /**
     * Around a kill what was read and not yet kept is missing, once; at a change of the profile the frame under way; of all
     * else nothing.
     */
    private void assertNothingMissing(List<Said> records) {
        long last = records.get(0).n() - 1;
        int version = 0;
        long seq = 0;
        int gaps = 0;
        for (Said said : records) {
            assertEquals(++seq, said.seq(), "no hole in the stream");
            long from = last;
            long missing = said.n() - from - 1;
            assertTrue(missing >= 0, said.n() + " after " + from);
            if (missing > (said.version() == version ? 0 : 1)) {
                gaps++;
                assertTrue(
                        killedAt.stream().anyMatch(at -> from <= at + 1 && said.n() > at - READ_AHEAD),
                        "missing between " + from + " and " + said.n() + ", killed at " + killedAt);
            }
            last = said.n();
            version = said.version();
        }
        assertTrue(gaps <= killedAt.size(), gaps + " gaps by " + killedAt.size() + " kills");
    }
}
