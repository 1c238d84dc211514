package org.wasla.gateway.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    @TempDir
    Path folder;

    private final BoxKey key = BoxKey.fresh();

    private AuditLog open() throws IOException {
        return AuditLog.open(folder, "gw-1", key, 1_000);
    }

    private AuditCheck.Finding check() throws IOException {
        return AuditCheck.check(folder, key.open());
    }

    private Path fill(int records) throws IOException {
        try (AuditLog log = open()) {
            for (int i = 0; i < records; i++) {
                log.append("command", Map.of("verb", "restart", "jti", "j-" + i), 2_000 + i);
            }
            log.head(3_000);
        }
        return folder.resolve("audit-1.log");
    }

    @Test
    void aChainGoesOnOverRestartsAndIsSigned() throws Exception {
        fill(3);
        fill(2);
        AuditCheck.Finding finding = check();
        assertEquals(List.of(), finding.problems());
        assertEquals(7, finding.records());
        assertEquals(2, finding.heads());
        assertEquals(6, finding.signedTo());
        try (AuditLog log = open()) {
            assertNull(log.head(4_000), "signed already");
            assertTrue(log.last().contains("\"e\":\"head\""), log.last());
        }
    }

    @Test
    void everyAlteredByteIsFound() throws Exception {
        Path file = fill(1);
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] altered = whole.clone();
            altered[at] ^= 1;
            Files.write(file, altered);
            assertFalse(check().problems().isEmpty(), "byte " + at);
        }
    }

    @Test
    void everyRemovedOrMovedRecordIsFound() throws Exception {
        Path file = fill(4);
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size() - 1; i++) {
            List<String> fewer = new ArrayList<>(lines);
            fewer.remove(i);
            // The first file begins with the first record: that it is gone is seen by who keeps what was published.
            Files.write(file, fewer);
            assertEquals(i == 0, check().problems().isEmpty(), "without record " + (i + 1));
            assertEquals(i == 0 ? 2 : 1, check().first());
            List<String> moved = new ArrayList<>(lines);
            Collections.swap(moved, i, i + 1);
            Files.write(file, moved);
            assertFalse(check().problems().isEmpty(), "moved record " + (i + 1));
        }
    }

    /** Whoever makes a chain anew has good hashes, but no key. */
    @Test
    void aChainThatWasMadeAnewIsNotSigned() throws Exception {
        try (AuditLog log = AuditLog.open(folder, "gw-1", BoxKey.fresh(), 1_000)) {
            log.append("command", Map.of(), 2_000);
            log.head(3_000);
        }
        assertEquals(1, check().problems().size());
        assertEquals(0, check().heads());
    }

    @Test
    void aLineThatAPowerCutLeftIsCutOffAndTold() throws Exception {
        Path file = fill(3);
        byte[] whole = Files.readAllBytes(file);
        int lastLine = new String(whole, 0, whole.length - 1, StandardCharsets.UTF_8).lastIndexOf('\n') + 1;
        for (int cut = lastLine + 1; cut < whole.length; cut += 7) {
            Files.write(file, Arrays.copyOf(whole, cut));
            open().close();
            AuditCheck.Finding finding = check();
            assertEquals(List.of(), finding.problems());
            assertEquals(4, finding.records());
            assertTrue(Files.readString(file).contains("\"e\":\"audit-torn\""));
        }
    }

    @Test
    void theOldestFilesGoAndTheChainSaysSo() throws Exception {
        try (AuditLog log = AuditLog.open(folder, "gw-1", key, 1_000, 600)) {
            for (int i = 0; i < 100; i++) {
                log.append("command", Map.of("verb", "restart"), 2_000 + i);
            }
            log.head(3_000);
        }
        assertEquals(AuditLog.FILES_MAX, AuditLog.files(folder).size());
        AuditCheck.Finding finding = check();
        assertEquals(List.of(), finding.problems());
        assertTrue(finding.first() > 1);
        assertEquals(1, finding.heads());
        try (AuditLog log = AuditLog.open(folder, "gw-1", key, 1_000, 600)) {
            log.append("command", Map.of(), 4_000);
        }
        assertEquals(List.of(), check().problems());
    }

    @Test
    void aFileThatGotNoRecordDoesNotBreakTheChain() throws Exception {
        fill(3);
        Files.createFile(folder.resolve("audit-5.log"));
        fill(1);
        assertEquals(List.of(), check().problems());
        assertEquals(6, check().records());
    }
}
