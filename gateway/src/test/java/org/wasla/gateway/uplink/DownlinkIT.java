package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;

/** Orders from the platform over a real broker, and what the box answers. */
class DownlinkIT {

    private static final long WAIT_MS = 30_000;
    private static final Timing QUICK = new Timing(2_000, 3_000, 50, 500, 60_000, 30);
    private static final String OWN = "wasla/1/ma-06/chu/gw-1/";

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

    /** One that can share a message with others. */
    static Draft obs(int i) {
        long timeMs = 1_000_000L + 1_000L * i;
        return new Draft(
                "oxi",
                "obs",
                Urgency.OBSERVATION,
                timeMs,
                (epoch, seq) -> ("{\"v\":1,\"id\":\"gw-1." + epoch + ".oxi.obs." + seq + "\",\"ep\":\"" + epoch
                                + "\",\"dev\":\"oxi\",\"k\":\"obs\",\"seq\":" + seq + ",\"t\":" + timeMs
                                + ",\"obs\":[{\"r\":\"HR\",\"v\":" + (60 + i % 9) + "}]}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** Somebody who gives orders. */
    static final class Mouth implements AutoCloseable {
        private final MqttAsyncClient client;

        Mouth(int port) throws Exception {
            client = new MqttAsyncClient(
                    "tcp://127.0.0.1:" + port, "mouth" + System.nanoTime(), new MemoryPersistence());
            MqttConnectionOptions options = new MqttConnectionOptions();
            options.setKeepAliveInterval(30);
            client.connect(options).waitForCompletion(5_000);
        }

        void say(String verb, String json, @Nullable String responseTopic) throws Exception {
            MqttMessage message = new MqttMessage(json.getBytes(StandardCharsets.UTF_8));
            message.setQos(1);
            MqttProperties properties = new MqttProperties();
            properties.setResponseTopic(responseTopic);
            message.setProperties(properties);
            client.publish(OWN + "cmd/" + verb, message).waitForCompletion(5_000);
        }

        @Override
        public void close() throws MqttException {
            client.disconnectForcibly(10, 500, true);
            client.close(true);
        }
    }

    private static String replay(String jti, long from, long to) {
        return "{\"v\":1,\"jti\":\"" + jti + "\",\"dev\":\"oxi\",\"k\":\"obs\",\"from\":" + from + ",\"to\":" + to
                + "}";
    }

    private static List<Long> numbers(Ear ear) {
        List<Long> numbers = new ArrayList<>();
        for (String text : ear.texts("oxi/obs-bf")) {
            long seq = number(text, "\"seq\":");
            long rows = text.contains("\"rows\"") ? number(text, "\"n\":") : 1;
            LongStream.range(seq, seq + rows).forEach(numbers::add);
        }
        return numbers;
    }

    private static long number(String text, String field) {
        return Long.parseLong(
                text.substring(text.indexOf(field) + field.length()).replaceAll("[^0-9].*", ""));
    }

    private interface Body {
        void run(Mosquitto broker, Outbox outbox, Uplink uplink, Downlink downlink) throws Exception;
    }

    private void withBox(Body body) throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir);
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = new Uplink(settings(broker.port()), UplinkIT.TOPICS, outbox, QUICK);
                Downlink downlink = new Downlink(settings(broker.port()), UplinkIT.TOPICS, outbox, uplink, QUICK)) {
            uplink.start();
            downlink.start();
            Ear.until("both up", WAIT_MS, () -> uplink.status().connected() && downlink.isConnected());
            body.run(broker, outbox, uplink, downlink);
        }
        Ear.until("no thread left", WAIT_MS, () -> UplinkIT.pahoThreads() == 0);
    }

