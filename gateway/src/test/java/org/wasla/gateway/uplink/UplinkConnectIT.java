package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;

/** Connections that never come to be: Paho leaves threads behind unless it is closed by force. */
class UplinkConnectIT {

    private static final long WAIT_MS = 30_000;

    @TempDir
    Path dir;

    private OutboxSettings buffer = new OutboxSettings(Path.of("unset"), 64L << 20, 5);

    @BeforeEach
    void nameTheBuffer() {
        buffer = new OutboxSettings(dir.resolve("buffer"), 64L << 20, 5);
    }

    @Test
    void theNextServerIsTriedWhenOneIsAway() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir);
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = UplinkIT.uplink(outbox, Mosquitto.freePort(), broker.port())) {
            uplink.start();
            outbox.append(List.of(UplinkIT.obs("oxi")));
            Ear.until("sent", WAIT_MS, () -> UplinkIT.isDrained(outbox));
            assertEquals("127.0.0.1:" + broker.port(), uplink.status().server());
        }
    }

    /** Paho leaves three threads behind for every connection that gets no answer, unless it is closed by force. */
    @Test
    void failedConnectionsLeaveNoThread() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Outbox outbox = Outbox.open(buffer, Gaps::event)) {
            Timing hasty = new Timing(300, 1_000, 10, 20, 60_000, 30);
            List<URI> servers = List.of(
                    URI.create("mqtt://127.0.0.1:" + mute.getLocalPort()),
                    URI.create("mqtt://127.0.0.1:" + Mosquitto.freePort()));
            UplinkSettings settings = new UplinkSettings(servers, null, null, "gw-1", "wasla/test", false);
            AtomicLong most = new AtomicLong();
            long untilNs = System.nanoTime() + 4_000_000_000L;
            try (Uplink uplink = new Uplink(settings, UplinkIT.TOPICS, outbox, hasty)) {
                uplink.start();
                Ear.until("several attempts", WAIT_MS, () -> {
                    most.accumulateAndGet(UplinkIT.pahoThreads(), Math::max);
                    return System.nanoTime() > untilNs;
                });
                assertFalse(uplink.status().connected());
                assertTrue(String.valueOf(uplink.status().lastError()).length() > 5);
            }
            assertTrue(most.get() <= 10, most + " threads at a time");
            Ear.until("no thread left", WAIT_MS, () -> UplinkIT.pahoThreads() == 0);
        }
    }

    /** A proxy without a broker behind it: Paho then waits for ever for a thread of its own that has already ended. */
    @Test
    void peerThatHangsUpAtOnceLeavesNoThread() throws Exception {
        try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = UplinkIT.uplink(outbox, proxy.getLocalPort())) {
            uplink.start();
            for (int i = 0; i < 4; i++) {
                proxy.accept().close();
            }
            assertFalse(uplink.status().connected());
        }
        Ear.until("no thread left", WAIT_MS, () -> UplinkIT.pahoThreads() == 0);
    }

    @Test
    void closeDoesNotWaitForABrokerThatNeverAnswers() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Outbox outbox = Outbox.open(buffer, Gaps::event)) {
            Uplink uplink = UplinkIT.uplink(outbox, mute.getLocalPort());
            uplink.start();
            try (java.net.Socket connected = mute.accept()) {
                long startNs = System.nanoTime();
                uplink.close();
                assertTrue(System.nanoTime() - startNs < 3_000_000_000L, "close took too long");
                assertTrue(connected.isConnected());
            }
            Ear.until("no thread left", WAIT_MS, () -> UplinkIT.pahoThreads() == 0);
        }
    }

    /** peers.md: 32768 and more is read as a negative number, and every publish would fail. */
    @Test
    void receiveMaximumThatPahoMisreadsIsNamed() throws Exception {
        byte[] connack = {0x20, 0x06, 0x00, 0x00, 0x03, 0x21, (byte) 0xff, (byte) 0xff};
        try (ServerSocket fake = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = UplinkIT.uplink(outbox, fake.getLocalPort())) {
            uplink.start();
            try (java.net.Socket client = fake.accept()) {
                assertTrue(client.getInputStream().read(new byte[1_000]) > 0);
                client.getOutputStream().write(connack);
                client.getOutputStream().flush();
                Ear.until(
                        "named",
                        WAIT_MS,
                        () -> String.valueOf(uplink.status().lastError()).contains("receive maximum of 65535"));
                assertFalse(uplink.status().connected());
            }
        }
    }
}
