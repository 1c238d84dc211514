package org.wasla.bridge.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The datagram link against a socket of the JDK. */
@Timeout(30)
final class UdpLinkTest {
    private final byte[] buffer = new byte[300];
    private DatagramSocket device;
    private UdpSettings settings;

    @BeforeEach
    void listen() throws IOException {
        device = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        settings = new UdpSettings("127.0.0.1", device.getLocalPort(), false);
    }

    @AfterEach
    void stop() {
        device.close();
    }

    /** Says something to the device, so that it knows where the link is. */
    private SocketAddress met(Link link) throws IOException {
        link.write(new byte[] {1});
        DatagramPacket packet = new DatagramPacket(new byte[10], 10);
        device.receive(packet);
        return packet.getSocketAddress();
    }

    private static void send(DatagramSocket from, SocketAddress to, byte... bytes) throws IOException {
        from.send(new DatagramPacket(bytes, bytes.length, to));
    }

    @Test
    void everyByteValuePassesUnchangedBothWays() throws IOException {
        try (Link link = settings.open()) {
            link.write(Lines.everyByte());
            DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
            device.receive(packet);
            assertArrayEquals(Lines.everyByte(), Arrays.copyOf(packet.getData(), packet.getLength()));
            send(device, packet.getSocketAddress(), Lines.everyByte());
            assertEquals(256, link.read(buffer, Lines.PATIENCE_MS));
            assertArrayEquals(Lines.everyByte(), Arrays.copyOf(buffer, 256));
        }
    }

    /** A packet is a message: two of them in one read would be a message that nobody sent. */
    @Test
    void eachReadGivesOneDatagramAndWhatDoesNotFitIsNotLeftForTheNext() throws IOException {
        try (Link link = settings.open()) {
            SocketAddress here = met(link);
            send(device, here, new byte[400]);
            send(device, here, (byte) 7, (byte) 8);
            send(device, here, (byte) 9);
            assertEquals(300, link.read(buffer, Lines.PATIENCE_MS));
            assertEquals(2, link.read(buffer, Lines.PATIENCE_MS));
            assertEquals(7, buffer[0]);
            assertEquals(1, link.read(buffer, Lines.PATIENCE_MS));
            assertEquals(0, link.read(buffer, 0));
        }
    }

    @Test
    void anotherSenderIsNotHeard() throws IOException {
        try (Link link = settings.open();
                DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            SocketAddress here = met(link);
            send(stranger, here, (byte) 66);
            assertEquals(0, link.read(buffer, 50));
            send(device, here, (byte) 7);
            assertEquals(1, link.read(buffer, Lines.PATIENCE_MS));
            assertEquals(7, buffer[0]);
        }
    }

    /** The network says that the port is closed: the device is off, or it is another device. */
    @Test
    void aDeviceThatDoesNotListenIsALostLine() throws IOException {
        device.close();
        try (Link link = settings.open()) {
            link.write(new byte[] {1});
            String message = Lines.failure(() -> link.read(buffer, Lines.PATIENCE_MS));
            assertTrue(message.contains("nothing listens there"), message);
        }
    }

    @Test
    void aReadOnlyLinkSendsNothing() throws IOException {
        try (Link link = settings.withReadOnly(true).open()) {
            String message = Lines.failure(() -> link.write(new byte[] {1}));
            assertTrue(message.endsWith("is read-only"), message);
        }
    }

    @Test
    void anUnknownHostSaysWhatToCorrect() {
        UdpSettings nowhere = new UdpSettings("no-such-host.invalid", 24105, false);
        assertTrue(Lines.failure(nowhere::open).contains("correct the name"));
    }

    @Test
    void closingFreesAReader() throws Exception {
        Link link = settings.open();
        Thread closer = new Thread(link::close);
        closer.start();
        String message = Lines.failure(() -> {
            while (true) {
                link.read(buffer, Lines.PATIENCE_MS);
            }
        });
        closer.join();
        assertTrue(message.endsWith("is closed"), message);
    }
}
