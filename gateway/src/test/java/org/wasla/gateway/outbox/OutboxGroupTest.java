package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many devices at once: one sync serves them all, and what somebody waits for does not wait for others. */
class OutboxGroupTest {

    private static final int DEVICES = 16;
    private static final int APPENDS = 20;

    @TempDir
    Path dir;

    /** A window that never ends by itself. */
    private Outbox open() throws Exception {
        return Outbox.open(new OutboxSettings(dir, 64L << 20, 3_600_000), Gaps::event);
    }

    /** Puts something in for each device from a thread of its own. */
    @FunctionalInterface
    private interface Put {
        void put(List<Draft> drafts) throws Exception;
    }

    private static void fromAll(Put put) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(DEVICES);
        try {
            List<Callable<Boolean>> devices = new ArrayList<>();
            for (int device = 0; device < DEVICES; device++) {
                String name = "d" + device;
                devices.add(() -> {
                    for (int i = 0; i < APPENDS; i++) {
                        put.put(List.of(Drafts.obs(name), Drafts.obs("shared")));
                    }
                    return true;
                });
            }
            for (Future<Boolean> device : threads.invokeAll(devices)) {
                assertTrue(device.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void assertNoHole(Outbox outbox) throws Exception {
        List<Entry> entries = Drafts.all(outbox, Urgency.OBSERVATION);
        for (int device = 0; device < DEVICES; device++) {
            assertEquals(LongStream.rangeClosed(1, APPENDS).boxed().toList(), Drafts.numbers(entries, "d" + device));
        }
        assertEquals(
                LongStream.rangeClosed(1, (long) DEVICES * APPENDS).boxed().toList(),
                Drafts.numbers(entries, "shared"));
    }

    @Test
    void whatNobodyWaitsForSharesOneSync() throws Exception {
        try (Outbox outbox = open()) {
            long before = outbox.status().commits();
            fromAll(outbox::offer);
            assertEquals(0, outbox.position());
            outbox.append(List.of(Drafts.alarm("a")));
            assertEquals(1, outbox.status().commits() - before);
            assertNoHole(outbox);
        }
    }

    @Test
    void whatIsWaitedForDoesNotWaitForTheWindow() throws Exception {
        try (Outbox outbox = open()) {
            fromAll(outbox::append);
            assertNoHole(outbox);
        }
    }

    @Test
    void alarmCommitsAtOnceAndTakesTheWaitingAlong() throws Exception {
        try (Outbox outbox = open()) {
            outbox.offer(List.of(Drafts.obs("a")));
            assertEquals(0, outbox.position());
            outbox.offer(List.of(Drafts.alarm("a")));
            assertTrue(outbox.awaitWork(1, 20_000));
            assertEquals(1, Drafts.all(outbox, Urgency.OBSERVATION).size());
            assertEquals(1, Drafts.all(outbox, Urgency.ALARM).size());
        }
    }

    @Test
    void closeCommitsWhatWaits() throws Exception {
        try (Outbox outbox = open()) {
            outbox.offer(List.of(Drafts.obs("a")));
        }
        try (Outbox again = open()) {
            assertEquals(1, Drafts.all(again, Urgency.OBSERVATION).size());
        }
    }
}
