package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A technician asks whether a stopped buffer is whole before he touches it: a look that says yes to a spoiled one, no to
 * a good one, or that changes a byte, is worse than none.
 */
class BufferLookIT {

    private static final int RECORDS = 5_000;

    @TempDir
    Path dir;

    private OutboxSettings settings() {
        return new OutboxSettings(dir, 16L << 20, 0);
    }

    private Outbox open() throws IOException {
        return Outbox.open(settings(), Gaps::event);
    }

    private static Draft noise(String device, String kind, Urgency urgency) {
        return new Draft(device, kind, urgency, System.currentTimeMillis(), (epoch, seq) -> {
            byte[] bytes = new byte[1_500];
            new Random(seq).nextBytes(bytes);
            return bytes;
        });
    }

    private void fill() throws IOException {
        try (Outbox outbox = open()) {
            for (int i = 0; i < RECORDS; i += 100) {
                List<Draft> drafts = new ArrayList<>();
                for (int j = 0; j < 50; j++) {
                    drafts.add(noise("a", "obs", Urgency.OBSERVATION));
                    drafts.add(noise("a", "wav", Urgency.WAVE));
                }
                drafts.add(Drafts.alarm("b"));
                outbox.append(drafts);
            }
        }
    }

    private List<Path> files(String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, glob)) {
            files.forEach(found::add);
        }
        found.sort(null);
        return found;
    }

    /** Looks at everything, and at that the directory is afterwards what it was. */
    private Verification verify() throws IOException {
        Map<String, String> before = Imprint.of(dir);
        try (BufferLook look = BufferLook.open(settings())) {
            Verification found = look.verify(Gaps::told, (file, bytes) -> {});
            look.figures();
            look.export(new BufferLook.Wanted(null, false), Gaps::told, entry -> {}, finding -> {});
            assertEquals(before, Imprint.of(dir), "a look changes nothing");
            return found;
        }
    }

    private List<Entry> export(BufferLook.Wanted wanted, List<Finding> findings) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (BufferLook look = BufferLook.open(settings())) {
            long count = look.export(wanted, Gaps::told, entries::add, findings::add);
            assertEquals(entries.size(), count);
        }
        for (int i = 1; i < entries.size(); i++) {
            assertTrue(entries.get(i - 1).position() < entries.get(i).position(), "in order, and each once");
        }
        return entries;
    }

    private void assertRed(Verification found, String file, String what) {
        assertTrue(
                found.findings().stream()
                        .anyMatch(each ->
                                each.file().contains(file) && each.what().contains(what)),
                found.findings().toString());
        assertTrue(found.findings().stream().noneMatch(each -> each.remedy().isEmpty()));
    }

    @Test
    void aWholeBufferIsCleanAndCountedOnce() throws Exception {
        fill();
        Verification found = verify();
        assertEquals(List.of(), found.findings());
        assertEquals(List.of(), found.notes());
        long all = RECORDS + RECORDS / 100;
        assertEquals(all, found.entries());
        assertEquals(all, found.unpublished());
        assertEquals(3, found.streams());
        assertTrue(found.storeFiles() > 2 && found.blocks() > 50, found.toString());
    }

    @Test
    void anEmptyAndAnUntouchedBufferAreClean() throws Exception {
        assertEquals(List.of(), verify().findings());
        open().close();
        assertEquals(List.of(), verify().findings());
    }

    @Test
    void whatWasPublishedIsKeptAndNotCountedAsWaiting() throws Exception {
        fill();
        try (Outbox outbox = open()) {
            outbox.published(Drafts.all(outbox, Urgency.ALARM));
            outbox.published(Drafts.all(outbox, Urgency.OBSERVATION).subList(0, 100));
        }
        Verification found = verify();
        assertEquals(List.of(), found.findings());
        assertEquals(RECORDS - 100, found.unpublished());
        try (BufferLook look = BufferLook.open(settings())) {
            Stopped stopped = look.figures();
            OutboxStatus.LaneStatus alarms =
                    Objects.requireNonNull(stopped.lanes().get(Urgency.ALARM));
            assertEquals(0, alarms.waiting());
            assertEquals(-1, alarms.oldestMs(), "nothing waits, so nothing has an age");
            OutboxStatus.LaneStatus observations =
                    Objects.requireNonNull(stopped.lanes().get(Urgency.OBSERVATION));
            assertEquals(RECORDS / 2 - 100, observations.waiting());
            assertTrue(observations.oldestMs() >= 0);
            assertEquals(RECORDS / 100 + 100, stopped.keptEntries());
            assertEquals(2, stopped.boot());
        }
        List<Finding> findings = new ArrayList<>();
        List<Entry> waiting = export(new BufferLook.Wanted("a.obs", true), findings);
        assertEquals(RECORDS / 2 - 100, waiting.size());
        assertEquals(101, waiting.get(0).seq());
        assertEquals(
                RECORDS / 100,
                export(new BufferLook.Wanted("b.alarm", false), findings).size());
        assertEquals(List.of(), findings);
    }

    @Test
    void aBufferInUseSaysSo() throws Exception {
        try (Outbox outbox = open()) {
            assertEquals(1, outbox.boot());
            assertThrows(InUseException.class, () -> BufferLook.open(settings()));
        }
        try (BufferLook look = BufferLook.open(settings())) {
            assertEquals(dir, look.path());
            assertThrows(IOException.class, this::open);
        }
    }

    /** One bit in each copy of one block: H2 itself does not see it. */
    @Test
    void aFlippedBitInABlockIsFoundAndCostsOnlyThatBlock() throws Exception {
        fill();
        Path file = files("records-*.mv.db").get(0);
        byte[] bytes = Files.readAllBytes(file);
        Map<Long, Integer> copies = new HashMap<>();
        long[] target = new long[] {-1};
        Salvage.places(file, (at, length, entries) -> {
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
        Verification found = verify();
        assertRed(found, file.getFileName().toString(), "a block does not hold its checksum");
        List<Finding> findings = new ArrayList<>();
        List<Entry> held = export(new BufferLook.Wanted(null, false), findings);
        assertEquals(found.entries(), held.size());
        int lost = RECORDS + RECORDS / 100 - held.size();
        assertTrue(lost < 20, lost + " lost with one block");
        assertTrue(!findings.isEmpty());
    }

    @Test
    void aCutStoreFileIsFoundAndWholeBlocksAreStillGiven() throws Exception {
        fill();
        Path file = files("records-*.mv.db").get(0);
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(open.length() / 2);
        }
        assertRed(verify(), file.getFileName().toString(), "");
        int held =
                export(new BufferLook.Wanted("a.obs", false), new ArrayList<>()).size();
        assertTrue(held > RECORDS / 4 && held <= RECORDS / 2, held + " held");
    }

    @Test
    void aDeletedStoreFileIsFoundWithTheNumbersThatWereOnlyThere() throws Exception {
        fill();
        Path file = files("records-*.mv.db").get(0);
        Files.delete(file);
        Verification found = verify();
        assertRed(found, file.getFileName().toString(), "the file is gone with");
        assertRed(found, "buffer", " of a.obs are in no file, and no gap event tells them");
        assertRed(found, "buffer", "with urgency OBSERVATION positions ");
        Files.delete(files("records-*.sum").get(0));
        assertRed(verify(), "buffer", " of a.obs are in no file");
    }

    /** Published records are kept for replay: that one of their files is gone must show too. */
    @Test
    void aDeletedFileOfPublishedRecordsIsFoundToo() throws Exception {
        fill();
        try (Outbox outbox = open()) {
            for (Urgency urgency : Urgency.values()) {
                outbox.published(Drafts.all(outbox, urgency));
            }
        }
        assertEquals(List.of(), verify().findings());
        Files.delete(files("waves-*.mv.db").get(0));
        Files.delete(files("waves-*.sum").get(0));
        assertRed(verify(), "buffer", " of a.wav are in no file");
    }

    @Test
    void aSpoiledSummaryIsFound() throws Exception {
        fill();
        Path file = files("records-*.sum").get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[3] ^= 1;
        Files.write(file, bytes);
        assertRed(verify(), file.getFileName().toString(), "the summary is damaged");
    }

    /** The newest segment: nothing behind it tells how long it was, but files of the journal have a length. */
    @Test
    void aCutJournalIsFoundWhereverItIsCut() throws Exception {
        fill();
        List<Path> journal = files("journal-*.log");
        for (int at : new int[] {0, journal.size() / 2, journal.size() - 1}) {
            Path file = journal.get(at);
            byte[] whole = Files.readAllBytes(file);
            ByteBuffer head = ByteBuffer.wrap(whole);
            assertEquals(JournalFormat.SEGMENT_MAGIC, head.getInt());
            for (int length : new int[] {17, 5_000, whole.length / 2 + 7}) {
                Files.write(file, Arrays.copyOf(whole, length));
                assertRed(verify(), file.getFileName().toString(), "");
            }
            Files.write(file, whole);
        }
        assertEquals(List.of(), verify().findings());
    }

    @Test
    void badBytesInTheJournalAreFound() throws Exception {
        fill();
        Path file = files("journal-*.log").get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 3] ^= 4;
        Files.write(file, bytes);
        assertRed(verify(), file.getFileName().toString(), "bad bytes before good records");
    }

    @Test
    void aMissingJournalFileIsFound() throws Exception {
        fill();
        List<Path> journal = files("journal-*.log");
        byte[] first = Files.readAllBytes(journal.get(0));
        Files.delete(journal.get(0));
        assertRed(verify(), "journal-0.log", "the file is missing");
        Files.write(journal.get(0), first);
        for (Path file : journal) {
            Files.delete(file);
        }
        assertRed(verify(), "journal-0.log", "there is no journal");
    }

    /** After the agent has repaired and told the damage, nothing is wrong any more. */
    @Test
    void whatWasRepairedAndToldIsClean() throws Exception {
        fill();
        Path file = files("records-*.mv.db").get(0);
        byte[] garbage = new byte[200_000];
        new Random(5).nextBytes(garbage);
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(open.length() / 3);
            open.write(garbage);
        }
        assertRed(verify(), file.getFileName().toString(), "");
        Await.until("repaired and told", 60_000, this::repairs);
        Verification found = verify();
        assertEquals(List.of(), found.findings());
        assertTrue(found.notes().get(0).contains("1 quarantine"), found.notes().toString());
        TreeSet<Long> numbers =
                new TreeSet<>(Drafts.numbers(export(new BufferLook.Wanted("a.obs", false), new ArrayList<>()), "a"));
        assertTrue(numbers.size() < RECORDS / 2, "nothing was lost: the test shows nothing");
    }

    /** What a kill -9 leaves is whole: half-written groups and files that were never closed are no findings. */
    @Test
    void whatAKillLeavesIsCleanAndComplete() throws Exception {
        int open = 0;
        for (int round = 1; round <= 8; round++) {
            long acknowledged = runAndKill(7 + 5 * round);
            open += files("records-*.mv.db").size() - files("records-*.sum").size();
            Verification found = verify();
            assertEquals(List.of(), found.findings(), "round " + round);
            List<Finding> findings = new ArrayList<>();
            List<Entry> held = export(new BufferLook.Wanted("a.obs", false), findings);
            assertEquals(List.of(), findings);
            assertTrue(held.size() >= acknowledged, held.size() + " of " + acknowledged);
            assertEquals(held.size(), held.get(held.size() - 1).seq(), "no hole");
        }
        assertTrue(open > 0, "no file was open at any kill: the test shows nothing");
    }

    /** A kill may come while H2 makes the next file: whatever it has written of it by then is no damage. */
    @Test
    void aFileCutWhileItWasMadeIsNoFinding() throws Exception {
        fill();
        Path made = dir.resolve("records-000099.mv.db");
        Path elsewhere = Files.createDirectory(dir.resolve("elsewhere"));
        String url = "jdbc:h2:file:" + elsewhere.resolve("made") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
        Path written = elsewhere.resolve("made.mv.db");
        List<byte[]> stages = new ArrayList<>(List.of(new byte[0]));
        try (Connection connection = DriverManager.getConnection(url, "sa", "");
                Statement statement = connection.createStatement()) {
            byte[] first = Files.readAllBytes(written);
            stages.addAll(List.of(Arrays.copyOf(first, 4_096), Arrays.copyOf(first, 8_192), first));
            statement.execute(
                    "CREATE TABLE block(place BIGINT PRIMARY KEY, after BIGINT NOT NULL, last BIGINT NOT NULL,"
                            + " entries BIGINT NOT NULL, weight BIGINT NOT NULL, ranges VARBINARY(1048576) NOT NULL)");
            statement.execute("CHECKPOINT SYNC");
            stages.add(Files.readAllBytes(written));
        }
        try (java.util.stream.Stream<Path> files = Files.walk(elsewhere)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        for (byte[] stage : stages) {
            Files.write(made, stage);
            assertEquals(List.of(), verify().findings(), stage.length + " bytes");
            Files.delete(made);
        }
    }

    /** Gives how many records of a.obs the child had acknowledged in all its lives. */
    private long runAndKill(int groups) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        dir.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long last = 0;
        try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < groups; i++) {
                String line = out.readLine();
                if (line == null) {
                    throw new AssertionError("the child ended by itself");
                }
                last = Long.parseLong(line);
            }
            child.toHandle().destroyForcibly();
        }
        assertTrue(child.waitFor(10, TimeUnit.SECONDS));
        return last;
    }

    /** Appends until it is killed; a line a group: how many records of a.obs there are. */
    static final class Child {
        private Child() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] args) throws IOException {
            Outbox outbox = Outbox.open(new OutboxSettings(Path.of(args[0]), 16L << 20, 0), Gaps::event);
            long[] last = new long[1];
            while (true) {
                List<Draft> drafts = new ArrayList<>();
                for (int i = 0; i < 25; i++) {
                    drafts.add(new Draft("a", "obs", Urgency.OBSERVATION, 0, (epoch, seq) -> {
                        last[0] = seq;
                        return new byte[] {(byte) seq, 1, 2};
                    }));
                    drafts.add(noise("b", "obs", Urgency.OBSERVATION));
                }
                outbox.append(drafts);
                System.out.println(last[0]);
            }
        }
    }

    private boolean repairs() throws Exception {
        try (Outbox outbox = open()) {
            Drafts.all(outbox, Urgency.OBSERVATION);
            return !Gaps.of(Drafts.all(outbox, Urgency.RESULT)).isEmpty();
        } catch (IOException beingRepaired) {
            return false;
        }
    }

    /** Numbers that were used up by a loss and told are no hole. */
    @Test
    void whatTheBudgetTookIsNoFinding() throws Exception {
        try (Outbox outbox = Outbox.open(new OutboxSettings(dir, 4L << 20, 0), Gaps::event)) {
            for (int i = 0; i < 100; i++) {
                List<Draft> drafts = new ArrayList<>();
                for (int j = 0; j < 50; j++) {
                    drafts.add(noise("a", "obs", Urgency.OBSERVATION));
                }
                outbox.append(drafts);
            }
            assertTrue(!Gaps.of(Drafts.all(outbox, Urgency.RESULT)).isEmpty(), "nothing was given up");
        }
        Map<String, String> before = Imprint.of(dir);
        try (BufferLook look = BufferLook.open(new OutboxSettings(dir, 4L << 20, 0))) {
            assertEquals(List.of(), look.verify(Gaps::told, (file, bytes) -> {}).findings());
        }
        assertEquals(before, Imprint.of(dir));
    }
}
