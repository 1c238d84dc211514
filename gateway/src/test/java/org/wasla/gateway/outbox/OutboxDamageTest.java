package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.vault.DataKey;

/**
 * Files that were damaged from outside: set aside whole, never deleted, never refused; what can be saved is there, and
 * the rest is told with its exact numbers.
 */
class OutboxDamageTest {

    private static final int RECORDS = 6_000;
    /** So many that files set aside still fit into the budget beside them. */
    private static final int SOME_MORE = 9_000;

    @TempDir
    Path dir;

    private @Nullable DataKey key;

    private Outbox open() throws IOException {
        return Outbox.open(new OutboxSettings(dir, 32L << 20, 0, key), Gaps::event);
    }

    private void fill(int records) throws Exception {
        try (Outbox outbox = open()) {
            Damage.fill(outbox, records);
        }
    }

    private List<Path> files(String glob) throws IOException {
        return Damage.files(dir, glob);
    }

    /** Opens, reads all, and gives the gaps: together they are every number from 1. */
    private List<Gaps.Gap> openAndAccount(long last) throws Exception {
        try (Outbox outbox = open()) {
            List<Gaps.Gap> gaps = Damage.account(outbox, last);
            outbox.append(List.of(Drafts.obs("b")));
            return gaps;
        }
    }

    @Test
    void anUndamagedBufferTellsNothing() throws Exception {
        fill(RECORDS);
        assertTrue(files("records-*.mv.db").size() > 3, "too few files to damage any");
        assertEquals(List.of(), openAndAccount(RECORDS));
    }

    /**
     * The newest file is rebuilt from the journal. How far back that reaches depends on how far the mover was behind at the
     * end: what it no longer holds was only in this file, and is told.
     */
    @Test
    void aNewestFileFullOfGarbageCostsAtMostItself() throws Exception {
        fill(RECORDS);
        List<Path> stores = files("records-*.mv.db");
        Path newest = stores.get(stores.size() - 1);
        byte[] garbage = new byte[30_000];
        new Random(1).nextBytes(garbage);
        Files.write(newest, garbage);
        List<Gaps.Gap> gaps = openAndAccount(RECORDS);
        assertTrue(gaps.size() <= 1, gaps.toString());
        assertTrue(Damage.numbersIn(gaps) <= RECORDS / 3, gaps.toString());
        Path aside = files("quarantine-*").get(0);
        assertTrue(aside.getFileName().toString().matches("quarantine-\\d{8}T\\d{6}Z-1"), aside.toString());
        assertArrayEquals(garbage, Files.readAllBytes(aside.resolve(newest.getFileName())));
    }

    @Test
    void emptyFilesAndThoseOfAnotherProgramAreNoObstacle() throws Exception {
        Files.write(dir.resolve("records-000001.mv.db"), new byte[0]);
        Files.writeString(dir.resolve("waves-000001.mv.db"), "something else");
        Files.writeString(dir.resolve("journal-0.log"), "something else");
        try (Outbox outbox = open()) {
            outbox.append(List.of(Drafts.obs("a")));
        }
        assertEquals(List.of(1L), numbersNow());
    }

    private List<Long> numbersNow() throws Exception {
        try (Outbox outbox = open()) {
            return Drafts.numbers(Drafts.all(outbox, Urgency.OBSERVATION), "a");
        }
    }

    /** Blocks carry marks of their own: those around the damage are found again, and only the rest is told. */
    @Test
    void blocksAroundTheDamageAreSavedAndTheRestIsTold() throws Exception {
        fill(2 * RECORDS);
        Path oldest = files("records-*.mv.db").get(0);
        Damage.spoil(oldest, Files.size(oldest) / 3, 300_000);
        List<Gaps.Gap> gaps = openAndAccount(2 * RECORDS);
        long lost = Damage.numbersIn(gaps);
        assertTrue(lost > 0 && lost < 700, lost + " lost of a file that holds about 1,300");
        assertEquals(List.of(), secondOpening(), "told once");
    }

    /** Marks and checksums lie outside of what is encrypted. */
    @Test
    void encryptedBlocksAreSavedLikewise() throws Exception {
        key = DataKey.fresh();
        blocksAroundTheDamageAreSavedAndTheRestIsTold();
    }

