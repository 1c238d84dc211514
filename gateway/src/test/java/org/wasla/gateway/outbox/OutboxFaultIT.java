package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk fails under the store: records are refused with the reason, nothing accepted goes, and it heals by itself.
 */
class OutboxFaultIT {

    private static final long WAIT_MS = 30_000;

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

    private Outbox open(Path where) throws IOException {
        return Outbox.open(new OutboxSettings(where, 64L << 20, 0), Gaps::event, System::nanoTime, FaultyFiles.SCHEME);
    }

    private static boolean appends(Outbox outbox, Draft draft) {
        try {
            outbox.append(List.of(draft));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** What was accepted is there, in order, and the stream has no hole and nothing twice. */
    private static void assertWhole(Outbox outbox, long accepted, String what) throws Exception {
        List<Long> numbers = Drafts.numbers(Drafts.all(outbox, Urgency.OBSERVATION), "a");
        List<Long> expected = new ArrayList<>();
        for (long seq = 1; seq <= numbers.size(); seq++) {
            expected.add(seq);
        }
        assertEquals(expected, numbers, what);
        assertTrue(numbers.size() >= accepted, what + ": " + numbers.size() + " of " + accepted + " accepted");
    }

    /** For n = 1 until none fails: the n-th write or sync fails, once. */
    @Test
    void everySingleFaultOfTheDiskIsSurvived() throws Exception {
        boolean failed = true;
        for (int n = 1; failed; n++) {
            FaultyFiles.heal();
            Path where = dir.resolve("n" + n);
            long accepted = 0;
            try (Outbox outbox = open(where)) {
                FaultyFiles.failAt(n, 1, "Input/output error");
                for (int i = 0; i < 5; i++) {
                    accepted += appends(outbox, Drafts.obs("a")) ? 1 : 0;
                }
                failed = FaultyFiles.hasFailed();
                Await.until("writes again after fault " + n, WAIT_MS, () -> appends(outbox, Drafts.obs("a")));
                accepted++;
                assertWhole(outbox, accepted, "fault " + n);
            }
            FaultyFiles.heal();
            try (Outbox outbox = open(where)) {
                assertEquals(2, outbox.boot(), "fault " + n);
                assertEquals(0, outbox.status().quarantined());
                assertWhole(outbox, accepted, "fault " + n + ", opened again");
            }
        }
    }

    @Test
    void fullDiskRefusesWithTheReasonAndRecoversByItself() throws Exception {
        try (Outbox outbox = open(dir)) {
            outbox.append(List.of(Drafts.obs("a")));
            FaultyFiles.failAt(1, Integer.MAX_VALUE, "No space left on device");
            IOException refused = assertThrows(IOException.class, () -> outbox.append(List.of(Drafts.obs("a"))));
            assertTrue(
                    String.valueOf(refused.getMessage()).contains("cannot write: no space left; free space"),
                    refused.getMessage());
            for (int i = 0; i < 100; i++) {
                assertThrows(IOException.class, () -> outbox.append(List.of(Drafts.obs("a"))));
            }
            assertEquals(refused.getMessage(), outbox.status().lastError());
            FaultyFiles.heal();
            Await.until("writes again", WAIT_MS, () -> appends(outbox, Drafts.obs("a")));
            assertWhole(outbox, 2, "after the disk had room again");
            assertEquals(0, outbox.status().quarantined(), "a full disk is not a damaged store");
        }
    }
}
