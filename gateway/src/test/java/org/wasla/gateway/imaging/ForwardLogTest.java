package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The memory of what has arrived where: a line too few sends an object twice, a line too many loses it. */
class ForwardLogTest {
    @TempDir
    Path dir;

    private static BitSet upTo(int last) {
        BitSet numbers = new BitSet();
        numbers.set(1, last + 1);
        return numbers;
    }

    private static BitSet waiting(ForwardLog log, String destination, int last) {
        BitSet numbers = upTo(last);
        log.removeSettled(destination, numbers);
        return numbers;
    }

    @Test
    void whatIsSettledStaysSettledAndWhatIsOrderedAgainDoesNot() throws IOException {
        try (ForwardLog log = ForwardLog.open(dir)) {
            log.sent("pacs", 1);
            log.sent("pacs", 2);
            log.unwanted("pacs", 3);
            log.aside("pacs", 4, "status-C000");
            log.sent("other", 5);
            log.again("pacs", 2, 2);
        }
        try (ForwardLog log = ForwardLog.open(dir)) {
            assertEquals("{2, 5}", waiting(log, "pacs", 5).toString());
            assertEquals("{1, 2, 3, 4}", waiting(log, "other", 5).toString());
            assertEquals(Map.of("status-C000", 1), log.reasons("pacs"));
            assertEquals(5, log.last());
            log.again("pacs", 1, 5);
            assertEquals(upTo(5), waiting(log, "pacs", 5));
        }
        assertNull(ForwardLog.read(dir)
                .getOrDefault("pacs", new ForwardLog.State())
                .reason(4));
    }

    /** A power cut leaves half a line: its object is sent again, and the next line is not lost with it. */
    @Test
    void aTornEndCostsOneLineOnly() throws IOException {
        try (ForwardLog log = ForwardLog.open(dir)) {
            log.sent("pacs", 1);
            log.sent("pacs", 2);
        }
        Path file = dir.resolve("forward.log");
        byte[] all = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(all, all.length - 3));
        try (ForwardLog log = ForwardLog.open(dir)) {
            assertEquals("{2, 3}", waiting(log, "pacs", 3).toString());
            log.sent("pacs", 3);
        }
        try (ForwardLog log = ForwardLog.open(dir)) {
            assertEquals("{2}", waiting(log, "pacs", 3).toString());
        }
    }

    @Test
    void yearsOfForwardingFitIntoFewLines() throws IOException {
        try (ForwardLog log = ForwardLog.open(dir)) {
            for (int number = 1; number <= 21_000; number++) {
                log.sent("pacs", number);
            }
        }
        try (ForwardLog log = ForwardLog.open(dir)) {
            assertTrue(waiting(log, "pacs", 21_000).isEmpty());
        }
        assertEquals(
                1,
                Files.readAllLines(dir.resolve("forward.log"), StandardCharsets.ISO_8859_1)
                        .size());
    }
}
