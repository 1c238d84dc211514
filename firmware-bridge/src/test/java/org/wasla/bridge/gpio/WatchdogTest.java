package org.wasla.bridge.gpio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plain file notes what a watchdog would be told. */
class WatchdogTest {
    @TempDir
    Path folder;

    @Test
    void everyMealIsOneByteAndOnlyCallingItOffIsAV() throws IOException {
        Path file = Files.createFile(folder.resolve("watchdog"));
        try (Watchdog watchdog = Watchdog.open(file)) {
            watchdog.feed();
            watchdog.feed();
            assertEquals("\0\0", Files.readString(file));
        }
        assertEquals("\0\0", Files.readString(file), "closed, it goes on: the board is to start anew");
        Watchdog again = Watchdog.open(file);
        again.feed();
        again.callOff();
        assertEquals("\0V", Files.readString(file));
    }

    @Test
    void oneThatIsAbsentIsNotMade() {
        Path none = folder.resolve("watchdog0");
        IOException told = assertThrows(IOException.class, () -> Watchdog.open(none));
        assertTrue(String.valueOf(told.getMessage()).contains("there is no " + none), told.getMessage());
        assertFalse(Files.exists(none));
    }

    @Test
    void oneThatCannotBeOpenedSaysWhatToDo() throws IOException {
        Path busy = Files.createDirectory(folder.resolve("busy"));
        IOException told = assertThrows(IOException.class, () -> Watchdog.open(busy));
        assertTrue(String.valueOf(told.getMessage()).contains("RuntimeWatchdogSec"), told.getMessage());
    }
}
