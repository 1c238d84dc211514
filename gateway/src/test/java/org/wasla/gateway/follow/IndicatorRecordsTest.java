package org.wasla.gateway.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counted once, whenever the box goes down; and a period has one document. */
class IndicatorRecordsTest {
    private static final long MINUTE_MS = 60_000;
    private static final long HOUR_MS = 60 * MINUTE_MS;

    @TempDir
    Path folder;

    private FiguresBox box;
    private long nowMs = FiguresBox.T_MS / HOUR_MS * HOUR_MS;

    @BeforeEach
    void open() throws IOException {
        box = new FiguresBox(folder);
    }

    @AfterEach
    void close() {
        box.close();
    }

    private IndicatorRecords records() {
        return new IndicatorRecords(box.config, box.config.indicators(), box.outbox, () -> nowMs);
    }

    /** Monotonic time must pass, or nothing was looked at. */
    private void tick(IndicatorRecords records) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3));
        records.tick(List.of(), "sync", false);
    }

    private List<String> hours() throws IOException {
        return box.published("agg-hour");
    }

    private static void assertHas(String part, String document) {
        assertTrue(document.contains(part), part + " is not in " + document);
    }

    @Test
    void recordsThatCameAfterTheLastNoteCountFromTheBuffer() throws IOException {
        box.result("before", "11", "F");
        IndicatorRecords records = records();
        box.result("s1", "11", "F");
        tick(records);
        // No farewell: the note is of the first look.
        box.result("s2", "11", "F");
        box.result("s3", "11", "F");
        tick(records);
        box.reopen();
        IndicatorRecords next = records();
        tick(next);
        nowMs += HOUR_MS;
        tick(next);
        assertEquals(1, hours().size());
        assertHas("\"n\":3,", hours().get(0));
        assertHas("\"analyses\":3,\"specimens\":3", hours().get(0));
        assertHas("{\"unit\":\"lab\",\"class\":\"laboratory analyser\",\"devices\":1,\"connected\":1", hours().get(0));
        assertHas("{\"unit\":\"rea\",\"class\":\"laboratory analyser\",\"devices\":1,\"connected\":0", hours().get(0));
    }

    @Test
    void aCrashBetweenDocumentAndNoteTellsNothingTwice() throws IOException {
        Path note = box.outbox.directory().resolve(IndicatorRecords.FILE);
        IndicatorRecords records = records();
        tick(records);
        byte[] before = Files.readAllBytes(note);
        nowMs += HOUR_MS;
        tick(records);
        assertEquals(1, hours().size());
        Files.write(note, before);
        box.reopen();
        tick(records());
        assertEquals(1, hours().size(), hours().toString());
        nowMs += HOUR_MS;
        IndicatorRecords next = records();
        tick(next);
        assertHas("\"seq\":1,", hours().get(0));
    }

    @Test
    void aPeriodThatEndedWhileTheBoxWasOffIsToldAtTheStart() throws IOException {
        IndicatorRecords records = records();
        box.result("s1", "11", "F");
        tick(records);
        records.close();
        box.reopen();
        nowMs += 5 * HOUR_MS;
        tick(records());
        assertEquals(1, hours().size());
        assertHas("\"n\":1,", hours().get(0));
        assertHas("\"covered\":0,", hours().get(0));
    }

    @Test
    void aDamagedNoteBeginsAnew() throws IOException {
        IndicatorRecords records = records();
        tick(records);
        Path note = box.outbox.directory().resolve(IndicatorRecords.FILE);
        byte[] bytes = Files.readAllBytes(note);
        bytes[bytes.length / 2] ^= 1;
        Files.write(note, bytes);
        box.reopen();
        IndicatorRecords next = records();
        box.result("s1", "11", "F");
        tick(next);
        nowMs += HOUR_MS;
        tick(next);
        assertHas("\"analyses\":1,", hours().get(0));
    }
}
