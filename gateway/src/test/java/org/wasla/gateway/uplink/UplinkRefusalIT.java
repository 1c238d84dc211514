package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;

/** Brokers that say no, each in its own way: what they do not take waits and shows, and everything else goes on. */
@Execution(ExecutionMode.CONCURRENT)
class UplinkRefusalIT {

    private static final long WAIT_MS = 60_000;
    private static final Timing QUICK = new Timing(2_000, 3_000, 50, 500, 60_000, 30);
    private static final int LARGE_BYTES = 40_000;

    @TempDir
    Path dir;

    private OutboxSettings buffer = new OutboxSettings(Path.of("unset"), 64L << 20, 0);

    @BeforeEach
    void nameTheBuffer() {
        buffer = new OutboxSettings(dir.resolve("buffer"), 64L << 20, 0);
    }

    private static UplinkSettings settings(int port) {
        return new UplinkSettings(
                List.of(URI.create("mqtt://127.0.0.1:" + port)), null, null, "gw-1", "wasla/test", false);
    }

    private static Uplink uplink(Outbox outbox, int port) {
        return new Uplink(settings(port), UplinkIT.TOPICS, outbox, QUICK);
    }

    private static Draft obs(String device, int padBytes) {
        return new Draft(
                device,
                "obs",
                Urgency.OBSERVATION,
                System.currentTimeMillis(),
                (epoch, seq) -> ("{\"ep\":\"" + epoch + "\",\"dev\":\"" + device + "\",\"k\":\"obs\",\"seq\":" + seq
                                + ",\"pad\":\"" + "x".repeat(padBytes) + "\"}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static List<Long> numbers(Ear ear, String device) {
        return ear.heard().stream()
                .filter(each -> each.topic().contains("/d/" + device + "/obs"))
                .map(each -> Long.valueOf(each.text().replaceFirst(".*\"seq\":(\\d+),.*", "$1")))
                .toList();
    }

    private static List<Long> upTo(long last) {
        List<Long> all = new ArrayList<>();
        for (long i = 1; i <= last; i++) {
            all.add(i);
        }
        return all;
    }

    private static boolean waits(Uplink uplink, String leaf, UplinkStatus.State state) {
        UplinkStatus status = uplink.status();
        return status.state() == state
                && status.held().stream().anyMatch(each -> each.topic().endsWith(leaf));
    }

    private static void appendTwo(Outbox outbox, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            outbox.append(List.of(obs("oxi", 100), obs("vent", 100)));
        }
    }

    /** PUBACK 0x87: not sent, shown, tried again by itself, and nothing else waits for it. */
    @Test
    void aTopicThatIsNotAllowedWaitsAndTheOthersGoOn() throws Exception {
        Path acl = dir.resolve("acl");
        String others = "topic read wasla/#\ntopic write wasla/1/ma-06/chu/gw-1/state\n"
                + "topic write wasla/1/ma-06/chu/gw-1/d/vent/obs\n";
        Files.writeString(acl, others);
        try (Mosquitto broker = Mosquitto.start(dir, "acl_file " + acl);
                Ear ear = new Ear(broker.port());
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port())) {
            uplink.start();
            appendTwo(outbox, 30);
            Ear.until("the others", WAIT_MS, () -> numbers(ear, "vent").size() == 30);
            Ear.until("shown", WAIT_MS, () -> waits(uplink, "/d/oxi/obs", UplinkStatus.State.REFUSED));
            Ear.until(
                    "tried again", WAIT_MS, () -> uplink.status().held().get(0).times() >= 3);
            UplinkStatus status = uplink.status();
            assertEquals(30, status.sent());
            assertEquals(0, status.reconnects());
            assertTrue(status.refused() <= 30 + 40, "spins: " + status);
            assertEquals(0x87, status.held().get(0).reason());
            assertFalse(status.held().get(0).ends());
            assertEquals(30, outbox.status().waiting().get(Urgency.OBSERVATION));
            Files.writeString(acl, others + "topic write wasla/1/ma-06/chu/gw-1/d/+/+\n");
            broker.reload();
            Ear.until(
                    "all",
                    WAIT_MS,
                    () -> UplinkIT.isDrained(outbox) && numbers(ear, "oxi").size() == 30);
            assertEquals(upTo(30), numbers(ear, "oxi"));
            assertEquals(upTo(30), numbers(ear, "vent"));
            Ear.until("well again", WAIT_MS, () -> uplink.status().state() == UplinkStatus.State.OK);
        }
    }

