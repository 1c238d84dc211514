package org.wasla.gateway.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every small file of the box is written here. */
class DurableTest {
    @TempDir
    Path dir;

    @Test
    void theNewContentTakesThePlaceOfTheOldAndNothingIsLeftBeside() throws IOException {
        Path file = dir.resolve("state");
        Durable.write(file, new byte[] {1, 2, 3});
        Durable.write(file, new byte[] {4});
        assertArrayEquals(new byte[] {4}, Files.readAllBytes(file));
        assertFalse(Files.exists(dir.resolve("state.new")));
    }

    /** A draft that others could read would keep its mode. */
    @Test
    void aDraftThatAPowerCutLeftLendsNothing() throws IOException {
        Path draft = Files.write(dir.resolve("key.new"), new byte[100]);
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-rw-rw-"));
        Path file = dir.resolve("key");
        Durable.writeOwned(file, new byte[] {7});
        assertArrayEquals(new byte[] {7}, Files.readAllBytes(file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    /** A worn card becomes read-only by itself: whoever reads the journal must not think that it is full. */
    @Test
    void aFileSystemThatMayOnlyBeReadIsToldAsOne() {
        Path file = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/state");
        IOException told = assertThrows(IOException.class, () -> Durable.write(file, new byte[] {2}));
        assertEquals(
                "/modules/state cannot be written: its file system is read-only; look for errors of the disk"
                        + " in the kernel's log, then mount it for writing",
                told.getMessage());
    }

    @Test
    void anotherErrorStaysWhatItIs() {
        Path file = dir.resolve("nowhere").resolve("state");
        assertThrows(NoSuchFileException.class, () -> Durable.write(file, new byte[] {1}));
    }
}