    /** The gaps that are told beyond those that wait already. */
    private List<Gaps.Gap> secondOpening() throws Exception {
        long before;
        try (Outbox outbox = open()) {
            before = Gaps.of(Drafts.all(outbox, Urgency.RESULT)).size();
        }
        try (Outbox outbox = open()) {
            List<Gaps.Gap> gaps = Gaps.of(Drafts.all(outbox, Urgency.RESULT));
            return gaps.subList((int) before, gaps.size());
        }
    }

    /** More than the journal holds, or it would make up for the file. */
    @Test
    void aDeletedFileIsToldWithExactNumbers() throws Exception {
        fill(2 * RECORDS);
        Files.delete(files("records-*.mv.db").get(0));
        List<Gaps.Gap> gaps = openAndAccount(2 * RECORDS);
        assertEquals(1, gaps.size());
    }

    @Test
    void aDeletedFileWithItsSummaryIsToldToo() throws Exception {
        fill(2 * RECORDS);
        Files.delete(files("records-*.mv.db").get(0));
        Files.delete(files("records-*.sum").get(0));
        assertEquals(1, openAndAccount(2 * RECORDS).size());
    }

    @Test
    void aSpoiledSummaryIsMadeAnew() throws Exception {
        fill(RECORDS);
        Damage.spoil(files("records-*.sum").get(0), 3, 20);
        assertEquals(List.of(), openAndAccount(RECORDS));
    }

    /** A spoiled stretch of the journal: what the store holds already is not missed. */
    @Test
    void damageInTheJournalIsToldOnlyWhereNothingElseHasIt() throws Exception {
        fill(RECORDS);
        for (Path file : files("journal-*.log")) {
            Damage.spoil(file, 200_000, 10_000);
        }
        openAndAccount(RECORDS);
    }

    /** What the store knows and the journal forgot: no position and no number is given twice. */
    @Test
    void aJournalThatForgotItsNewestPartGivesNoNumberTwice() throws Exception {
        fill(2 * RECORDS);
        for (Path file : files("journal-*.log")) {
            Damage.spoil(file, 100, 2_000_000);
        }
        try (Outbox outbox = open()) {
            long stored = outbox.store().last(Urgency.OBSERVATION);
            assertTrue(stored > RECORDS, stored + " in the store");
            outbox.append(List.of(Damage.noise("a")));
            Await.until("everything can be read", 30_000, () -> Damage.canRead(outbox));
            List<Entry> entries = Drafts.all(outbox, Urgency.OBSERVATION);
            Entry fresh = entries.get(entries.size() - 1);
            assertTrue(fresh.position() > stored, fresh + " lies among what the store has");
            assertEquals(
                    entries.size(), new TreeSet<>(Drafts.numbers(entries, "a")).size(), "a number was given twice");
        }
    }

    /** The others are read all the same: their numbers must not be given again. */
    @Test
    void aDeletedFileOfTheJournalDoesNotHideTheOthers() throws Exception {
        fill(RECORDS);
        String epoch;
        try (Outbox outbox = open()) {
            epoch = outbox.epoch();
        }
        Files.delete(files("journal-*.log").get(0));
        openAndAccount(RECORDS);
        try (Outbox outbox = open()) {
            assertEquals(epoch, outbox.epoch());
        }
    }

    /** Without the journal nobody knows which numbers were given: the buffer gets another identity. */
    @Test
    void withoutAJournalANewEpochBeginsAndTheStoreIsStillSent() throws Exception {
        fill(2 * RECORDS);
        String epoch;
        try (Outbox outbox = open()) {
            epoch = outbox.epoch();
        }
        for (Path file : files("journal-*.log")) {
            Files.delete(file);
        }
        try (Outbox outbox = open()) {
            assertNotEquals(epoch, outbox.epoch());
            assertEquals(1, outbox.boot());
            long held = Drafts.all(outbox, Urgency.OBSERVATION).size();
            assertTrue(held > RECORDS / 2, held + " held");
            outbox.append(List.of(Drafts.obs("a")));
            List<Entry> entries = Drafts.all(outbox, Urgency.OBSERVATION);
            assertEquals(held + 1, entries.size());
            Entry fresh = entries.get(entries.size() - 1);
            assertEquals(1, fresh.seq());
            outbox.published(List.of(fresh));
            assertEquals(
                    held,
                    Drafts.all(outbox, Urgency.OBSERVATION).size(),
                    "that the new one is published says nothing of the old");
        }
    }