    /** Issue 3, item 4: a subscriber that lost its database gets its numbers again, and what is gone is named. */
    @Test
    void aStreamIsSentAgainAsBacklogAndAnswered() throws Exception {
        withBox((broker, outbox, uplink, downlink) -> {
            for (int i = 0; i < 500; i++) {
                outbox.append(List.of(obs(i)));
            }
            Ear.until("drained", WAIT_MS, () -> UplinkIT.isDrained(outbox));
            try (Ear ear = new Ear(broker.port());
                    Mouth mouth = new Mouth(broker.port())) {
                mouth.say("replay", replay("r-1", 101, 600), OWN + "rsp/lab");
                Ear.until("answered", WAIT_MS, () -> !ear.texts("rsp/lab").isEmpty());
                assertEquals(LongStream.rangeClosed(101, 500).boxed().toList(), numbers(ear));
                assertTrue(ear.texts("oxi/obs-bf").size() < 20, "batched like the backlog");
                assertTrue(ear.texts("oxi/obs-bf").stream().allMatch(text -> text.contains("\"late\":")));
                assertEquals(
                        "{\"v\":1,\"jti\":\"r-1\",\"verb\":\"replay\",\"s\":\"done\",\"n\":400,\"missing\":[[501,600]]}",
                        ear.texts("rsp/lab").get(0));
                Ear.Heard answer = ear.heard().stream()
                        .filter(each -> each.topic().endsWith("rsp/lab"))
                        .findFirst()
                        .orElseThrow();
                assertEquals("ops", answer.user().get("cls"));
                assertEquals("idle", uplink.status().replay());
                assertEquals(0, ear.texts("oxi/obs").size(), "nothing among the live ones");
            }
        });
    }

    @Test
    void whatCannotBeDoneIsRefusedWithItsReason() throws Exception {
        withBox((broker, outbox, uplink, downlink) -> {
            try (Ear ear = new Ear(broker.port());
                    Mouth mouth = new Mouth(broker.port())) {
                mouth.say("replay", "{\"jti\":\"a\",\"dev\":\"oxi\",\"k\":\"obs\",\"from\":9,\"to\":3}", null);
                mouth.say("reboot", "{\"jti\":\"b\"}", null);
                mouth.say("replay", replay("c", 1, 5).replace("\"k\"", "\"ep\":\"00000000\",\"k\""), null);
                mouth.say("replay", "no JSON", null);
                mouth.say("replay", replay("d", 1, 5), null);
                Ear.until("answered", WAIT_MS, () -> ear.texts("rsp/replay").size() == 4);
                List<String> answers = ear.texts("rsp/replay");
                assertTrue(answers.get(0).contains("to is 3, before from; write a number from 9"), answers.get(0));
                assertTrue(answers.get(1).contains("the known ones are hello, replay"), answers.get(1));
                assertTrue(answers.get(2).contains("the buffer has the epoch " + outbox.epoch()), answers.get(2));
                assertTrue(answers.get(3).contains("\"s\":\"done\",\"n\":0,\"missing\":[[1,5]]"), answers.get(3));
                assertEquals(
                        3,
                        answers.stream()
                                .filter(each -> each.contains("\"s\":\"refused\""))
                                .count());
            }
        });
    }

    @Test
    void helloHasStateMetaAndHealthSaidAgain() throws Exception {
        withBox((broker, outbox, uplink, downlink) -> {
            uplink.snapshot("oxi", "meta", "{\"m\":1}".getBytes(StandardCharsets.UTF_8));
            uplink.gatewaySnapshot("health", "{\"h\":1}".getBytes(StandardCharsets.UTF_8));
            try (Ear ear = new Ear(broker.port());
                    Mouth mouth = new Mouth(broker.port())) {
                Ear.until(
                        "there",
                        WAIT_MS,
                        () -> ear.texts("oxi/meta").size() == 1
                                && ear.texts("gw-1/health").size() == 1);
                long states = ear.texts("gw-1/state").size();
                mouth.say("hello", "{}", null);
                Ear.until("again", WAIT_MS, () -> ear.texts("oxi/meta").size() == 2);
                Ear.until("health", WAIT_MS, () -> ear.texts("gw-1/health").size() == 2);
                Ear.until("state", WAIT_MS, () -> ear.texts("gw-1/state").size() == states + 1);
            }
        });
    }

