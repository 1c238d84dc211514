package org.wasla.gateway.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevisionsTest {
    private static final String HASH = "ab".repeat(32);

    @TempDir
    Path folder;

    private Path one = Path.of("");
    private Path other = Path.of("");

    @BeforeEach
    void folders() throws Exception {
        one = Files.createDirectories(folder.resolve("one"));
        other = Files.createDirectories(folder.resolve("other"));
    }

    private Revisions open() throws Exception {
        return Revisions.open(one, other);
    }

    @Test
    void theHighestIsKeptAndNeverFalls() throws Exception {
        Revisions revisions = open();
        assertEquals(0, revisions.highest().number());
        revisions.raise(new Revisions.Revision(7, HASH));
        assertEquals(new Revisions.Revision(7, HASH), open().highest());
        assertFalse(open().differed());
        assertThrows(IllegalArgumentException.class, () -> open().raise(new Revisions.Revision(7, HASH)));
        assertThrows(IllegalArgumentException.class, () -> open().raise(new Revisions.Revision(6, HASH)));
    }

    /** A power cut between the two, or an old file put back by hand. */
    @Test
    void theLargerOfTwoCountsAndTheOtherIsMendedOnce() throws Exception {
        open().raise(new Revisions.Revision(7, HASH));
        Path file = one.resolve("revision");
        byte[] old = Files.readAllBytes(file);
        open().raise(new Revisions.Revision(8, HASH));
        Files.write(file, old);
        Revisions revisions = open();
        assertEquals(8, revisions.highest().number());
        assertTrue(revisions.differed());
        assertFalse(open().differed());
    }

    @Test
    void whateverHappensToOneFileTheOtherHolds() throws Exception {
        open().raise(new Revisions.Revision(12, HASH));
        Path file = one.resolve("revision");
        byte[] whole = Files.readAllBytes(file);
        for (int cut = 0; cut < whole.length; cut++) {
            Files.write(file, Arrays.copyOf(whole, cut));
            assertEquals(12, open().highest().number(), "cut at " + cut);
            byte[] flipped = whole.clone();
            flipped[cut] ^= 1;
            Files.write(file, flipped);
            assertEquals(12, open().highest().number(), "flipped at " + cut);
        }
        Files.delete(file);
        assertEquals(12, open().highest().number());
    }
}
