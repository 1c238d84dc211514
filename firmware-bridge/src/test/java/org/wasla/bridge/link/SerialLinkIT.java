package org.wasla.bridge.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What takes the serial link longer than a second. */
@Timeout(30)
final class SerialLinkIT {
    @TempDir
    private Path folder;

    private static SerialSettings settings(Path path) {
        return SerialSettings.of(path.toString(), "9600 8N1", Flow.NONE, false);
    }

    /** Some drivers go on timing out after the adapter was pulled. */
    @Test
    void aPortWhoseStablePathIsGoneIsLostEvenIfItStillTimesOut() throws IOException {
        Path usb = folder.resolve("by-path-port0");
        try (Pty pty = Pty.open(usb);
                Link link = settings(usb).open()) {
            Files.delete(usb);
            String message = Lines.failure(() -> link.read(new byte[16], 10_000));
            assertEquals("line lost: " + pty.path(), message);
        }
    }

    @Test
    void aPortWhoseStablePathLeadsElsewhereIsLost() throws IOException {
        Path usb = folder.resolve("by-path-port0");
        try (Pty before = Pty.open(usb);
                Link link = settings(usb).open();
                Pty after = Pty.open(usb)) {
            assertEquals(before.path(), after.path());
            assertThrows(IOException.class, () -> link.read(new byte[16], 10_000));
        }
    }

    @Test
    void aWriteEndsByItselfWhenNobodyReads() throws IOException {
        try (Pty pty = Pty.open();
                Link link = settings(pty.path()).open()) {
            assertThrows(IOException.class, () -> link.write(new byte[1_000_000]));
        }
    }

    @Test
    void aSimulatorsWriteEndsByItselfWhenNobodyReads() throws IOException {
        try (Pty pty = Pty.open()) {
            String message = Lines.failure(() -> pty.write(new byte[1_000_000]));
            assertTrue(message.startsWith("nobody reads " + pty.path()), message);
        }
    }
}
