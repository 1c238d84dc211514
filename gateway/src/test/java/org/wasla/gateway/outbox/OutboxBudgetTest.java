package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Design 7: the budget is held within a tenth; what goes is the least urgent, the oldest first, and it is told. */
class OutboxBudgetTest {

    private static final int RECORD_BYTES = 2_000;

    @TempDir
    Path dir;

    private OutboxSettings settings = new OutboxSettings(Path.of("unset"), OutboxSettings.BYTES_MIN, 0);

    private Outbox open() throws IOException {
        return Outbox.open(new OutboxSettings(dir, settings.maxBytes(), 0), Gaps::event);
    }

    /** A record that does not get smaller by packing. */
    private static Draft noise(String device, String kind, Urgency urgency) {
        byte[] bytes = new byte[RECORD_BYTES];
        return new Draft(device, kind, urgency, System.currentTimeMillis(), (epoch, seq) -> {
            new Random(seq).nextBytes(bytes);
            return bytes.clone();
        });
    }

    private static void fill(Outbox outbox, int records, Draft... kinds) throws IOException {
        for (int i = 0; i < records; i++) {
            outbox.append(List.of(kinds));
        }
    }

    private void assertWithinBudget(Outbox outbox) throws Exception {
        Await.until(
                "within a tenth of the budget",
                20_000,
                () -> outbox.status().bytesOnDisk() <= settings.maxBytes() * 11 / 10);
    }

    /** Each number is here or told, and nothing is both; looked at until the store has come to rest. */
    private static void assertHeldOrTold(Outbox outbox, String stream, Urgency urgency, long last) throws Exception {
        Await.until("every number of " + stream + " is here or told, once", 30_000, () -> {
            String device = stream.substring(0, stream.indexOf('.'));
            List<Long> numbers = new ArrayList<>(Drafts.numbers(Drafts.all(outbox, urgency), device));
            for (Gaps.Gap gap : Gaps.of(Drafts.all(outbox, Urgency.RESULT))) {
                for (long number = gap.from(); gap.of().equals(stream) && number <= gap.to(); number++) {
                    numbers.add(number);
                }
            }
            numbers.sort(null);
            return numbers.equals(LongStream.rangeClosed(1, last).boxed().toList());
        });
    }

    @Test
    void publishedRecordsAreKeptForReplayUntilTheBudgetNeedsTheirRoom() throws Exception {
        try (Outbox outbox = open()) {
            for (int i = 0; i < 6_000; i++) {
                outbox.append(List.of(noise("a", "obs", Urgency.OBSERVATION)));
                outbox.published(outbox.next(Urgency.OBSERVATION, 0, 10));
            }
            assertWithinBudget(outbox);
            assertEquals(6_000, outbox.status().published());
            long kept = outbox.status().keptEntries();
            assertTrue(kept > settings.maxBytes() / RECORD_BYTES / 3, kept + " kept: too few");
            assertEquals(List.of(), Gaps.of(Drafts.all(outbox, Urgency.RESULT)), "published is not lost");
            List<Entry> replay = outbox.stream("a", "obs", 5_900, 6_000, 200);
            assertEquals(101, replay.size());
            assertFalse(outbox.status().full());
        }
    }

    @Test
    void wavesGoFirstAndTheOldestOfThem() throws Exception {
        settings = new OutboxSettings(dir, 16L << 20, 0);
        try (Outbox outbox = open()) {
            Draft obs = noise("a", "obs", Urgency.OBSERVATION);
            Draft wave = noise("a", "wav", Urgency.WAVE);
            fill(outbox, 2_500, obs, wave, wave, wave, wave);
            assertWithinBudget(outbox);
            assertHeldOrTold(outbox, "a.wav", Urgency.WAVE, 10_000);
            List<Gaps.Gap> gaps = Gaps.of(Drafts.all(outbox, Urgency.RESULT));
            assertTrue(gaps.stream().anyMatch(gap -> gap.of().equals("a.wav")), gaps.toString());
            assertTrue(gaps.stream().allMatch(gap -> gap.why().equals("quota")), gaps.toString());
            long told =
                    gaps.stream().mapToLong(gap -> gap.to() - gap.from() + 1).sum();
            assertEquals(told, outbox.status().lost(), "what went for room is counted as lost");
            long oldest = Drafts.all(outbox, Urgency.WAVE).get(0).seq();
            assertTrue(
                    gaps.stream().filter(gap -> gap.of().equals("a.wav")).allMatch(gap -> gap.to() < oldest),
                    "the oldest first");
            assertEquals(
                    2_500, Drafts.all(outbox, Urgency.OBSERVATION).size(), "observations stay as long as waves can go");
        }
    }

