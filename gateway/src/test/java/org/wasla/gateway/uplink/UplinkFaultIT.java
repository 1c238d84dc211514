package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;

/** Faults of the client library and of other boxes that must not become ours. */
class UplinkFaultIT {

    private static final long WAIT_MS = 30_000;
    private static final Timing QUICK = new Timing(2_000, 3_000, 50, 500, 60_000, 30);

    @TempDir
    Path dir;

    private OutboxSettings buffer = new OutboxSettings(Path.of("unset"), 64L << 20, 0);

    @BeforeEach
    void nameTheBuffer() {
        buffer = new OutboxSettings(dir.resolve("buffer"), 64L << 20, 0);
    }

    private static Uplink uplink(Outbox outbox, int port, Timing timing) {
        UplinkSettings settings = new UplinkSettings(
                List.of(URI.create("mqtt://127.0.0.1:" + port)), null, null, "gw-1", "wasla/test", false);
        return new Uplink(settings, UplinkIT.TOPICS, outbox, timing);
    }

    private static MqttAsyncClient connect(String id, int port) throws Exception {
        MqttAsyncClient client = new MqttAsyncClient("tcp://127.0.0.1:" + port, id, new MemoryPersistence());
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setAutomaticReconnect(false);
        options.setKeepAliveInterval(30);
        client.connect(options).waitForCompletion(5_000);
        return client;
    }

    private static void close(MqttAsyncClient client) throws Exception {
        client.disconnectForcibly(10, 10, false);
        client.close(true);
    }