    /** The session outlives the connection, and a broker that has forgotten it is told the subscription again. */
    @Test
    void anOrderGivenWhileTheBoxWasAwayStillComes() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir);
                Outbox outbox = Outbox.open(buffer, Gaps::event)) {
            try (Uplink uplink = new Uplink(settings(broker.port()), UplinkIT.TOPICS, outbox, QUICK);
                    Downlink downlink = new Downlink(settings(broker.port()), UplinkIT.TOPICS, outbox, uplink, QUICK)) {
                downlink.start();
                Ear.until("up", WAIT_MS, downlink::isConnected);
            }
            try (Mouth mouth = new Mouth(broker.port());
                    Ear ear = new Ear(broker.port());
                    Uplink uplink = new Uplink(settings(broker.port()), UplinkIT.TOPICS, outbox, QUICK);
                    Downlink downlink = new Downlink(settings(broker.port()), UplinkIT.TOPICS, outbox, uplink, QUICK)) {
                mouth.say("replay", replay("away", 1, 1), null);
                uplink.start();
                downlink.start();
                Ear.until("answered", WAIT_MS, () -> ear.texts("rsp/replay").size() == 1);
                broker.kill();
                Ear.until("noticed", WAIT_MS, () -> !downlink.isConnected());
                broker.restart();
                Ear.until("back", WAIT_MS, downlink::isConnected);
            }
            try (Uplink uplink = new Uplink(settings(broker.port()), UplinkIT.TOPICS, outbox, QUICK);
                    Downlink downlink = new Downlink(settings(broker.port()), UplinkIT.TOPICS, outbox, uplink, QUICK);
                    Ear ear = new Ear(broker.port());
                    Mouth mouth = new Mouth(broker.port())) {
                uplink.start();
                downlink.start();
                Ear.until("up", WAIT_MS, downlink::isConnected);
                mouth.say("replay", replay("forgotten", 1, 1), null);
                Ear.until("answered", WAIT_MS, () -> ear.texts("rsp/replay").size() == 1);
            }
        }
    }

    /** A cut in the middle: the rest goes on the next connection, and all numbers are counted once. */
    @Test
    void aReplaySurvivesTheLossOfTheConnection() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir);
                CutWire wire = new CutWire(broker.port());
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = new Uplink(settings(wire.port()), UplinkIT.TOPICS, outbox, QUICK);
                Downlink downlink = new Downlink(settings(broker.port()), UplinkIT.TOPICS, outbox, uplink, QUICK);
                Ear ear = new Ear(broker.port());
                Mouth mouth = new Mouth(broker.port())) {
            List<Draft> drafts = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                drafts.add(obs(i));
            }
            outbox.append(drafts);
            uplink.start();
            downlink.start();
            Ear.until("drained", 60_000, () -> UplinkIT.isDrained(outbox) && downlink.isConnected());
            ear.heard().clear();
            mouth.say("replay", replay("long", 1, 20_000), null);
            Ear.until("begun", WAIT_MS, () -> !ear.texts("oxi/obs-bf").isEmpty());
            wire.cut();
            Ear.until("answered", 60_000, () -> !ear.texts("rsp/replay").isEmpty());
            assertTrue(ear.texts("rsp/replay").get(0).contains("\"n\":20000,\"missing\":[]"));
            assertEquals(20_000, numbers(ear).stream().distinct().count());
            assertTrue(uplink.status().reconnects() >= 1, "the wire was cut too late");
        }
    }

    /** Seventeen replays: one runs, sixteen wait; the next is refused, and an order that comes twice counts once. */
    @Test
    void moreReplaysThanMayWaitAreRefused() throws Exception {
        try (Outbox outbox = Outbox.open(buffer, Gaps::event)) {
            Replays replays = new Replays(outbox);
            for (int i = 0; i < Replays.WAITING_MAX; i++) {
                replays.order(order("j" + i));
                replays.order(order("j" + i));
            }
            assertEquals(null, replays.nextAnswer());
            replays.order(order("more"));
            Answer refused = replays.nextAnswer();
            assertTrue(refused != null && refused.jti().equals("more") && !refused.done());
            assertFalse(replays.hasNext(), "the buffer is empty");
            for (int i = 0; i < Replays.WAITING_MAX; i++) {
                Answer done = replays.nextAnswer();
                assertTrue(done != null && done.done() && done.jti().equals("j" + i), "answer " + done);
            }
        }
    }

    private static org.wasla.gateway.command.Command.Replay order(String jti) {
        return new org.wasla.gateway.command.Command.Replay(jti, "replay", "oxi", "obs", 1, 5, null);
    }
}
