package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.simulator.IntellivueSimulator;

/** A technician keeps what a monitor on the LAN says: the test is the monitor. */
class CaptureLanIT {
    private static final LocalDateTime NOON = LocalDateTime.of(2026, 6, 16, 12, 0, 0);

    @TempDir
    Path folder;

    @Test
    void aMonitorOnTheLanIsKeptAndDecoded() throws Exception {
        Path capture = folder.resolve("lan.cap");
        try (DatagramSocket monitor = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            monitor.setSoTimeout(20);
            Process process = Tool.start(
                    folder.resolve("capture.log"),
                    "capture",
                    "--udp",
                    "127.0.0.1:" + monitor.getLocalPort(),
                    "--profile",
                    "philips-intellivue",
                    "--seconds",
                    "5",
                    "--out",
                    capture.toString());
            IntellivueSimulator simulator = new IntellivueSimulator(System.nanoTime());
            SocketAddress client = null;
            while (process.isAlive()) {
                client = speak(monitor, simulator, client);
            }
            assertEquals(0, process.waitFor(), Files.readString(folder.resolve("capture.log")));
        }
        String kept = Files.readString(capture);
        assertTrue(kept.contains(" > ") && kept.contains(" < "), kept);
        Tool.Result decoded = Tool.run(folder, "decode", "--profile", "philips-intellivue", capture.toString());
        assertEquals(0, decoded.exitCode(), decoded.err());
        assertTrue(decoded.out().contains("\"k\":\"obs\""), decoded.err());
        assertTrue(decoded.err().contains("\"bad\":{}"), decoded.err());
    }

    private static @Nullable SocketAddress speak(
            DatagramSocket monitor, IntellivueSimulator simulator, @Nullable SocketAddress known) throws Exception {
        SocketAddress client = known;
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        List<Bytes> said = new ArrayList<>(simulator.onTime(System.nanoTime(), NOON));
        try {
            monitor.receive(packet);
            client = packet.getSocketAddress();
            said.addAll(simulator.onBytes(packet.getData(), packet.getLength(), System.nanoTime(), NOON));
        } catch (SocketTimeoutException quiet) {
            // it speaks by itself too
        }
        for (Bytes unit : said) {
            monitor.send(new DatagramPacket(unit.toArray(), unit.size(), Objects.requireNonNull(client)));
        }
        return client;
    }
}
