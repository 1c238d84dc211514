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
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many devices at once: one sync serves them all, and none waits for the others' turn. */
class OutboxGroupTest {

    private static final int DEVICES = 16;
    private static final int APPENDS = 50;

    @TempDir
    Path dir;

    private static void appendFromAll(Outbox outbox) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(DEVICES);
        try {
            List<Callable<Boolean>> devices = new ArrayList<>();
            for (int device = 0; device < DEVICES; device++) {
                String name = "d" + device;
                devices.add(() -> {
                    for (int i = 0; i < APPENDS; i++) {
                        outbox.append(List.of(Drafts.obs(name), Drafts.obs("shared")));
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

    @Test
    void concurrentAppendersShareSyncsAndLeaveNoHole() throws Exception {
        try (Outbox outbox = Outbox.open(new OutboxSettings(dir, 64L << 20, 20), Gaps::event)) {
            appendFromAll(outbox);
            OutboxStatus status = outbox.status();
            assertEquals(2L * DEVICES * APPENDS, status.accepted());
            // Each thread waits for its own record, so at best one commit serves one record of every device.
            assertTrue(status.commits() <= APPENDS * 3L, status.commits() + " commits for " + APPENDS + " rounds");
            List<Entry> entries = Drafts.all(outbox, Urgency.OBSERVATION);
            for (int device = 0; device < DEVICES; device++) {
                assertEquals(
                        LongStream.rangeClosed(1, APPENDS).boxed().toList(), Drafts.numbers(entries, "d" + device));
            }
            assertEquals(
                    LongStream.rangeClosed(1, (long) DEVICES * APPENDS).boxed().toList(),
                    Drafts.numbers(entries, "shared"));
        }
    }

    /** Alarms and results do not wait for the window, and take with them what waits. */
    @Test
    void alarmCommitsAtOnceAndTakesTheWaitingAlong() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Outbox outbox = Outbox.open(new OutboxSettings(dir, 64L << 20, 60_000), Gaps::event)) {
            Future<Boolean> waiting = thread.submit(() -> {
                outbox.append(List.of(Drafts.obs("a")));
                return true;
            });
            // The alarm may overtake the other thread on its way in, so it is raised until both are through.
            Await.until("the observation goes with an alarm", 20_000, () -> {
                outbox.append(List.of(Drafts.alarm("a")));
                return waiting.isDone();
            });
            assertTrue(waiting.get(1, TimeUnit.SECONDS));
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void closeCommitsWhatWaits() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        OutboxSettings settings = new OutboxSettings(dir, 64L << 20, 60_000);
        try {
            Outbox outbox = Outbox.open(settings, Gaps::event);
            Future<Boolean> waiting = thread.submit(() -> {
                try {
                    outbox.append(List.of(Drafts.obs("a")));
                    return true;
                } catch (java.io.IOException e) {
                    return false;
                }
            });
            outbox.close();
            boolean kept = waiting.get(10, TimeUnit.SECONDS);
            try (Outbox again = Outbox.open(settings, Gaps::event)) {
                assertEquals(
                        kept ? 1 : 0, Drafts.all(again, Urgency.OBSERVATION).size());
            }
        } finally {
            thread.shutdownNow();
        }
    }
}
