package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries that can never be sent: passed over only once that has been told. */
class OutboxGiveUpIT {

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

    private Outbox open() throws IOException {
        return Outbox.open(new OutboxSettings(dir, 64L << 20, 0), Gaps::event, System::nanoTime, FaultyFiles.SCHEME);
    }

    private static List<Long> waiting(Outbox outbox) throws Exception {
        return Drafts.numbers(Drafts.all(outbox, Urgency.OBSERVATION), "a");
    }

    private static void assertToldOnce(Outbox outbox) throws Exception {
        assertEquals(List.of(1L, 3L), waiting(outbox));
        assertEquals(2, outbox.status().waiting().get(Urgency.OBSERVATION));
        assertEquals(List.of(new Gaps.Gap("a.obs", 2, 2, "refused")), Gaps.of(Drafts.all(outbox, Urgency.RESULT)));
    }

    @Test
    void whatIsGivenUpIsToldWithItsNumberAndStaysForReplay() throws Exception {
        try (Outbox outbox = open()) {
            outbox.append(List.of(Drafts.obs("a"), Drafts.obs("a"), Drafts.obs("a")));
            Entry second = Drafts.all(outbox, Urgency.OBSERVATION).get(1);
            outbox.giveUp(second, GapEvents.REFUSED);
            outbox.giveUp(second, GapEvents.REFUSED);
            assertToldOnce(outbox);
            assertEquals(3, outbox.stream("a", "obs", 1, 3, 10).size());
        }
        try (Outbox outbox = open()) {
            assertToldOnce(outbox);
        }
    }

    /** The marks and the record that tells go together, or neither: a loss that nobody is told of is a silent one. */
    @Test
    void whatCannotBeToldIsNotGivenUp() throws Exception {
        try (Outbox outbox = open()) {
            outbox.append(List.of(Drafts.obs("a"), Drafts.obs("a"), Drafts.obs("a")));
            Entry second = Drafts.all(outbox, Urgency.OBSERVATION).get(1);
            FaultyFiles.failAt(1, Integer.MAX_VALUE, "Input/output error");
            assertThrows(IOException.class, () -> outbox.giveUp(second, GapEvents.REFUSED));
            assertEquals(List.of(1L, 2L, 3L), waiting(outbox));
            FaultyFiles.heal();
            Await.until("it is told", WAIT_MS, () -> givesUp(outbox, second));
            assertToldOnce(outbox);
        }
    }

    private static boolean givesUp(Outbox outbox, Entry entry) {
        try {
            outbox.giveUp(entry, GapEvents.REFUSED);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
