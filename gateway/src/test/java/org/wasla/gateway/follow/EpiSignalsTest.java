package org.wasla.gateway.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.epi.Signals.Whose;

/** Whenever the box goes down, each result makes one signal: what comes twice has one id. */
class EpiSignalsTest {
    private static final long MINUTE_MS = 60_000;
    private static final long DAY_MS = 1_440 * MINUTE_MS;

    @TempDir
    Path folder;

    private FiguresBox box;
    private long nowMs = FiguresBox.T_MS;

    @BeforeEach
    void open() throws IOException {
        box = new FiguresBox(folder);
    }

    @AfterEach
    void close() {
        box.close();
    }

    private EpiSignals signals() throws IOException {
        Config.Epi epi = Objects.requireNonNull(box.config.epi());
        return new EpiSignals(box.config, epi, box.outbox, (sp, ord) -> new Whose("1987-03-09", "F"), () -> nowMs);
    }

    private void passDays(EpiSignals signals, int days) {
        for (long endMs = nowMs + days * DAY_MS; nowMs < endMs; nowMs += 10 * MINUTE_MS) {
            signals.tick();
        }
    }

    private static Set<String> ids(List<String> documents) {
        Set<String> ids = new HashSet<>();
        documents.forEach(
                each -> ids.add(each.substring(each.indexOf("\"id\":\"") + 6).substring(0, 32)));
        return ids;
    }

    private List<String> published() throws IOException {
        return box.published(EpiSignals.KIND);
    }

    @Test
    void resultsAreHeldOverARestartAndGoTheNextDay() throws IOException {
        box.result("before", "11", "F");
        EpiSignals signals = signals();
        box.result("s1", "11", "F");
        box.result("s2", "13", "F");
        box.result("s2", "14", "F");
        box.result("s3", "13", "P");
        signals.tick();
        assertEquals(List.of(), published());
        box.reopen();
        EpiSignals next = signals();
        box.result("s1", "12.5", "C");
        box.result("s4", "17", "C");
        passDays(next, 3);
        List<String> told = published();
        assertEquals(3, told.size(), "s1 corrected, s2 once, s4: " + told);
        assertEquals(
                2,
                told.stream().filter(each -> each.contains("\"cl\":\"normal\"")).count());
        assertEquals(
                1,
                told.stream().filter(each -> each.contains("\"cl\":\"high\"")).count());
        box.result("s1", "17", "C");
        passDays(next, 3);
        assertEquals(3, published().size(), "what has gone cannot be corrected");
    }

    @Test
    void whatCameWhileNobodyAskedIsLeftOut() throws IOException {
        signals().tick();
        box.reopen();
        box.result("s1", "11", "F");
        box.reopen();
        passDays(signals(), 3);
        assertEquals(List.of(), published());
    }

    // Power cut: the file of what is held may end at any byte that was not synced, and the results are read again.
    @Test
    void aFileThatIsCutAnywhereLosesAndDoublesNothing() throws IOException {
        Path file = box.outbox.directory().resolve(EpiSignals.FILE);
        EpiSignals signals = signals();
        int first = (int) Files.size(file);
        for (int i = 0; i < 3; i++) {
            box.result("s" + i, "11", "F");
            signals.tick();
        }
        byte[] whole = Files.readAllBytes(file);
        for (int length = first; length <= whole.length; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            EpiSignals next = signals();
            next.tick();
            String after = Files.readString(file);
            assertEquals(3, after.split("\"put\":", -1).length - 1, "cut at " + length + ": " + after);
        }
    }

    @Test
    void aCrashBetweenDocumentAndNoteTellsTheSameIdAgain() throws IOException {
        Path file = box.outbox.directory().resolve(EpiSignals.FILE);
        EpiSignals signals = signals();
        for (int i = 0; i < 5; i++) {
            box.result("s" + i, "11", "F");
        }
        signals.tick();
        byte[] before = Files.readAllBytes(file);
        passDays(signals, 3);
        assertEquals(5, published().size());
        Files.write(file, before);
        nowMs -= 2 * DAY_MS;
        EpiSignals next = signals();
        passDays(next, 3);
        assertEquals(10, published().size());
        assertEquals(5, ids(published()).size());
    }

    @Test
    void whatIsHeldOnDiskNamesNobody() throws IOException {
        EpiSignals signals = signals();
        box.result("SPECIMEN4711", "11", "F");
        signals.tick();
        Path file = box.outbox.directory().resolve(EpiSignals.FILE);
        String held = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertTrue(held.contains("718-7"), held);
        assertFalse(held.contains("4711") || held.contains("1987"), held);
    }
}