    /** PUBACK 0x97: it backs off on the connection that it has, until there is room. */
    @Test
    void aQuotaThatIsUsedUpIsWaitedFor() throws Exception {
        AtomicBoolean full = new AtomicBoolean(true);
        try (BareBroker broker = new BareBroker((topic, bytes) -> full.get() && topic.contains("/d/") ? 0x97 : 0);
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port())) {
            uplink.start();
            appendTwo(outbox, 3);
            Ear.until("shown", WAIT_MS, () -> waits(uplink, "/obs", UplinkStatus.State.QUOTA));
            Ear.until(
                    "tried again", WAIT_MS, () -> uplink.status().held().get(0).times() >= 4);
            assertEquals(0, uplink.status().sent());
            full.set(false);
            Ear.until("all", WAIT_MS, () -> UplinkIT.isDrained(outbox));
            assertEquals(6, uplink.status().sent());
            assertEquals(1, broker.connections());
        }
    }

    /** A limit that is not announced: told by a gap after some tries alone, and what is small gets through. */
    @Test
    void aRecordBeyondALimitThatIsNotAnnouncedIsGivenUpInTheEnd() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir, "message_size_limit 20000");
                Ear ear = new Ear(broker.port());
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port())) {
            outbox.append(List.of(obs("oxi", 100), obs("oxi", LARGE_BYTES), obs("oxi", 100), obs("vent", 100)));
            uplink.start();
            Ear.until("shown", WAIT_MS, () -> waits(uplink, "/d/oxi/obs", UplinkStatus.State.TOO_LARGE));
            Ear.until("all but it", WAIT_MS, () -> UplinkIT.isDrained(outbox));
            Ear.until(
                    "heard",
                    WAIT_MS,
                    () -> numbers(ear, "oxi").containsAll(List.of(1L, 3L))
                            && ear.texts("oxi/evt").size() == 1);
            assertTrue(ear.texts("oxi/evt").get(0).contains("\"from\":2,\"to\":2,\"why\":\"refused\""));
            assertEquals(1, uplink.status().givenUp());
            assertTrue(uplink.status().reconnects() <= 8, uplink.status().toString());
        }
    }

    /** Then it is the batch that is too large, not what is in it. */
    @Test
    void aBatchBeyondALimitThatIsNotAnnouncedIsSentInSmallerOnes() throws Exception {
        List<Draft> many = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            many.add(DownlinkIT.obs(i));
        }
        try (Outbox outbox = Outbox.open(buffer, Gaps::event)) {
            outbox.append(many);
        }
        try (Mosquitto broker = Mosquitto.start(dir, "message_size_limit 600");
                Ear ear = new Ear(broker.port());
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port())) {
            uplink.start();
            Ear.until("all", WAIT_MS, () -> UplinkIT.isDrained(outbox));
            assertTrue(uplink.status().reconnects() > 0, "no batch was too large: proves nothing");
            assertEquals(0, uplink.status().givenUp());
            assertEquals(300, uplink.status().sent());
            assertTrue(ear.texts("oxi/evt").isEmpty());
        }
    }

    /** DISCONNECT 0x87, as RabbitMQ may: it does not say for what, so the guilty topic is looked for. */
    @Test
    void aBrokerThatEndsTheConnectionOverATopicIsKeptForTheOthers() throws Exception {
        AtomicBoolean allowed = new AtomicBoolean();
        try (BareBroker broker =
                        new BareBroker((topic, bytes) -> topic.contains("/oxi/obs") && !allowed.get() ? -0x87 : 0);
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port())) {
            appendTwo(outbox, 20);
            uplink.start();
            Ear.until("the others", WAIT_MS, () -> uplink.status().sent() == 20);
            Ear.until("shown", WAIT_MS, () -> waits(uplink, "/d/oxi/obs", UplinkStatus.State.REFUSED));
            assertTrue(uplink.status().held().get(0).ends());
            assertTrue(broker.connections() <= 10, broker.connections() + " connections");
            assertEquals(20, outbox.status().waiting().get(Urgency.OBSERVATION));
            allowed.set(true);
            Ear.until("all", WAIT_MS, () -> UplinkIT.isDrained(outbox));
            assertEquals(40, uplink.status().sent());
        }
    }

    /** DISCONNECT 0x95 without a limit announced used to hold up everything for ever. */
    @Test
    void aBrokerThatEndsTheConnectionOverALargeRecordGetsTheRest() throws Exception {
        try (BareBroker broker = new BareBroker((topic, bytes) -> bytes > 20_000 ? -0x95 : 0);
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port())) {
            outbox.append(List.of(obs("oxi", 100), obs("oxi", LARGE_BYTES), obs("oxi", 100), obs("vent", 100)));
            uplink.start();
            Ear.until("all but it", WAIT_MS, () -> UplinkIT.isDrained(outbox));
            assertEquals(1, uplink.status().givenUp());
            assertEquals(4, uplink.status().sent(), "three records and the gap");
            assertTrue(broker.connections() <= 8, broker.connections() + " connections");
        }
    }

    /** The rudest: it hangs up, and gives no reason at all. After ten seconds records go to obs-bf, which it hates too. */
    @Test
    void aBrokerThatHangsUpOverATopicIsKeptForTheOthers() throws Exception {
        try (BareBroker broker =
                        new BareBroker((topic, bytes) -> topic.contains("/oxi/obs") ? BareBroker.HANGS_UP : 0);
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port())) {
            appendTwo(outbox, 5);
            uplink.start();
            Ear.until("the others", WAIT_MS, () -> uplink.status().sent() == 5);
            Ear.until("shown", WAIT_MS, () -> !uplink.status().held().isEmpty());
            assertEquals(0, uplink.status().held().get(0).reason());
            assertTrue(broker.connections() <= 25, broker.connections() + " connections");
            assertEquals(5, outbox.status().waiting().get(Urgency.OBSERVATION));
        }
    }

    /** Late acknowledgements show before they count as none. */
    @Test
    void aBrokerThatTakesItsTimeShows() throws Exception {
        try (BareBroker broker = new BareBroker();
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port())) {
            uplink.start();
            outbox.append(List.of(obs("oxi", 100)));
            Ear.until("slow", WAIT_MS, () -> uplink.status().state() == UplinkStatus.State.SLOW);
            assertEquals(0, uplink.status().sent());
            broker.acknowledge();
            Ear.until("sent", WAIT_MS, () -> UplinkIT.isDrained(outbox));
        }
    }

    /** It refuses a will to be kept, and ends a connection over a retained message: it must get neither. */
    @Test
    void aBrokerThatKeepsNothingIsServedWithout() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir, "retain_available false");
                Ear ear = new Ear(broker.port());
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port())) {
            uplink.start();
            uplink.snapshot("oxi", "state", "{\"v\":1}".getBytes(StandardCharsets.UTF_8));
            outbox.append(List.of(obs("oxi", 100)));
            Ear.until("sent", WAIT_MS, () -> UplinkIT.isDrained(outbox));
            Ear.until("state", WAIT_MS, () -> ear.texts("oxi/state").size() == 1);
            assertFalse(uplink.status().retains());
            assertEquals(0, uplink.status().reconnects());
            assertTrue(ear.heard().stream().noneMatch(Ear.Heard::retained));
        }
    }

    /** The box itself never needs one: what it must do is not trip over being told. */
    @Test
    void aBrokerWithoutSharedSubscriptionsIsAsGood() throws Exception {
        try (BareBroker broker = new BareBroker((topic, bytes) -> 0, (byte) 0x2a, (byte) 0);
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port())) {
            uplink.start();
            outbox.append(List.of(obs("oxi", 100)));
            Ear.until("sent", WAIT_MS, () -> UplinkIT.isDrained(outbox));
            assertEquals(UplinkStatus.State.OK, uplink.status().state());
        }
    }

    /** Session Present 0: a broker that was started anew knows no subscription. */
    @Test
    void aForgottenSessionIsSubscribedAgainAndShows() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir);
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port());
                Downlink downlink = new Downlink(settings(broker.port()), UplinkIT.TOPICS, outbox, uplink, QUICK)) {
            uplink.start();
            downlink.start();
            Ear.until("connected", WAIT_MS, downlink::isConnected);
            assertEquals(0, uplink.status().sessionsLost());
            broker.restart();
            Ear.until("noticed", WAIT_MS, () -> uplink.status().sessionsLost() == 1 && downlink.isConnected());
            try (Ear ear = new Ear(broker.port());
                    DownlinkIT.Mouth platform = new DownlinkIT.Mouth(broker.port())) {
                String order = "{\"jti\":\"j1\",\"dev\":\"oxi\",\"k\":\"obs\",\"from\":1,\"to\":1}";
                platform.say("replay", order, "wasla/1/ma-06/chu/gw-1/rsp/tester");
                Ear.until("answered", WAIT_MS, () -> ear.texts("rsp/tester").size() == 1);
            }
        }
    }
}
