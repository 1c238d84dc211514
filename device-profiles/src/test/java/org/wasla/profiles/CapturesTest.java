package org.wasla.profiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.wasla.gateway.profile.Golden;
import org.wasla.gateway.profile.Profile;

/** Every profile against its captures: a new device is a YAML file and captures, and this test takes it in by itself. */
class CapturesTest {
    @TestFactory
    List<DynamicTest> everyCaptureGivesItsExpectedRecords() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Profile profile : Shelf.profiles()) {
            tests.add(dynamicTest(profile.id(), () -> {
                String codes = Shelf.store().codes().version();
                for (Golden.Result result : Golden.test(profile, codes, false)) {
                    assertEquals("", result.difference(), profile.id() + "/captures/" + result.capture());
                }
            }));
        }
        assertTrue(tests.size() >= 4, "only " + tests.size() + " profiles");
        return tests;
    }

    @TestFactory
    List<DynamicTest> everyProfileHasItsPagesInBothLanguages() throws IOException {
        return Shelf.profiles().stream()
                .map(profile -> dynamicTest(profile.id(), () -> {
                    assertTrue(Files.exists(profile.folder().resolve("README.md")), "no README.md");
                    assertTrue(Files.exists(profile.folder().resolve("README.fr.md")), "no README.fr.md");
                    assertFalse(profile.sources().isEmpty(), "no sources");
                }))
                .toList();
    }

    /** The contract's own judge, on the records that we promise. */
    @Test
    void theContractsJudgeFindsNoFaultInTheExpectedRecords() throws IOException, InterruptedException {
        Path judge = Shelf.shared().resolve("check/records");
        Assumptions.assumeTrue(Files.isExecutable(judge), "skipped: no " + judge + " beside this checkout");
        // All at once: a start of the judge for each of them takes a hundred times as long.
        Process process =
                new ProcessBuilder(judge.toString()).redirectErrorStream(true).start();
        try (OutputStream records = process.getOutputStream()) {
            for (Profile profile : Shelf.profiles()) {
                for (Path capture : Shelf.captures(profile)) {
                    Files.copy(Path.of(capture.toString().replace(".cap", ".expected.jsonl")), records);
                }
            }
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertFalse(said.startsWith("0 records"), said);
    }
}
