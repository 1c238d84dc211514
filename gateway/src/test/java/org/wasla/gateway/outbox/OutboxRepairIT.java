package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.vault.DataKey;

/**
 * The disk fails while a damaged file is being replaced: nothing of it is passed over meanwhile, and in the end every
 * record is there or told.
 */
class OutboxRepairIT {

    private static final int RECORDS = 6_000;
    private static final long WAIT_MS = 60_000;
    private static final int SPOILED_BYTES = 300_000;

    @TempDir
    Path dir;

    @BeforeEach
    void registerFiles() {
        FaultyFiles.register();
    }

    @AfterEach
    void healFiles() {
        FaultyFiles.heal();
    }

    private @Nullable DataKey key;
    private long maxBytes = 32L << 20;

    private Outbox open(Path where) throws IOException {
        OutboxSettings settings = new OutboxSettings(where, maxBytes, 0, key);
        return Outbox.open(settings, Gaps::event, System::nanoTime, FaultyFiles.SCHEME);
    }

    private void fill(Path where, int records) throws IOException {
        try (Outbox outbox = open(where)) {
            Damage.fill(outbox, records);
        }
    }

    private static void spoilMiddle(Path file) throws IOException {
        Damage.spoil(file, Files.size(file) / 3, SPOILED_BYTES);
    }

    /** Today it cannot be replaced: whoever reads must hear that, or the cursor goes past what is in there. Encrypted, too. */
    @Test
    void onAFullDiskADamagedFileWaitsAndIsNotPassedOver() throws Exception {
        key = DataKey.fresh();
        fill(dir, 2 * RECORDS);
        try (Outbox outbox = open(dir)) {
            Path oldest = Damage.files(dir, "records-*.mv.db").get(0);
            spoilMiddle(oldest);
            FaultyFiles.failAt(1, Integer.MAX_VALUE, "No space left on device");
            assertThrows(IOException.class, () -> Drafts.all(outbox, Urgency.OBSERVATION));
            Await.until("the repair has failed", WAIT_MS, () -> {
                assertThrows(IOException.class, () -> Drafts.all(outbox, Urgency.OBSERVATION));
                return String.valueOf(outbox.status().lastError()).contains("store cannot write: no space left");
            });
            for (int i = 0; i < 100; i++) {
                assertThrows(IOException.class, () -> Drafts.all(outbox, Urgency.OBSERVATION));
            }
            assertEquals(0, outbox.status().quarantined(), "it stays in its place until another can take that");
            FaultyFiles.heal();
            Await.until("it is repaired", WAIT_MS, () -> Damage.canRead(outbox));
            long lost = Damage.numbersIn(Damage.account(outbox, 2 * RECORDS));
            assertTrue(lost > 0 && lost < 700, lost + " lost of a file that holds about 1,300");
            assertEquals(1, outbox.status().quarantined());
        }
        try (Outbox outbox = open(dir)) {
            Damage.account(outbox, 2 * RECORDS);
        }
    }

    /** A start that fails on a full disk must leave what the next one needs; the journal has none of it any more. */
    @Test
    void aStartOnAFullDiskLosesNothingOfADamagedFile() throws Exception {
        fill(dir, 2 * RECORDS);
        Path oldest = Damage.files(dir, "records-*.mv.db").get(0);
        Files.delete(Damage.files(dir, "records-*.sum").get(0));
        Damage.spoil(oldest, 0, Generation.HEADS_BYTES);
        FaultyFiles.failAt(1, Integer.MAX_VALUE, "No space left on device");
        assertThrows(IOException.class, () -> open(dir));
        FaultyFiles.heal();
        // The damaged file, its copy and the journal together may be more than the budget: that is not what is tried
        // here.
        maxBytes = 64L << 20;
        try (Outbox outbox = open(dir)) {
            assertEquals(List.of(), Damage.account(outbox, 2 * RECORDS), "each block lies behind the heads");
        }
    }

    /** The power goes after the damaged file has left its place and before the fresh one has got it. */
    @Test
    void aRepairThatWasCutOffIsEndedAtTheNextStart() throws Exception {
        fill(dir, 2 * RECORDS);
        Path oldest = Damage.files(dir, "records-*.mv.db").get(0);
        Files.move(oldest, dir.resolve("records-000001.draft.mv.db"));
        Files.delete(Damage.files(dir, "records-*.sum").get(0));
        Files.write(dir.resolve("records-000002.draft.mv.db"), new byte[5_000]);
        try (Outbox outbox = open(dir)) {
            assertEquals(List.of(), Damage.account(outbox, 2 * RECORDS));
        }
        assertEquals(List.of(), Damage.files(dir, "*.draft.mv.db"));
    }

    /** One write or sync on the way fails, each in turn: the steps between grow, since every run takes seconds. */
    @Test
    void everyFaultDuringARepairIsSurvived() throws Exception {
        Path spoiled = dir.resolve("spoiled");
        fill(spoiled, RECORDS);
        spoilMiddle(Damage.files(spoiled, "records-*.mv.db").get(0));
        boolean failed = true;
        int step = 1;
        for (int n = 1; failed; n += step, step += n > 4 ? 4 : 0) {
            Path where = dir.resolve("n" + n);
            copy(spoiled, where);
            try (Outbox outbox = open(where)) {
                FaultyFiles.failAt(n, 1, n % 2 == 0 ? "Input/output error" : "No space left on device");
                Await.until("it is repaired after fault " + n, WAIT_MS, () -> Damage.canRead(outbox));
                Damage.account(outbox, RECORDS);
                failed = FaultyFiles.hasFailed();
            }
            FaultyFiles.heal();
            try (Outbox outbox = open(where)) {
                Damage.account(outbox, RECORDS);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        for (Path file : Damage.files(from, "*")) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }
}
