package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store file that will not open is set aside whole, and a fresh one takes over: never deleted, never refused. */
class OutboxDamageTest {

    @TempDir
    Path dir;

    private Outbox open() throws Exception {
        return Outbox.open(new OutboxSettings(dir, 64L << 20, 0));
    }

    private List<Path> setAside() throws Exception {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, "quarantine-*")) {
            files.forEach(found::add);
        }
        return found;
    }

    @Test
    void damagedFileIsSetAsideAndAFreshOneTakesOverAtOnce() throws Exception {
        String epoch;
        try (Outbox outbox = open()) {
            outbox.append(List.of(Drafts.obs("a"), Drafts.obs("a")));
            epoch = outbox.epoch();
        }
        byte[] garbage = new byte[30_000];
        new Random(1).nextBytes(garbage);
        Files.write(dir.resolve(BufferDir.STORE_FILE), garbage);
        try (Outbox outbox = open()) {
            assertNotEquals(epoch, outbox.epoch());
            assertEquals(1, outbox.boot());
            assertEquals(1, outbox.status().quarantined());
            outbox.append(List.of(Drafts.obs("a")));
            assertEquals(List.of(1L), Drafts.numbers(Drafts.all(outbox, Urgency.OBSERVATION), "a"));
        }
        assertEquals(1, setAside().size());
        Path aside = setAside().get(0);
        assertTrue(aside.getFileName().toString().matches("quarantine-\\d{8}T\\d{6}Z-1"), aside.toString());
        assertArrayEquals(garbage, Files.readAllBytes(aside.resolve(BufferDir.STORE_FILE)));
    }

    @Test
    void anEmptyFileOrOneOfAnotherProgramIsNoObstacle() throws Exception {
        Files.write(dir.resolve(BufferDir.STORE_FILE), new byte[0]);
        open().close();
        Files.writeString(dir.resolve(BufferDir.STORE_FILE), "something else");
        try (Outbox outbox = open()) {
            outbox.append(List.of(Drafts.obs("a")));
        }
    }

    /**
     * Damage in the middle of a file shows only when that part is read. H2 then comes back with an older state of the
     * file, or not at all; either way the buffer lives on, says so, and gives no number twice.
     */
    @Test
    void damageThatShowsWhileRunningIsSaidAndTheBufferLivesOn() throws Exception {
        try (Outbox outbox = open()) {
            for (int i = 0; i < 40; i++) {
                outbox.append(List.of(Drafts.sized("a", 50_000)));
            }
        }
        try (Outbox outbox = open()) {
            String epoch = outbox.epoch();
            long before = outbox.position();
            damageMiddle();
            assertThrows(IOException.class, () -> Drafts.all(outbox, Urgency.OBSERVATION));
            Await.until("the buffer lives on", 30_000, () -> livesOn(outbox));
            List<Entry> entries = Drafts.all(outbox, Urgency.OBSERVATION);
            Entry last = entries.get(entries.size() - 1);
            assertEquals(outbox.epoch().equals(epoch) ? 41 : 1, last.seq());
            assertTrue(last.position() > before, "positions never go back within a run");
            assertEquals(outbox.epoch().equals(epoch) ? 0 : 1, setAside().size());
            assertEquals(entries.size(), outbox.status().waiting().get(Urgency.OBSERVATION));
            assertNotNull(outbox.status().lastError());
        }
    }

    private static boolean livesOn(Outbox outbox) {
        try {
            Drafts.all(outbox, Urgency.OBSERVATION);
            outbox.append(List.of(Drafts.obs("a")));
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    private void damageMiddle() throws Exception {
        try (java.io.RandomAccessFile file =
                new java.io.RandomAccessFile(dir.resolve(BufferDir.STORE_FILE).toFile(), "rw")) {
            long length = file.length();
            byte[] garbage = new byte[(int) (length / 2)];
            new Random(2).nextBytes(garbage);
            file.seek(length / 4);
            file.write(garbage);
        }
    }
}
