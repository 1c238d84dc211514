package org.wasla.gateway.hospital;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far a receiver is, on disk: what is lost at its end means that a message is sent twice, never that one is not. */
class CursorTest {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("hospital/his.cursor");
    }

    private Cursor written() throws IOException {
        Cursor cursor = Cursor.open(file());
        cursor.begin("c81f2b7e", Map.of());
        cursor.settle("oxi", "obs", 7);
        cursor.settle("oxi", "alarm", 2);
        cursor.settle("oxi", "obs", 9);
        return cursor;
    }

    // As after a kill: nobody closes the file.
    @Test
    void whatWasSettledIsReadBackWithoutAClose() throws IOException {
        written();
        Cursor read = Cursor.open(file());
        assertEquals("c81f2b7e", read.epoch());
        assertEquals(9, read.settled("oxi", "obs"));
        assertEquals(2, read.settled("oxi", "alarm"));
        assertEquals(0, read.settled("vent", "obs"));
    }

    @Test
    void cutAnywhereItSaysLessButNothingWrong() throws IOException {
        written().close();
        byte[] whole = Files.readAllBytes(file());
        for (int length = 0; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            Cursor read = Cursor.open(file());
            assertTrue(read.epoch().isEmpty() || read.epoch().equals("c81f2b7e"), "at " + length);
            assertTrue(read.settled("oxi", "obs") <= 9, "at " + length);
            assertTrue(List.of(0L, 7L, 9L).contains(read.settled("oxi", "obs")), "at " + length);
        }
    }

    @Test
    void aFlippedBitIsNotBelieved() throws IOException {
        written().close();
        byte[] whole = Files.readAllBytes(file());
        for (int i = 0; i < whole.length; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= 1;
            Files.write(file(), flipped);
            assertTrue(List.of(0L, 7L, 9L).contains(Cursor.open(file()).settled("oxi", "obs")), "at " + i);
        }
    }

    @Test
    void aLongLogIsWrittenAnewAndSaysTheSame() throws IOException {
        try (Cursor cursor = Cursor.open(file())) {
            cursor.begin("c81f2b7e", Map.of());
            for (long number = 1; number <= 10_000; number++) {
                cursor.settle("oxi", "obs", number);
            }
        }
        assertTrue(Files.size(file()) < 100_000, Files.size(file()) + " bytes");
        assertEquals(10_000, Cursor.open(file()).settled("oxi", "obs"));
    }

    @Test
    void anotherBufferBeginsAnew() throws IOException {
        try (Cursor cursor = written()) {
            cursor.begin("00000001", Map.of("vent.obs", 4L));
            assertEquals(0, cursor.settled("oxi", "obs"));
            assertEquals(4, cursor.settled("vent", "obs"));
        }
        assertEquals(0, Cursor.open(file()).settled("oxi", "obs"));
        assertEquals("00000001", Cursor.open(file()).epoch());
    }
}
