package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** Spoils files of a buffer, and accounts for every record that was in them. Stateless. */
final class Damage {

    private static final int BYTES = 1_500;
    private static final int BATCH = 100;
    private static final long WAIT_MS = 30_000;

    private Damage() {}

    /** A record whose bytes follow from its number, and do not pack. */
    static Draft noise(String device) {
        return new Draft(device, "obs", Urgency.OBSERVATION, System.currentTimeMillis(), (epoch, seq) -> bytes(seq));
    }

    private static byte[] bytes(long seq) {
        byte[] bytes = new byte[BYTES];
        new Random(seq).nextBytes(bytes);
        return bytes;
    }

    /** Appends so many records of the device {@code a}. */
    static void fill(Outbox outbox, int records) throws IOException {
        for (int i = 0; i < records; i += BATCH) {
            List<Draft> drafts = new ArrayList<>();
            for (int j = 0; j < BATCH; j++) {
                drafts.add(noise("a"));
            }
            outbox.append(drafts);
        }
    }

    static List<Path> files(Path dir, String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, glob)) {
            files.forEach(found::add);
        }
        found.sort(null);
        return found;
    }

    static void spoil(Path file, long from, int length) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] garbage = new byte[length];
            new Random(3).nextBytes(garbage);
            open.seek(from);
            open.write(garbage);
        }
    }

    static void spoilAll(Path file) throws IOException {
        spoil(file, 0, (int) Files.size(file));
    }

    static boolean canRead(Outbox outbox) {
        try {
            Drafts.all(outbox, Urgency.OBSERVATION);
            Drafts.all(outbox, Urgency.RESULT);
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    /** Reads all and gives the gaps: together they are every number of the device {@code a} from 1. */
    static List<Gaps.Gap> account(Outbox outbox, long last) throws Exception {
        // Damage in the middle of a file shows when that part is read.
        Await.until("everything can be read", WAIT_MS, () -> canRead(outbox));
        List<Entry> entries = Drafts.all(outbox, Urgency.OBSERVATION);
        TreeSet<Long> numbers = new TreeSet<>(Drafts.numbers(entries, "a"));
        Await.until("what waits is counted right", WAIT_MS, () -> waiting(outbox) == entries.size());
        for (Entry entry : entries) {
            assertArrayEquals(bytes(entry.seq()), entry.payload());
        }
        List<Gaps.Gap> gaps = Gaps.of(Drafts.all(outbox, Urgency.RESULT));
        for (Gaps.Gap gap : gaps) {
            assertEquals("a.obs", gap.of());
            assertEquals(GapEvents.DAMAGE, gap.why());
            for (long number = gap.from(); number <= gap.to(); number++) {
                assertTrue(numbers.add(number), number + " is told as lost and is here, or told twice");
            }
        }
        assertEquals(last, numbers.size());
        return gaps;
    }

    private static long waiting(Outbox outbox) {
        return outbox.status().waiting().getOrDefault(Urgency.OBSERVATION, -1L);
    }

    static long numbersIn(List<Gaps.Gap> gaps) {
        return gaps.stream().mapToLong(gap -> gap.to() - gap.from() + 1).sum();
    }
}
