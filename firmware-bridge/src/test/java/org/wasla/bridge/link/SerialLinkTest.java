package org.wasla.bridge.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The serial link over real pseudo-terminals. */
@Timeout(30)
@SuppressWarnings("try") // closing early is what is tested here
final class SerialLinkTest {
    private static final int WRITE_MS = 200;

    private final byte[] buffer = new byte[4096];

    @TempDir
    private Path folder;

    private static SerialSettings settings(Path path) {
        return SerialSettings.of(path.toString(), "9600 8N1", Flow.NONE, false);
    }

    @Test
    void everyByteValuePassesUnchangedBothWays() throws IOException {
        try (Pty pty = Pty.open();
                Link link = settings(pty.path()).open()) {
            pty.write(Lines.everyByte());
            assertArrayEquals(Lines.everyByte(), Lines.readFully(link, 256));
            link.write(Lines.everyByte());
            assertEquals(256, pty.read(buffer, Lines.PATIENCE_MS));
            assertArrayEquals(Lines.everyByte(), Arrays.copyOf(buffer, 256));
        }
    }

    /** Pieces are cut inside: their seams must not show. */
    @Test
    void aLongMessagePassesWhole() throws IOException, InterruptedException {
        byte[] sent = new byte[200_000];
        new Random(1).nextBytes(sent);
        try (Pty pty = Pty.open();
                Link link = settings(pty.path()).open()) {
            BlockingQueue<Object> writing = Lines.outcome(() -> {
                link.write(sent);
                return "sent";
            });
            byte[] got = new byte[sent.length];
            int have = 0;
            while (have < got.length) {
                int count = pty.read(buffer, Lines.PATIENCE_MS);
                assertTrue(count > 0, "nothing more after " + have);
                System.arraycopy(buffer, 0, got, have, count);
                have += count;
            }
            assertArrayEquals(sent, got);
            assertEquals("sent", writing.take());
        }
    }

    /** A pseudo-terminal has no parity and always eight bits, so that only the speed can be seen here. */
    @ParameterizedTest
    @ValueSource(ints = {300, 9600, 19_200, 115_200, 250_000, 921_600})
    void theSpeedIsSetOnThePort(int baud) throws IOException {
        try (Pty pty = Pty.open();
                Link link = settings(pty.path()).withLine(baud + " 8N1").open()) {
            assertEquals(baud, pty.baud());
            link.read(buffer, 150);
            assertEquals(baud, pty.baud(), "after the time-out was changed");
        }
    }