    /** Two boxes with one id: the one thrown out says so and waits long, or both would throw each other out for ever. */
    @Test
    void whoIsTakenOverSaysSoAndWaitsLong() throws Exception {
        try (BareBroker broker = new BareBroker();
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port(), QUICK)) {
            uplink.start();
            Ear.until("birth", WAIT_MS, () -> broker.heard().size() == 1);
            outbox.append(List.of(UplinkIT.obs("oxi")));
            Ear.until("under way", WAIT_MS, () -> broker.heard().size() == 2);
            broker.disconnect(0x8e);
            Ear.until(
                    "told",
                    WAIT_MS,
                    () -> String.valueOf(uplink.status().lastError())
                            .contains("0x8e another client has connected with this gateway's id"));
            long untilNs = System.nanoTime() + 3_000_000_000L;
            Ear.until("six of the usual waits", WAIT_MS, () -> System.nanoTime() > untilNs);
            assertEquals(1, broker.connections());
            assertFalse(uplink.status().connected());
        }
    }

    /** This broker ends the older connection without a reason: that none lasts is what shows. */
    @Test
    void twoBoxesWithOneIdSlowDownAndNameTheCause() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir);
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Outbox other = Outbox.open(new OutboxSettings(dir.resolve("other"), 64L << 20, 0), Gaps::event);
                Uplink one = uplink(outbox, broker.port(), QUICK);
                Uplink two = uplink(other, broker.port(), QUICK)) {
            one.start();
            two.start();
            String hint = "if another box has the same gateway.id, give every gateway its own";
            Ear.until(
                    "named",
                    WAIT_MS,
                    () -> String.valueOf(one.status().lastError()).contains(hint)
                            || String.valueOf(two.status().lastError()).contains(hint));
        }
    }

    /** The other way: who comes last is served, and a short wait after a takeover ends with all delivered. */
    @Test
    void weTakeOverFromAClientThatHoldsOurIdAndComeBackAfterATakeover() throws Exception {
        Timing hasty = new Timing(2_000, 3_000, 50, 500, 60_000, 30, 20);
        try (Mosquitto broker = Mosquitto.start(dir);
                Outbox outbox = Outbox.open(buffer, Gaps::event)) {
            MqttAsyncClient other = connect("gw-1-up", broker.port());
            try (Uplink uplink = uplink(outbox, broker.port(), hasty)) {
                uplink.start();
                outbox.append(List.of(UplinkIT.obs("oxi")));
                Ear.until("sent", WAIT_MS, () -> uplink.status().sent() == 1);
                assertFalse(other.isConnected());
                close(other);
                MqttAsyncClient third = connect("gw-1-up", broker.port());
                Ear.until("back", WAIT_MS, () -> uplink.status().reconnects() == 1);
                close(third);
                outbox.append(List.of(UplinkIT.obs("oxi")));
                Ear.until("sent", WAIT_MS, () -> uplink.status().sent() == 2);
            }
        }
    }

    /**
     * peers.md: a client that reconnects sends again by itself, turns failed tokens good, and uses aliases that the new
     * connection does not know.
     */
    @Test
    void whatFailedIsSentAnewOnAFreshClientUnderItsFullTopic() throws Exception {
        try (BareBroker broker = new BareBroker();
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port(), QUICK)) {
            uplink.start();
            outbox.append(List.of(UplinkIT.obs("oxi"), UplinkIT.obs("oxi"), UplinkIT.obs("oxi")));
            Ear.until("under way", WAIT_MS, () -> broker.heardOn(1).size() == 4);
            assertEquals("", broker.heardOn(1).get(3).topic(), "this broker is told aliases");
            broker.acknowledge();
            broker.hangUp();
            Ear.until("all again", WAIT_MS, () -> uplink.status().sent() == 3);
            List<BareBroker.Publish> again = broker.heardOn(2);
            assertEquals(4, again.size(), again.toString());
            assertTrue(again.stream().noneMatch(BareBroker.Publish::again), "sent by the library, not by us");
            assertTrue(again.get(0).topic().endsWith("/state"), again.toString());
            assertTrue(again.get(1).topic().endsWith("/oxi/obs"), again.toString());
            assertEquals(0, outbox.status().waiting().get(Urgency.OBSERVATION));
        }
    }

    /** A link that dies silently, with aliases in use: one new connection, and no protocol error 0x82 after it. */
    @Test
    void aFrozenBrokerIsLeftAndNoStaleAliasFollows() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir);
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = uplink(outbox, broker.port(), QUICK)) {
            uplink.start();
            outbox.append(List.of(UplinkIT.obs("oxi"), UplinkIT.obs("oxi")));
            Ear.until("sent", WAIT_MS, () -> uplink.status().sent() == 2);
            broker.freeze();
            outbox.append(List.of(UplinkIT.obs("oxi"), UplinkIT.obs("oxi")));
            Ear.until("noticed", WAIT_MS, () -> !uplink.status().connected());
            broker.thaw();
            Ear.until("sent", WAIT_MS, () -> uplink.status().sent() == 4);
            assertFalse(
                    String.valueOf(uplink.status().lastError()).contains("0x82"),
                    uplink.status().toString());
        }
    }

    /** The window follows the receive maximum, less the one place that Paho counts late. */
    @Test
    void theWindowFollowsTheBrokersReceiveMaximum() throws Exception {
        for (int receiveMaximum : new int[] {1, 2, 50, 1_000}) {
            try (Mosquitto broker = Mosquitto.start(dir, "max_inflight_messages " + receiveMaximum);
                    Outbox outbox = Outbox.open(
                            new OutboxSettings(dir.resolve("b" + receiveMaximum), 64L << 20, 0), Gaps::event);
                    Uplink uplink = uplink(outbox, broker.port(), QUICK)) {
                uplink.start();
                for (int i = 0; i < 50; i++) {
                    outbox.append(List.of(UplinkIT.obs("a"), UplinkIT.obs("b"), UplinkIT.obs("c"), UplinkIT.obs("d")));
                }
                Ear.until("sent", WAIT_MS, () -> uplink.status().sent() == 200);
                assertEquals(
                        Math.max(1, Math.min(256, receiveMaximum - 1)),
                        uplink.status().window());
                assertEquals(0, uplink.status().reconnects());
            }
        }
    }
}
