package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {

    @TempDir
    Path dir;

    private Outbox open() throws IOException {
        return Outbox.open(new OutboxSettings(dir.resolve("buffer"), 64L << 20, 0), Gaps::event);
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    /** Design 3: seq is per stream, from 1, without holes, persistent over restarts. */
    @Test
    void numbersHaveNoHolesOverRestarts() throws Exception {
        String epoch = "";
        for (int run = 1; run <= 3; run++) {
            try (Outbox outbox = open()) {
                assertEquals(run, outbox.boot());
                assertTrue(outbox.epoch().matches("[0-9a-f]{8}"));
                assertTrue(run == 1 || outbox.epoch().equals(epoch));
                epoch = outbox.epoch();
                outbox.append(List.of(Drafts.obs("a"), Drafts.alarm("a"), Drafts.obs("b"), Drafts.obs("a")));
            }
        }
        try (Outbox outbox = open()) {
            List<Entry> entries = Drafts.all(outbox, Urgency.OBSERVATION);
            assertEquals(upTo(6), Drafts.numbers(entries, "a"));
            assertEquals(upTo(3), Drafts.numbers(entries, "b"));
            assertEquals(upTo(3), Drafts.numbers(Drafts.all(outbox, Urgency.ALARM), "a"));
            assertEquals(epoch + "/a.obs.1", Drafts.text(entries.get(0)));
            assertEquals(1_781_596_804_105L, entries.get(0).timeMs());
        }
    }

    /** Numbers and positions go on even when every entry has been published and forgotten. */
    @Test
    void numbersGoOnWhenAllHasBeenPublished() throws Exception {
        long position;
        try (Outbox outbox = open()) {
            outbox.append(List.of(Drafts.obs("a"), Drafts.obs("a")));
            outbox.published(Drafts.all(outbox, Urgency.OBSERVATION));
            position = outbox.position();
        }
        try (Outbox outbox = open()) {
            assertEquals(List.of(), Drafts.all(outbox, Urgency.OBSERVATION));
            assertEquals(0, outbox.status().waiting().get(Urgency.OBSERVATION));
            assertEquals(2, outbox.status().keptEntries());
            outbox.append(List.of(Drafts.obs("a")));
            Entry entry = Drafts.all(outbox, Urgency.OBSERVATION).get(0);
            assertEquals(3, entry.seq());
            assertTrue(entry.position() > position);
        }
    }

    @Test
    void urgenciesAreReadApartAndInOrder() throws Exception {
        try (Outbox outbox = open()) {
            for (int i = 0; i < 20; i++) {
                outbox.append(List.of(Drafts.obs("a"), Drafts.alarm("a"), Drafts.of("a", "wav", Urgency.WAVE)));
            }
            for (Urgency urgency : List.of(Urgency.ALARM, Urgency.OBSERVATION, Urgency.WAVE)) {
                List<Entry> entries = Drafts.all(outbox, urgency);
                assertEquals(upTo(20), Drafts.numbers(entries, "a"));
                assertTrue(entries.stream().allMatch(entry -> entry.urgency() == urgency));
            }
            assertEquals(List.of(), Drafts.all(outbox, Urgency.RESULT));
            assertEquals(7, outbox.next(Urgency.ALARM, 0, 7).size());
        }
    }

    @Test
    void whatWasPublishedOutOfOrderIsSkippedAlsoAfterARestart() throws Exception {
        try (Outbox outbox = open()) {
            for (int i = 0; i < 10; i++) {
                outbox.append(List.of(Drafts.obs("a"), Drafts.alarm("a")));
            }
            List<Entry> entries = Drafts.all(outbox, Urgency.OBSERVATION);
            List<Entry> some = new ArrayList<>(entries.subList(5, 8));
            some.addAll(entries.subList(0, 3));
            outbox.published(some);
            outbox.published(some);
            assertEquals(List.of(4L, 5L, 9L, 10L), Drafts.numbers(Drafts.all(outbox, Urgency.OBSERVATION), "a"));
            assertEquals(6, outbox.status().published());
        }
        try (Outbox outbox = open()) {
            assertEquals(List.of(4L, 5L, 9L, 10L), Drafts.numbers(Drafts.all(outbox, Urgency.OBSERVATION), "a"));
            assertEquals(4, outbox.status().waiting().get(Urgency.OBSERVATION));
            assertEquals(10, outbox.status().waiting().get(Urgency.ALARM));
        }
    }

    /** Live and late never mix: the uplink asks the outbox which is which. */
    @Test
    void entriesBecomeLateByMonotonicTimeAndByRestart() throws Exception {
        AtomicLong nowNs = new AtomicLong();
        OutboxSettings settings = new OutboxSettings(dir, 64L << 20, 0);
        try (Outbox outbox = Outbox.open(settings, Gaps::event, nowNs::get, "file:")) {
            outbox.append(List.of(Drafts.obs("a")));
            Entry first = Drafts.all(outbox, Urgency.OBSERVATION).get(0);
            assertFalse(outbox.late(first));
            nowNs.set(TimeUnit.SECONDS.toNanos(10) + 1);
            outbox.append(List.of(Drafts.obs("a")));
            assertTrue(outbox.late(first));
            assertFalse(outbox.late(Drafts.all(outbox, Urgency.OBSERVATION).get(1)));
        }
        try (Outbox outbox = Outbox.open(settings, Gaps::event, nowNs::get, "file:")) {
            assertTrue(outbox.late(Drafts.all(outbox, Urgency.OBSERVATION).get(1)));
        }
    }

    @Test
    void anEncoderThatThrowsRefusesItsOwnRecordsAndUsesUpNoNumber() throws Exception {
        Draft broken = new Draft("a", "obs", Urgency.OBSERVATION, 0, (epoch, seq) -> {
            throw new IllegalStateException("no");
        });
        try (Outbox outbox = open()) {
            outbox.append(List.of(Drafts.obs("a")));
            assertThrows(IOException.class, () -> outbox.append(List.of(Drafts.obs("a"), broken)));
            assertThrows(
                    IOException.class, () -> outbox.append(List.of(Drafts.sized("a", Draft.PAYLOAD_BYTES_MAX + 1))));
            outbox.append(List.of(Drafts.obs("a"), Drafts.sized("big", Draft.PAYLOAD_BYTES_MAX)));
            assertEquals(upTo(2), Drafts.numbers(Drafts.all(outbox, Urgency.OBSERVATION), "a"));
        }
    }

    @Test
    void secondOwnerOfTheSameDirectoryIsRefused() throws Exception {
        try (Outbox outbox = open()) {
            IOException refused = assertThrows(IOException.class, this::open);
            assertTrue(
                    String.valueOf(refused.getMessage()).contains("is in use by another wasla"), refused.getMessage());
            assertNotEquals("", outbox.epoch());
        }
        open().close();
    }

    @Test
    void closedBufferRefuses() throws Exception {
        Outbox outbox = open();
        outbox.close();
        IOException refused = assertThrows(IOException.class, () -> outbox.append(List.of(Drafts.obs("a"))));
        assertEquals("the buffer is closed", refused.getMessage());
        outbox.close();
    }
}
