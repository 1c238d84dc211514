package org.wasla.bridge.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What monitors send to everybody is heard over loopback. */
@Timeout(30)
final class DatagramEarTest {
    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void send(int port, byte[] bytes) throws IOException {
        try (DatagramSocket device = new DatagramSocket()) {
            device.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
        }
    }

    @Test
    void eachDatagramComesWholeWithItsSender() throws IOException {
        int port = freePort();
        try (DatagramEar ear = DatagramEar.open(port, null)) {
            send(port, Lines.everyByte());
            send(port, new byte[] {7});
            DatagramEar.Datagram first = ear.read(Lines.PATIENCE_MS).orElseThrow();
            assertEquals("127.0.0.1", first.host());
            assertArrayEquals(Lines.everyByte(), first.text().getBytes(StandardCharsets.ISO_8859_1));
            assertEquals("\u0007", ear.read(Lines.PATIENCE_MS).orElseThrow().text());
            assertEquals(Optional.empty(), ear.read(20));
        }
    }

    @Test
    void twoProgramsHearOnePort() throws IOException {
        int port = freePort();
        try (DatagramEar one = DatagramEar.open(port, "224.0.1.23");
                DatagramEar two = DatagramEar.open(port, null)) {
            send(port, new byte[] {1});
            assertTrue(one.read(500).isPresent() || two.read(500).isPresent());
        }
        assertThrows(IllegalArgumentException.class, () -> DatagramEar.open(0, null));
    }

    @Test
    void closingFreesTheReader() throws Exception {
        DatagramEar ear = DatagramEar.open(freePort(), null);
        Thread reader = new Thread(() -> assertThrows(IOException.class, () -> ear.read(20_000)));
        reader.start();
        ear.close();
        reader.join(10_000);
        assertFalse(reader.isAlive());
    }
}
