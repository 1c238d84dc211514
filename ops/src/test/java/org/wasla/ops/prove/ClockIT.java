package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The short form of {@code ops/prove/clock}: boards without a battery-backed clock step like this at every start. */
class ClockIT {
    @Test
    void aDayAheadAndAnHourBackNeitherStallNorReorder() throws Exception {
        Path library = Shell.library(ClockProof.LIBRARY).orElse(null);
        Assumptions.assumeTrue(library != null, "libfaketime is not installed");
        try (Workbench bench = new Workbench("clock-it")) {
            ClockProof.Outcome outcome =
                    new ClockProof(bench, java.util.Objects.requireNonNull(library), false).run(86_400, -3_600);
            assertTrue(outcome.verdict().holds(), outcome.verdict().summary());
            assertFalse(outcome.stalls(5_000), outcome.pausesMs().toString());
            assertEquals(0, outcome.claimsOfSync());
        }
    }
}
