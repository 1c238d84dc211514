package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A technician asks whether a stopped buffer is whole before he touches it: a look that says yes to a spoiled one, no to
 * a good one, or that changes a byte, is worse than none.
 */
class BufferLookIT {

    @TempDir
    Path dir;

    private Looked looked() {
        return new Looked(dir);
    }

    @Test
    void aWholeBufferIsCleanAndCountedOnce() throws Exception {
        looked().fill();
        Verification found = looked().verify();
        assertEquals(List.of(), found.findings());
        assertEquals(List.of(), found.notes());
        long all = Looked.RECORDS + Looked.RECORDS / 100;
        assertEquals(all, found.entries());
        assertEquals(all, found.unpublished());
        assertEquals(3, found.streams());
        assertTrue(found.storeFiles() > 2 && found.blocks() > 50, found.toString());
    }

    @Test
    void anEmptyAndAnUntouchedBufferAreClean() throws Exception {
        assertEquals(List.of(), looked().verify().findings());
        looked().open().close();
        assertEquals(List.of(), looked().verify().findings());
    }

    @Test
    void whatWasPublishedIsKeptAndNotCountedAsWaiting() throws Exception {
        looked().fill();
        try (Outbox outbox = looked().open()) {
            outbox.published(Drafts.all(outbox, Urgency.ALARM));
            outbox.published(Drafts.all(outbox, Urgency.OBSERVATION).subList(0, 100));
        }
        Verification found = looked().verify();
        assertEquals(List.of(), found.findings());
        assertEquals(Looked.RECORDS - 100, found.unpublished());
        try (BufferLook look = BufferLook.open(looked().settings())) {
            Stopped stopped = look.figures();
            OutboxStatus.LaneStatus alarms =
                    Objects.requireNonNull(stopped.lanes().get(Urgency.ALARM));
            assertEquals(0, alarms.waiting());
            assertEquals(-1, alarms.oldestMs(), "nothing waits, so nothing has an age");
            OutboxStatus.LaneStatus observations =
                    Objects.requireNonNull(stopped.lanes().get(Urgency.OBSERVATION));
            assertEquals(Looked.RECORDS / 2 - 100, observations.waiting());
            assertTrue(observations.oldestMs() >= 0);
            assertEquals(Looked.RECORDS / 100 + 100, stopped.keptEntries());
            assertEquals(2, stopped.boot());
        }
        List<Finding> findings = new ArrayList<>();
        List<Entry> waiting = looked().export(new BufferLook.Wanted("a.obs", true), findings);
        assertEquals(Looked.RECORDS / 2 - 100, waiting.size());
        assertEquals(101, waiting.get(0).seq());
        assertEquals(
                Looked.RECORDS / 100,
                looked().export(new BufferLook.Wanted("b.alarm", false), findings)
                        .size());
        assertEquals(List.of(), findings);
    }

    @Test
    void aBufferInUseSaysSo() throws Exception {
        try (Outbox outbox = looked().open()) {
            assertEquals(1, outbox.boot());
            assertThrows(InUseException.class, () -> BufferLook.open(looked().settings()));
        }
        try (BufferLook look = BufferLook.open(looked().settings())) {
            assertEquals(dir, look.path());
            assertThrows(IOException.class, looked()::open);
        }
    }

    /** One bit in each copy of one block: H2 itself does not see it. */
    @Test
    void aFlippedBitInABlockIsFoundAndCostsOnlyThatBlock() throws Exception {
        looked().fill();
        Path file = looked().files("records-*.mv.db").get(0);
        byte[] bytes = Files.readAllBytes(file);
        Map<Long, Integer> copies = new HashMap<>();
        long[] target = new long[] {-1};
        Salvage.places(file, org.wasla.gateway.vault.Safe.NONE, (at, length, entries) -> {
            long position = entries.get(0).position();
            if (entries.get(0).urgency() == Urgency.OBSERVATION && copies.isEmpty() && at > bytes.length / 4) {
                target[0] = position;
            }
            if (position == target[0]) {
                copies.put(at, length);
            }
        });
        copies.forEach((at, length) -> bytes[at.intValue() + length / 2] ^= 1);
        Files.write(file, bytes);
        Verification found = looked().verify();
        Looked.assertRed(found, file.getFileName().toString(), "a block does not hold its checksum");
        List<Finding> findings = new ArrayList<>();
        List<Entry> held = looked().export(new BufferLook.Wanted(null, false), findings);
        assertEquals(found.entries(), held.size());
        int lost = Looked.RECORDS + Looked.RECORDS / 100 - held.size();
        assertTrue(lost < 20, lost + " lost with one block");
        assertTrue(!findings.isEmpty());
    }

