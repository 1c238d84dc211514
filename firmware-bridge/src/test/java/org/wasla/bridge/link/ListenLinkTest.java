package org.wasla.bridge.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The listening link with sockets of the JDK as devices. */
@Timeout(30)
@SuppressWarnings("try") // closing early is what is tested here
final class ListenLinkTest {
    private final byte[] buffer = new byte[4096];
    private ListenSettings settings;

    @BeforeEach
    void findAFreePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            settings = new ListenSettings(probe.getLocalPort(), false);
        }
    }

    private Socket device() throws IOException {
        Socket device = new Socket(InetAddress.getLoopbackAddress(), settings.port());
        device.setSoTimeout(Lines.PATIENCE_MS);
        return device;
    }

    private void assertReads(int value, Link link) throws IOException {
        assertEquals(1, link.read(buffer, Lines.PATIENCE_MS));
        assertEquals(value, buffer[0]);
    }

    private void assertPeerGone(Link link) throws IOException {
        assertEquals(Link.PEER_GONE, link.read(buffer, Lines.PATIENCE_MS));
    }

    @Test
    void everyByteValuePassesUnchangedBothWays() throws IOException {
        try (Link link = settings.open();
                Socket device = device()) {
            device.getOutputStream().write(Lines.everyByte());
            assertArrayEquals(Lines.everyByte(), Lines.readFully(link, 256));
            link.write(Lines.everyByte());
            assertArrayEquals(Lines.everyByte(), device.getInputStream().readNBytes(256));
        }
    }

    @Test
    void aBusyPortIsNamedWithAdvice() throws IOException {
        try (Link link = settings.open()) {
            assertEquals(0, link.read(buffer, 0));
            assertEquals(
                    "port " + settings.port() + " is in use by another program; stop it or choose another port",
                    Lines.failure(settings::open));
        }
    }

    /** The old connection of an agent that was restarted is still in TIME_WAIT then. */
    @Test
    void aPortIsListenedOnAgainAtOnceAfterClosing() throws IOException {
        for (int round = 0; round < 3; round++) {
            try (Link link = settings.open();
                    Socket device = device()) {
                device.getOutputStream().write(round);
                assertReads(round, link);
            }
        }
    }

    /** A device that is asked before it has connected must not cost us the port. */
    @Test
    void bytesWrittenWithoutAPeerAreDroppedAndThePortStaysOpen() throws IOException {
        try (Link link = settings.open()) {
            assertEquals(0, link.read(buffer, 0));
            link.write(new byte[] {9});
            assertEquals(0, link.read(buffer, 20));
            try (Socket device = device()) {
                device.getOutputStream().write(3);
                assertReads(3, link);
                link.write(new byte[] {4});
                assertEquals(4, device.getInputStream().read());
            }
        }
    }

    @Test
    void aPeerThatGoesIsToldOnceAndTheNextOneIsAwaited() throws IOException {
        try (Link link = settings.open()) {
            for (int round = 0; round < 3; round++) {
                try (Socket device = device()) {
                    device.getOutputStream().write(round);
                    assertReads(round, link);
                }
                assertPeerGone(link);
                assertEquals(0, link.read(buffer, 20));
            }
        }
    }

    @Test
    void aPeerThatResetsIsGone() throws IOException {
        try (Link link = settings.open()) {
            try (Socket device = device()) {
                device.getOutputStream().write(1);
                assertReads(1, link);
                device.setSoLinger(true, 0);
            }
            assertPeerGone(link);
        }
    }

    /** After a network cut the old connection stays half-open for ever: only the new one tells. */
    @Test
    void aNewPeerReplacesASilentOne() throws IOException, InterruptedException {
        try (Link link = settings.open();
                Socket old = device()) {
            old.getOutputStream().write(1);
            assertReads(1, link);
            BlockingQueue<Object> reading = Lines.outcome(() -> link.read(buffer, 3_600_000));
            try (Socket fresh = device()) {
                assertEquals(Link.PEER_GONE, reading.take());
                assertEquals(-1, old.getInputStream().read());
                fresh.getOutputStream().write(2);
                assertReads(2, link);
                link.write(new byte[] {3});
                assertEquals(3, fresh.getInputStream().read());
            }
        }
    }

    /** Devices that make a connection for every message do not wait for us; none of them may be lost. */
    @Test
    void whatEarlierPeersSentIsReadBeforeTheNewestOne() throws IOException {
        try (Link link = settings.open()) {
            for (int message = 0; message < 5; message++) {
                try (Socket device = device()) {
                    device.getOutputStream().write(message);
                }
            }
            for (int message = 0; message < 5; message++) {
                assertReads(message, link);
                assertPeerGone(link);
            }
            assertEquals(0, link.read(buffer, 20));
        }
    }

    @Test
    void aPeerThatDoesNotReadIsCutOff() throws IOException {
        try (Link link = ListenLink.open(settings, 200);
                Socket device = device()) {
            device.getOutputStream().write(1);
            assertReads(1, link);
            link.write(new byte[50_000_000]);
            assertPeerGone(link);
            try (Socket fresh = device()) {
                fresh.getOutputStream().write(2);
                assertReads(2, link);
            }
        }
    }

    @Test
    void closingFreesAReaderWithAndWithoutAPeer() throws IOException, InterruptedException {
        Link lonely = settings.open();
        BlockingQueue<Object> waiting = Lines.outcome(() -> lonely.read(buffer, 3_600_000));
        lonely.close();
        lonely.close();
        assertEquals(settings.text() + " is closed", Lines.failure(waiting));
        Link link = settings.open();
        try (Socket device = device()) {
            device.getOutputStream().write(1);
            assertReads(1, link);
            BlockingQueue<Object> reading = Lines.outcome(() -> link.read(buffer, 3_600_000));
            link.close();
            assertEquals(settings.text() + " is closed", Lines.failure(reading));
            assertEquals(-1, device.getInputStream().read());
        }
    }

    @Test
    void aReadOnlyLinkNeverWrites() throws IOException {
        try (Link link = settings.withReadOnly(true).open();
                Socket device = device()) {
            device.getOutputStream().write(1);
            assertReads(1, link);
            assertThrows(IOException.class, () -> link.write(new byte[] {1}));
            link.close();
            assertEquals(-1, device.getInputStream().read());
        }
    }
}