    /** Damage while the buffer runs is found by whoever reads, and costs no more than the spoiled blocks. */
    @Test
    void damageThatShowsWhileRunningIsRepairedWhileRunning() throws Exception {
        fill(2 * RECORDS);
        try (Outbox outbox = open()) {
            Path oldest = files("records-*.mv.db").get(0);
            Damage.spoil(oldest, Files.size(oldest) / 3, 300_000);
            Await.until("it can be read again", 30_000, () -> Damage.canRead(outbox));
            assertEquals(1, outbox.status().quarantined());
            Await.until("each number is here or told", 30_000, () -> {
                long told = Damage.numbersIn(Gaps.of(Drafts.all(outbox, Urgency.RESULT)));
                return Drafts.all(outbox, Urgency.OBSERVATION).size() + told == 2 * RECORDS;
            });
            Damage.account(outbox, 2 * RECORDS);
        }
    }

    /**
     * What only the journal has goes into the next file, and that one proves damaged too: the journal has its records
     * as well, and none of them may be told as lost.
     */
    @Test
    void aDamagedFileMetOnTheWayIsMadeUpForFromTheJournalToo() throws Exception {
        fill(RECORDS);
        List<Path> stores = files("records-*.mv.db");
        List<Path> summaries = files("records-*.sum");
        Contents.Range met = numbersIn(summaries.get(summaries.size() - 1));
        Files.delete(stores.get(stores.size() - 3));
        Files.delete(summaries.get(summaries.size() - 2));
        Damage.spoilAll(stores.get(stores.size() - 2));
        List<Gaps.Gap> gaps = openAndAccount(RECORDS);
        assertTrue(gaps.stream().allMatch(gap -> gap.to() < met.from()), gaps + ", " + met + " is in the journal");
    }

    @Test
    void aDamagedFileMetOnTheWayWhileRunningIsMadeUpForToo() throws Exception {
        fill(RECORDS);
        List<Path> stores = files("records-*.mv.db");
        List<Path> summaries = files("records-*.sum");
        Contents.Range met = numbersIn(summaries.get(summaries.size() - 1));
        try (Outbox outbox = open()) {
            Path before = stores.get(stores.size() - 3);
            int half = (int) (Files.size(before) / 2);
            Damage.spoil(before, half, half);
            Damage.spoilAll(stores.get(stores.size() - 2));
            List<Gaps.Gap> gaps = Damage.account(outbox, RECORDS);
            assertTrue(gaps.stream().allMatch(gap -> gap.to() < met.from()), gaps + ", " + met + " is in the journal");
            assertEquals(2, outbox.status().quarantined());
        }
    }

    private static Contents.Range numbersIn(Path summary) throws IOException {
        Contents contents = Objects.requireNonNull(Contents.of(Files.readAllBytes(summary)));
        return Objects.requireNonNull(contents.range(new Stream("a", "obs")));
    }

    /** Each by its own way, and all at once: nothing is passed over, nothing told twice. */
    @Test
    void severalFilesDamagedAtOnceAreAllAccountedFor() throws Exception {
        fill(SOME_MORE);
        List<Path> stores = files("records-*.mv.db");
        Path newest = stores.get(stores.size() - 1);
        spoilMiddle(stores.get(1));
        spoilMiddle(stores.get(2));
        Damage.spoil(newest, 0, 8_192);
        List<Gaps.Gap> gaps = openAndAccount(SOME_MORE);
        long lost = Damage.numbersIn(gaps);
        assertTrue(lost > 0 && lost < 1_400, lost + " lost of two files that hold about 1,300 each");
        assertEquals(List.of(), secondOpening(), "told once");
    }

    /** Two that follow each other and have nothing left, and a newest one that opens and lacks its middle. */
    @Test
    void filesWithNothingLeftBesideEachOtherAreAccountedFor() throws Exception {
        fill(SOME_MORE);
        List<Path> stores = files("records-*.mv.db");
        Damage.spoilAll(stores.get(1));
        Damage.spoilAll(stores.get(2));
        spoilMiddle(stores.get(stores.size() - 1));
        // How far back the journal reaches depends on how busy the machine is: never to all of both files.
        long lost = Damage.numbersIn(openAndAccount(SOME_MORE));
        assertTrue(lost > 0, "nothing was lost: the test shows nothing");
        assertEquals(List.of(), secondOpening(), "told once");
    }

    private static void spoilMiddle(Path file) throws IOException {
        Damage.spoil(file, Files.size(file) / 3, (int) Math.min(300_000, Files.size(file) / 3));
    }
}