    @Test
    void aCutStoreFileIsFoundAndWholeBlocksAreStillGiven() throws Exception {
        looked().fill();
        Path file = looked().files("records-*.mv.db").get(0);
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(open.length() / 2);
        }
        Looked.assertRed(looked().verify(), file.getFileName().toString(), "");
        int held = looked().export(new BufferLook.Wanted("a.obs", false), new ArrayList<>())
                .size();
        assertTrue(held > Looked.RECORDS / 4 && held <= Looked.RECORDS / 2, held + " held");
    }

    @Test
    void aDeletedStoreFileIsFoundWithTheNumbersThatWereOnlyThere() throws Exception {
        looked().fill();
        Path file = looked().files("records-*.mv.db").get(0);
        Files.delete(file);
        Verification found = looked().verify();
        Looked.assertRed(found, file.getFileName().toString(), "the file is gone with");
        Looked.assertRed(found, "buffer", " of a.obs are in no file, and no gap event tells them");
        Looked.assertRed(found, "buffer", "with urgency OBSERVATION positions ");
        Files.delete(looked().files("records-*.sum").get(0));
        Looked.assertRed(looked().verify(), "buffer", " of a.obs are in no file");
    }

    /** Published records are kept for replay: that one of their files is gone must show too. */
    @Test
    void aDeletedFileOfPublishedRecordsIsFoundToo() throws Exception {
        looked().fill();
        try (Outbox outbox = looked().open()) {
            for (Urgency urgency : Urgency.values()) {
                outbox.published(Drafts.all(outbox, urgency));
            }
        }
        assertEquals(List.of(), looked().verify().findings());
        Files.delete(looked().files("waves-*.mv.db").get(0));
        Files.delete(looked().files("waves-*.sum").get(0));
        Looked.assertRed(looked().verify(), "buffer", " of a.wav are in no file");
    }

    @Test
    void aSpoiledSummaryIsFound() throws Exception {
        looked().fill();
        Path file = looked().files("records-*.sum").get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[3] ^= 1;
        Files.write(file, bytes);
        Looked.assertRed(looked().verify(), file.getFileName().toString(), "the summary is damaged");
    }

    /** The newest segment: nothing behind it tells how long it was, but files of the journal have a length. */
    @Test
    void aCutJournalIsFoundWhereverItIsCut() throws Exception {
        looked().fill();
        List<Path> journal = looked().files("journal-*.log");
        for (int at : new int[] {0, journal.size() / 2, journal.size() - 1}) {
            Path file = journal.get(at);
            byte[] whole = Files.readAllBytes(file);
            ByteBuffer head = ByteBuffer.wrap(whole);
            assertEquals(JournalFormat.SEGMENT_MAGIC, head.getInt());
            for (int length : new int[] {17, 5_000, whole.length / 2 + 7}) {
                Files.write(file, Arrays.copyOf(whole, length));
                Looked.assertRed(looked().verify(), file.getFileName().toString(), "");
            }
            Files.write(file, whole);
        }
        assertEquals(List.of(), looked().verify().findings());
    }

    @Test
    void badBytesInTheJournalAreFound() throws Exception {
        looked().fill();
        Path file = looked().files("journal-*.log").get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 3] ^= 4;
        Files.write(file, bytes);
        Looked.assertRed(looked().verify(), file.getFileName().toString(), "bad bytes before good records");
    }

    @Test
    void aMissingJournalFileIsFound() throws Exception {
        looked().fill();
        List<Path> journal = looked().files("journal-*.log");
        byte[] first = Files.readAllBytes(journal.get(0));
        Files.delete(journal.get(0));
        Looked.assertRed(looked().verify(), "journal-0.log", "the file is missing");
        Files.write(journal.get(0), first);
        for (Path file : journal) {
            Files.delete(file);
        }
        Looked.assertRed(looked().verify(), "journal-0.log", "there is no journal");
    }

    /** After the agent has repaired and told the damage, nothing is wrong any more. */
    @Test
    void whatWasRepairedAndToldIsClean() throws Exception {
        looked().fill();
        Path file = looked().files("records-*.mv.db").get(0);
        byte[] garbage = new byte[200_000];
        new Random(5).nextBytes(garbage);
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(open.length() / 3);
            open.write(garbage);
        }
        Looked.assertRed(looked().verify(), file.getFileName().toString(), "");
        Await.until("repaired and told", 60_000, this::repairs);
        Verification found = looked().verify();
        assertEquals(List.of(), found.findings());
        assertTrue(found.notes().get(0).contains("1 quarantine"), found.notes().toString());
        TreeSet<Long> numbers = new TreeSet<>(
                Drafts.numbers(looked().export(new BufferLook.Wanted("a.obs", false), new ArrayList<>()), "a"));
        assertTrue(numbers.size() < Looked.RECORDS / 2, "nothing was lost: the test shows nothing");
    }

    private boolean repairs() throws Exception {
        try (Outbox outbox = looked().open()) {
            Drafts.all(outbox, Urgency.OBSERVATION);
            return !Gaps.of(Drafts.all(outbox, Urgency.RESULT)).isEmpty();
        } catch (IOException beingRepaired) {
            return false;
        }
    }
}