    /** Results and alarms are never given up: they outlive the observations around them, in their order. */
    @Test
    void observationsGoBeforeResultsAndAlarms() throws Exception {
        try (Outbox outbox = open()) {
            for (int i = 0; i < 60; i++) {
                fill(outbox, 100, noise("a", "obs", Urgency.OBSERVATION));
                outbox.append(List.of(noise("a", "alarm", Urgency.ALARM), noise("lab", "res", Urgency.RESULT)));
            }
            assertWithinBudget(outbox);
            assertHeldOrTold(outbox, "a.obs", Urgency.OBSERVATION, 6_000);
            List<Long> expected = new ArrayList<>();
            for (long number = 1; number <= 60; number++) {
                expected.add(number);
            }
            assertEquals(expected, Drafts.numbers(Drafts.all(outbox, Urgency.ALARM), "a"));
            assertEquals(expected, Drafts.numbers(Drafts.all(outbox, Urgency.RESULT), "lab"));
        }
        try (Outbox outbox = open()) {
            assertHeldOrTold(outbox, "a.obs", Urgency.OBSERVATION, 6_000);
            assertEquals(60, Drafts.all(outbox, Urgency.ALARM).size());
        }
    }

    /** Full of what may never go: the device is told no, and can go on once there is room. */
    @Test
    void aBufferFullOfAlarmsRefusesUntilSomethingIsPublished() throws Exception {
        try (Outbox outbox = open()) {
            IOException full =
                    assertThrows(IOException.class, () -> fill(outbox, 20_000, noise("a", "alarm", Urgency.ALARM)));
            assertTrue(String.valueOf(full.getMessage()).startsWith("the buffer is full: "), full.getMessage());
            assertWithinBudget(outbox);
            assertTrue(outbox.status().full());
            long kept = outbox.status().accepted();
            assertThrows(IOException.class, () -> outbox.append(List.of(Drafts.obs("b"))));
            outbox.offer(List.of(Drafts.obs("b")));
            List<Entry> alarms = Drafts.all(outbox, Urgency.ALARM);
            assertEquals(kept, alarms.size());
            outbox.published(alarms);
            Await.until("room again", 20_000, () -> !outbox.status().full());
            outbox.append(List.of(Drafts.obs("b")));
            Await.until(
                    "what was offered meanwhile is told",
                    20_000,
                    () -> Gaps.of(Drafts.all(outbox, Urgency.RESULT))
                            .equals(List.of(new Gaps.Gap("b.obs", 1, 1, "refused"))));
            assertEquals(List.of(2L), Drafts.numbers(Drafts.all(outbox, Urgency.OBSERVATION), "b"));
        }
    }

    /** Each run begins a file of the journal: with little in each they were never moved, and filled the budget. */
    @Test
    void manyShortRunsTakeNoMoreRoomThanOneLongOne() throws Exception {
        long most = 0;
        for (int run = 1; run <= 120; run++) {
            try (Outbox outbox = open()) {
                outbox.append(List.of(Drafts.obs("a"), Drafts.alarm("a")));
                outbox.published(Drafts.all(outbox, Urgency.ALARM));
                if (run % 20 == 0) {
                    Await.until("the journal is short again", 20_000, () -> journals() <= 25 * settings.segmentBytes());
                }
                assertFalse(outbox.status().full());
                most = Math.max(most, outbox.status().bytesOnDisk());
            }
        }
        assertTrue(most < settings.maxBytes(), most + " bytes");
        try (Outbox outbox = open()) {
            assertHeldOrTold(outbox, "a.obs", Urgency.OBSERVATION, 120);
        }
    }

    private long journals() throws IOException {
        long bytes = 0;
        for (int index = 0; index < 200; index++) {
            Path file = dir.resolve(BufferDir.journalName(index));
            bytes += Files.exists(file) ? Files.size(file) : 0;
        }
        return bytes;
    }
}
