package org.wasla.bridge.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The outgoing TCP link against a socket of the JDK. */
@Timeout(30)
@SuppressWarnings("try") // closing early is what is tested here
final class TcpLinkTest {
    private final byte[] buffer = new byte[4096];
    private ServerSocket server;
    private TcpSettings settings;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        settings = new TcpSettings("127.0.0.1", server.getLocalPort(), false);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void everyByteValuePassesUnchangedBothWays() throws IOException {
        try (Link link = settings.open();
                Socket device = server.accept()) {
            device.getOutputStream().write(Lines.everyByte());
            assertArrayEquals(Lines.everyByte(), Lines.readFully(link, 256));
            link.write(Lines.everyByte());
            assertArrayEquals(Lines.everyByte(), device.getInputStream().readNBytes(256));
        }
    }

    @Test
    void nothingIsReadWhenNothingComes() throws IOException {
        try (Link link = settings.open();
                Socket device = server.accept()) {
            assertEquals(0, link.read(buffer, 0));
            assertEquals(0, link.read(buffer, 20));
            device.getOutputStream().write(9);
            assertEquals(1, link.read(buffer, Lines.PATIENCE_MS));
        }
    }

    /** What was sent before the end of the stream counts; the end comes after it. */
    @Test
    void theEndOfTheStreamIsALostLine() throws IOException {
        try (Link link = settings.open()) {
            try (Socket device = server.accept()) {
                device.getOutputStream().write(9);
            }
            assertEquals(1, link.read(buffer, Lines.PATIENCE_MS));
            String message = Lines.failure(() -> link.read(buffer, Lines.PATIENCE_MS));
            assertTrue(message.endsWith("peer closed"), message);
        }
    }

    @Test
    void aResetIsALostLine() throws IOException {
        try (Link link = settings.open()) {
            try (Socket device = server.accept()) {
                device.setSoLinger(true, 0);
            }
            String message = Lines.failure(() -> link.read(buffer, Lines.PATIENCE_MS));
            assertTrue(message.startsWith("line lost: " + settings.text()), message);
        }
    }

    @Test
    void aRefusedConnectionIsNamedWithAdvice() throws IOException {
        server.close();
        String message = Lines.failure(settings::open);
        assertTrue(message.startsWith(settings.text() + " refuses the connection; "), message);
    }

    @Test
    void anUnknownHostIsNamedWithAdvice() {
        String message = Lines.failure(() -> new TcpSettings("no..host", 5100, false).open());
        assertTrue(message.startsWith("no such host: no..host; "), message);
    }

    @Test
    void closingFreesAReader() throws IOException, InterruptedException {
        try (Link link = settings.open();
                Socket device = server.accept()) {
            assertTrue(device.isConnected());
            BlockingQueue<Object> reading = Lines.outcome(() -> link.read(buffer, 3_600_000));
            link.close();
            link.close();
            assertEquals(settings.text() + " is closed", Lines.failure(reading));
            assertEquals(-1, device.getInputStream().read());
        }
    }

    @Test
    void aWriteThatNobodyTakesIsCutOff() throws IOException {
        try (Link link = TcpLink.open(settings, 200);
                Socket device = server.accept()) {
            assertTrue(device.isConnected());
            String message = Lines.failure(() -> link.write(new byte[50_000_000]));
            assertTrue(message.contains("did not take 50000000 bytes"), message);
        }
    }

    @Test
    void closingFreesAWriter() throws IOException, InterruptedException {
        try (Link link = TcpLink.open(settings, Lines.PATIENCE_MS);
                Socket device = server.accept()) {
            BlockingQueue<Object> writing = Lines.outcome(() -> {
                link.write(new byte[50_000_000]);
                return "sent";
            });
            assertEquals(0, device.getInputStream().read());
            link.close();
            assertEquals(settings.text() + " is closed", Lines.failure(writing));
        }
    }

    @Test
    void aReadOnlyLinkNeverWrites() throws IOException {
        try (Link link = settings.withReadOnly(true).open();
                Socket device = server.accept()) {
            assertThrows(IOException.class, () -> link.write(new byte[] {1}));
            device.getOutputStream().write(9);
            assertEquals(1, link.read(buffer, Lines.PATIENCE_MS));
            link.close();
            assertEquals(-1, device.getInputStream().read());
        }
    }
}