    /** Simulators of devices with a parity bit are spoken with over pseudo-terminals: again and again, at any pace. */
    @ParameterizedTest
    @ValueSource(strings = {"19200 8E1", "19200 7E1", "19200 8O1"})
    void aParityThatAPseudoTerminalCannotHaveDoesNotLoseTheLine(String line) throws IOException {
        try (Pty pty = Pty.open()) {
            for (int opening = 0; opening < 3; opening++) {
                try (Link link = settings(pty.path()).withLine(line).open()) {
                    assertEquals(0, link.read(buffer, 0));
                    assertEquals(0, link.read(buffer, 150));
                    pty.write(new byte[] {7});
                    assertEquals(1, link.read(buffer, Lines.PATIENCE_MS));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 30, 100, 250})
    void nothingIsReadWhenNothingComes(int waitMs) throws IOException {
        try (Pty pty = Pty.open();
                Link link = settings(pty.path()).open()) {
            assertEquals(0, link.read(buffer, waitMs));
            pty.write(new byte[] {7});
            assertEquals(1, link.read(buffer, Lines.PATIENCE_MS));
        }
    }

    @Test
    void whatIsThereIsReadWithoutWaiting() throws IOException {
        try (Pty pty = Pty.open();
                Link link = settings(pty.path()).open()) {
            pty.write(new byte[] {1, 2, 3});
            long endNs = System.nanoTime() + Lines.PATIENCE_MS * 1_000_000L;
            int count = 0;
            while (count == 0 && System.nanoTime() < endNs) {
                count = link.read(buffer, 0);
            }
            assertEquals(3, count);
        }
    }

    @Test
    void aMissingPortIsNamedWithAdvice() {
        Path missing = folder.resolve("ttyUSB9");
        assertEquals(
                "no such port: " + missing + "; plug the adapter in or correct the path",
                Lines.failure(() -> settings(missing).open()));
    }

    @Test
    void aFileIsRefusedAsAPort() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        String message = Lines.failure(() -> settings(file).open());
        assertTrue(message.startsWith(file + " is no serial port"), message);
    }

    @Test
    void aPortInUseIsRefusedAndFreeAgainAfterClosing() throws IOException {
        try (Pty pty = Pty.open()) {
            try (Link first = settings(pty.path()).open()) {
                String message = Lines.failure(() -> settings(pty.path()).open());
                assertTrue(message.startsWith(pty.path() + " is in use by another program"), message);
                pty.write(new byte[] {1});
                assertEquals(1, first.read(buffer, Lines.PATIENCE_MS));
            }
            settings(pty.path()).open().close();
        }
    }

    @Test
    void aHangUpIsALostLineForReaderAndWriter() throws IOException, InterruptedException {
        Pty pty = Pty.open();
        try (pty;
                Link link = settings(pty.path()).open()) {
            BlockingQueue<Object> reading = Lines.outcome(() -> link.read(buffer, 3_600_000));
            pty.close();
            assertEquals("line lost: " + pty.path(), Lines.failure(reading));
            assertThrows(IOException.class, () -> link.write(new byte[] {1}));
            assertThrows(IOException.class, () -> link.read(buffer, 0));
        }
    }

    /** The device file of an adapter that is plugged in again is another one; only the link stays. */
    @Test
    void anAdapterPluggedInAgainIsOpenedAnew() throws IOException {
        Path usb = folder.resolve("by-path-port0");
        for (int round = 0; round < 3; round++) {
            try (Pty pty = Pty.open(usb);
                    Link link = settings(usb).open()) {
                pty.write(new byte[] {42});
                assertEquals(1, link.read(buffer, Lines.PATIENCE_MS));
                assertEquals(42, buffer[0]);
                pty.close();
                assertThrows(IOException.class, () -> link.read(buffer, Lines.PATIENCE_MS));
            }
            assertFalse(Files.exists(usb, LinkOption.NOFOLLOW_LINKS));
            assertThrows(IOException.class, () -> settings(usb).open());
        }
    }

    @Test
    void closingFreesAReader() throws IOException, InterruptedException {
        try (Pty pty = Pty.open();
                Link link = settings(pty.path()).open()) {
            BlockingQueue<Object> reading = Lines.outcome(() -> link.read(buffer, 3_600_000));
            link.close();
            link.close();
            assertEquals(pty.path() + " is closed", Lines.failure(reading));
        }
    }

    /** Without a guard such a write lasts for ever. */
    @Test
    void aWriteThatNobodyTakesIsCutOff() throws IOException {
        try (Pty pty = Pty.open();
                Link link = SerialLink.open(settings(pty.path()), WRITE_MS, Direction.NONE)) {
            String message = Lines.failure(() -> link.write(new byte[1_000_000]));
            assertTrue(message.startsWith(pty.path() + " did not take 1000000 bytes"), message);
            assertThrows(IOException.class, () -> link.write(new byte[1]));
            settings(pty.path()).open().close();
        }
    }

    @Test
    void closingFreesAWriter() throws IOException, InterruptedException {
        try (Pty pty = Pty.open();
                Link link = settings(pty.path()).open()) {
            BlockingQueue<Object> writing = Lines.outcome(() -> {
                link.write(new byte[1_000_000]);
                return "sent";
            });
            assertTrue(pty.read(buffer, Lines.PATIENCE_MS) > 0);
            link.close();
            assertEquals(pty.path() + " is closed", Lines.failure(writing));
        }
    }

    @Test
    void aReadOnlyPortNeverWrites() throws IOException {
        try (Pty pty = Pty.open();
                Link link = settings(pty.path()).withReadOnly(true).open()) {
            assertEquals(pty.path() + " is read-only", Lines.failure(() -> link.write(new byte[] {1})));
            pty.write(new byte[] {5});
            assertEquals(1, link.read(buffer, Lines.PATIENCE_MS));
            assertEquals(0, pty.read(buffer, 20));
        }
    }

    @Test
    void aSimulatorIsNotDisturbedByAnAgentThatComesAndGoes() throws IOException {
        try (Pty pty = Pty.open()) {
            for (int round = 0; round < 20; round++) {
                try (Link link = settings(pty.path()).open()) {
                    link.write(new byte[] {(byte) round});
                    assertEquals(1, pty.read(buffer, Lines.PATIENCE_MS));
                    assertEquals(round, buffer[0]);
                }
            }
        }
    }
}
