package org.wasla.gateway.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a board without a clock knows of the time when it starts. */
class KnownTimeTest {
    @TempDir
    Path dir;

    @Test
    void itIsKeptOverAStart() throws Exception {
        Path file = dir.resolve("time");
        assertEquals(0, KnownTime.open(file).ms());
        KnownTime.open(file).keep(1_781_596_804_105L);
        assertEquals(1_781_596_804_105L, KnownTime.open(file).ms());
    }

    /** A time service that was wrong by a year must not keep the box out once it is right again. */
    @Test
    void aConfirmedTimeMayBeEarlier() throws Exception {
        KnownTime known = KnownTime.open(dir.resolve("time"));
        known.keep(2_000_000_000_000L);
        known.keep(1_781_596_804_105L);
        assertEquals(1_781_596_804_105L, KnownTime.open(dir.resolve("time")).ms());
    }

    /** A flipped digit could be a time in the far future: then every certificate would have run out. */
    @Test
    void aDamagedFileSaysNothing() throws Exception {
        Path file = dir.resolve("time");
        KnownTime.open(file).keep(1_781_596_804_105L);
        byte[] good = Files.readAllBytes(file);
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, bad);
            assertEquals(0, KnownTime.open(file).ms(), "bit " + bit);
        }
        Files.write(file, new byte[1_000]);
        assertEquals(0, KnownTime.open(file).ms());
    }
}
