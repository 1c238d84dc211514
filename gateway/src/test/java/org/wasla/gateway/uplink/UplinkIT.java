package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;

/** The uplink against a real broker that is killed, frozen, and says no. */
class UplinkIT {

    private static final long WAIT_MS = 30_000;
    static final Topics TOPICS = new Topics("ma-06", "chu", "gw-1");
    private static final Timing QUICK = new Timing(2_000, 3_000, 50, 500, 60_000, 30);

    @TempDir
    Path dir;

    private OutboxSettings buffer = new OutboxSettings(Path.of("unset"), 64L << 20, 5);

    @BeforeEach
    void nameTheBuffer() {
        buffer = new OutboxSettings(dir.resolve("buffer"), 64L << 20, 5);
    }

    static Uplink uplink(Outbox outbox, int... ports) {
        return uplink(outbox, false, ports);
    }

    private static Uplink uplink(Outbox outbox, boolean compress, int... ports) {
        List<URI> servers = new ArrayList<>();
        for (int port : ports) {
            servers.add(URI.create("mqtt://127.0.0.1:" + port));
        }
        return new Uplink(
                new UplinkSettings(servers, null, null, "gw-1", "wasla/test", compress), TOPICS, outbox, QUICK);
    }

    private static Draft draft(String device, String kind, Urgency urgency) {
        return new Draft(
                device,
                kind,
                urgency,
                System.currentTimeMillis(),
                (epoch, seq) -> ("{\"ep\":\"" + epoch
                                + "\",\"dev\":\"" + device + "\",\"k\":\"" + kind + "\",\"seq\":" + seq + ",\"pad\":\""
                                + "x".repeat(200) + "\"}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    static Draft obs(String device) {
        return draft(device, "obs", Urgency.OBSERVATION);
    }

    private static long seq(String json) {
        int at = json.indexOf("\"seq\":") + 6;
        return Long.parseLong(json.substring(at, json.indexOf(',', at)));
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    static boolean isDrained(Outbox outbox) {
        return outbox.status().waiting().values().stream().allMatch(waiting -> waiting == 0);
    }

    static long pahoThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("MQTT"))
                .count();
    }

    /** Design 3, Topics: levels, content type, user properties, birth. */
    @Test
    void recordsArriveInOrderWithTheTopicsAndPropertiesOfTheContract() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir);
                Ear ear = new Ear(broker.port());
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port())) {
            uplink.start();
            for (int i = 0; i < 200; i++) {
                outbox.append(List.of(obs("oxi"), obs("vent"), draft("oxi", "alarm", Urgency.ALARM)));
            }
            Ear.until("all there", WAIT_MS, () -> ear.heard().size() >= 601 && isDrained(outbox));
            for (String leaf : List.of("oxi/obs", "vent/obs", "oxi/alarm")) {
                assertEquals(
                        upTo(200), ear.texts(leaf).stream().map(UplinkIT::seq).toList(), leaf);
            }
            Ear.Heard birth = ear.heard().get(0);
            assertEquals("wasla/1/ma-06/chu/gw-1/state", birth.topic());
            String expected = "\\{\"v\":1,\"gw\":\"gw-1\",\"ep\":\"" + outbox.epoch()
                    + "\",\"boot\":1,\"s\":\"online\",\"t\":\\d+,\"sw\":\"wasla/test\"}";
            assertTrue(birth.text().matches(expected), birth.text());
            assertEquals("application/vnd.wasla.state+json", birth.contentType());
            assertEquals(Map.of("sv", Topics.SCHEMA_MINOR, "enc", "identity", "cls", "ops"), birth.user());
            Ear.Heard first = ear.heard().stream()
                    .filter(each -> each.topic().endsWith("/oxi/obs"))
                    .findFirst()
                    .orElseThrow();
            assertEquals("wasla/1/ma-06/chu/gw-1/d/oxi/obs", first.topic());
            assertEquals("application/vnd.wasla.obs+json", first.contentType());
            assertEquals(Map.of("sv", Topics.SCHEMA_MINOR, "enc", "identity", "cls", "phi"), first.user());
            assertEquals(600, uplink.status().sent());
            assertTrue(uplink.status().connected());
            assertFalse(uplink.status().nobodyListens());
        }
        Ear.until("no thread left", WAIT_MS, () -> pahoThreads() == 0);
    }

    @Test
    void deflatedWhereItIsSmaller() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir);
                Ear ear = new Ear(broker.port());
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, true, broker.port())) {
            uplink.start();
            outbox.append(List.of(obs("oxi")));
            Ear.until("there", WAIT_MS, () -> ear.texts("oxi/obs").size() == 1);
            Ear.Heard record = ear.heard().get(ear.heard().size() - 1);
            assertEquals("deflate", record.user().get("enc"));
            assertEquals(1, seq(record.text()));
        }
    }

    /** The first promise: nothing lost; what comes twice is the same record. */
    @Test
    void brokerKilledAndFrozenUnderLoadLosesNothing() throws Exception {
        AtomicLong made = new AtomicLong();
        AtomicBoolean load = new AtomicBoolean(true);
        List<Ear.Heard> heard = new ArrayList<>();
        try (Mosquitto broker = Mosquitto.start(dir);
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port())) {
            uplink.start();
            Thread device = new Thread(() -> append(outbox, load, made));
            Ear ear = new Ear(broker.port());
            device.start();
            for (int round = 0; round < 3; round++) {
                long target = ear.heard().size() + 300L;
                Ear before = ear;
                Ear.until(
                        "running, round " + round, WAIT_MS, () -> before.heard().size() > target);
                if (round == 1) {
                    broker.freeze();
                    long reconnects = uplink.status().reconnects();
                    Ear.until(
                            "frozen broker noticed",
                            WAIT_MS,
                            () -> !uplink.status().connected());
                    broker.thaw();
                    Ear.until("again", WAIT_MS, () -> uplink.status().reconnects() > reconnects);
                } else {
                    broker.kill();
                    Ear.until("noticed", WAIT_MS, () -> !uplink.status().connected());
                    heard.addAll(ear.heard());
                    ear.close();
                    // The gateway may be back before the ear: what it sends then is acknowledged and not heard.
                    broker.restart();
                    ear = new Ear(broker.port());
                }
            }
            load.set(false);
            device.join();
            Ear.until("drained", WAIT_MS, () -> isDrained(outbox));
            assertEquals(made.get(), uplink.status().sent(), "each sent once as the outbox counts");
            heard.addAll(ear.heard());
            ear.close();
        }
        assertOnlyEqualDuplicates(heard);
    }

    private static void append(Outbox outbox, AtomicBoolean load, AtomicLong made) {
        try {
            while (load.get()) {
                outbox.append(List.of(obs("oxi")));
                made.incrementAndGet();
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void assertOnlyEqualDuplicates(List<Ear.Heard> heard) {
        Map<Long, String> bySeq = new HashMap<>();
        for (Ear.Heard record : heard) {
            if (record.topic().endsWith("/obs") || record.topic().endsWith("/obs-bf")) {
                String text = record.text().replaceAll(",\"late\":\\d+}$", "}");
                String before = bySeq.putIfAbsent(seq(text), text);
                assertTrue(before == null || before.equals(text), "two records with one number");
            }
        }
        assertTrue(bySeq.size() > 500, bySeq.size() + " heard");
    }

    /** A broker that keeps a session for the subscriber shows every single number. */
    @Test
    void everyNumberArrivesWhenOnlyTheGatewaysConnectionIsCut() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir);
                Ear ear = new Ear(broker.port());
                CutWire wire = new CutWire(broker.port());
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, wire.port())) {
            uplink.start();
            long cuts = 0;
            for (int i = 1; i <= 2_000; i++) {
                outbox.append(List.of(obs("oxi")));
                if (i % 400 == 0) {
                    long before = cuts;
                    Ear.until("connected again", WAIT_MS, () -> {
                        return uplink.status().connected() && uplink.status().reconnects() >= before;
                    });
                    wire.cut();
                    cuts++;
                }
            }
            Ear.until("drained", WAIT_MS, () -> isDrained(outbox));
            Ear.until("all heard", WAIT_MS, () -> numbers(ear).size() == 2_000);
            assertTrue(uplink.status().reconnects() >= cuts - 1, uplink.status().toString());
            // The will of every cut connection comes before the birth of the next.
            Ear.until("wills", WAIT_MS, () -> states(ear).contains("offline"));
            assertEquals("online", states(ear).get(states(ear).size() - 1));
            assertFirstTimeInOrder(ear);
        }
    }

    private static Set<Long> numbers(Ear ear) {
        Set<Long> numbers = new HashSet<>();
        ear.texts("oxi/obs").forEach(text -> numbers.add(seq(text)));
        ear.texts("oxi/obs-bf").forEach(text -> numbers.add(seq(text)));
        return numbers;
    }

    private static void assertFirstTimeInOrder(Ear ear) {
        long last = 0;
        for (String text : ear.texts("oxi/obs")) {
            assertTrue(seq(text) <= last + 1, "from " + last + " to " + seq(text));
            last = Math.max(last, seq(text));
        }
    }

    private static List<String> states(Ear ear) {
        return ear.texts("gw-1/state").stream()
                .map(text -> text.contains("\"s\":\"online\"") ? "online" : "offline")
                .toList();
    }

    @Test
    void cutConnectionHasItsWillPublishedAndCleanStopSaysOffline() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir);
                Ear ear = new Ear(broker.port());
                CutWire wire = new CutWire(broker.port());
                Outbox outbox = Outbox.open(buffer, Gaps::event)) {
            try (Uplink uplink = uplink(outbox, wire.port())) {
                uplink.start();
                Ear.until("birth", WAIT_MS, () -> states(ear).equals(List.of("online")));
                wire.cut();
                Ear.until("will and birth", WAIT_MS, () -> states(ear).equals(List.of("online", "offline", "online")));
            }
            Ear.until("goodbye", WAIT_MS, () -> states(ear).size() == 4);
            assertEquals("offline", states(ear).get(3));
            try (Ear later = new Ear(broker.port())) {
                Ear.until("retained", WAIT_MS, () -> states(later).equals(List.of("offline")));
                assertTrue(later.heard().get(0).retained());
            }
        }
    }

    /** Live and late never mix: what an earlier run left goes to obs-bf, other kinds carry late in place. */
    @Test
    void whatAnEarlierRunLeftGoesOutAsLate() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir);
                Ear ear = new Ear(broker.port())) {
            try (Outbox outbox = Outbox.open(buffer, Gaps::event)) {
                outbox.append(List.of(obs("oxi"), obs("oxi"), draft("oxi", "alarm", Urgency.ALARM)));
            }
            try (Outbox outbox = Outbox.open(buffer, Gaps::event);
                    Uplink uplink = uplink(outbox, broker.port())) {
                outbox.append(List.of(obs("oxi")));
                uplink.start();
                Ear.until("all", WAIT_MS, () -> ear.heard().size() >= 5);
                assertEquals(
                        List.of(1L, 2L),
                        ear.texts("oxi/obs-bf").stream().map(UplinkIT::seq).toList());
                assertTrue(ear.texts("oxi/obs-bf").get(0).matches(".*,\"late\":\\d+}"));
                assertEquals(
                        List.of(3L),
                        ear.texts("oxi/obs").stream().map(UplinkIT::seq).toList());
                assertFalse(ear.texts("oxi/obs").get(0).contains("late"));
                assertTrue(ear.texts("oxi/alarm").get(0).matches(".*,\"late\":\\d+}"));
                assertTrue(ear.heard().get(1).topic().endsWith("/alarm"), "the alarm first");
            }
        }
    }

    /** Paho reports a refusal as a success: sent means a PUBACK with a reason below 0x80. */
    @Test
    void refusalByTheAccessListIsNotSentAndRecoversWhenItIsCorrected() throws Exception {
        Path acl = dir.resolve("acl");
        Files.writeString(acl, "topic read wasla/#\ntopic write wasla/1/ma-06/chu/gw-1/state\n");
        try (Mosquitto broker = Mosquitto.start(dir, "acl_file " + acl);
                Ear ear = new Ear(broker.port());
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port())) {
            uplink.start();
            for (int i = 0; i < 50; i++) {
                outbox.append(List.of(obs("oxi")));
            }
            Ear.until("refused more than once", WAIT_MS, () -> uplink.status().refused() > 1);
            String error = String.valueOf(uplink.status().lastError());
            Ear.until(
                    "remedy",
                    WAIT_MS,
                    () -> String.valueOf(uplink.status().lastError()).contains("0x87"));
            assertTrue(error.contains("access list"), error);
            assertEquals(0, uplink.status().sent());
            assertEquals(50, outbox.status().waiting().get(Urgency.OBSERVATION));
            Files.writeString(acl, "topic readwrite wasla/#\n");
            broker.reload();
            Ear.until("recovered", WAIT_MS, () -> isDrained(outbox));
            Ear.until("heard", WAIT_MS, () -> numbers(ear).size() == 50);
        }
    }

    @Test
    void lastValuesAreRetainedAndSentOnChangeAndOnEveryConnection() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir);
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port())) {
            uplink.snapshot("oxi", "state", "{\"s\":\"silent\"}".getBytes(StandardCharsets.UTF_8));
            uplink.start();
            try (Ear ear = new Ear(broker.port())) {
                Ear.until("first", WAIT_MS, () -> ear.texts("oxi/state").contains("{\"s\":\"silent\"}"));
                uplink.snapshot("oxi", "state", "{\"s\":\"linked\"}".getBytes(StandardCharsets.UTF_8));
                uplink.snapshot("oxi", "state", "{\"s\":\"linked\"}".getBytes(StandardCharsets.UTF_8));
                uplink.gatewaySnapshot("health", "{}".getBytes(StandardCharsets.UTF_8));
                Ear.until("change", WAIT_MS, () -> ear.texts("gw-1/health").size() == 1);
                assertEquals(
                        1,
                        ear.texts("oxi/state").stream()
                                .filter(text -> text.contains("linked"))
                                .count());
            }
            broker.kill();
            broker.restart();
            try (Ear ear = new Ear(broker.port())) {
                Ear.until("again", WAIT_MS, () -> ear.texts("oxi/state").contains("{\"s\":\"linked\"}"));
                Ear.Heard state = ear.heard().stream()
                        .filter(each -> each.topic().endsWith("/oxi/state"))
                        .findFirst()
                        .orElseThrow();
                assertEquals("ops", state.user().get("cls"));
            }
        }
    }

    // An alarm that is over must not be shown because the network was down when it ended.
    @Test
    void aValueThatNoLongerCountsGoesFromTheBrokerAndIsNotToldAgain() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir);
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port())) {
            uplink.start();
            try (Ear ear = new Ear(broker.port())) {
                long untilNs = System.nanoTime() + 1_500_000_000L;
                uplink.snapshot("oxi", "alarms", "{\"a\":1}".getBytes(StandardCharsets.UTF_8), untilNs);
                Ear.until("told", WAIT_MS, () -> ear.texts("oxi/alarms").size() == 1);
                assertEquals(
                        "phi", ear.heard().get(ear.heard().size() - 1).user().get("cls"));
            }
            Ear.until(
                    "gone from the broker",
                    WAIT_MS,
                    () -> retained(broker.port(), "oxi/alarms").isEmpty());
            broker.kill();
            broker.restart();
            assertEquals(List.of(), retained(broker.port(), "oxi/alarms"));
            uplink.snapshot("oxi", "alarms", "{\"a\":2}".getBytes(StandardCharsets.UTF_8));
            Ear.until(
                    "the next",
                    WAIT_MS,
                    () -> !retained(broker.port(), "oxi/alarms").isEmpty());
            assertEquals(List.of("{\"a\":2}"), retained(broker.port(), "oxi/alarms"));
        }
    }

    /** What the broker has kept of a topic: known once the gateway's state, which it has too, has come. */
    private static List<String> retained(int port, String leaf) throws Exception {
        try (Ear ear = new Ear(port)) {
            Ear.until("state", WAIT_MS, () -> !ear.texts("gw-1/state").isEmpty());
            ear.sync();
            return ear.texts(leaf);
        }
    }

    @Test
    void nobodyListeningCountsAsSentAndShows() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir);
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port())) {
            uplink.start();
            outbox.append(List.of(obs("oxi")));
            Ear.until("sent", WAIT_MS, () -> isDrained(outbox));
            assertTrue(uplink.status().nobodyListens());
            assertEquals(UplinkStatus.State.NOBODY, uplink.status().state());
        }
    }
}
