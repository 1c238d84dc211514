package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The short form of {@code ops/prove/scans}: a scanner may delete what the box has acknowledged, so it has to be there after the
 * plug was pulled, and after the disk was full.
 */
class ScanIT {
    private static final int IMAGES = Boolean.getBoolean("wasla.long") ? 100 : 3;
    private static final long LIFE_MS = 300;

    @Test
    void whatWasAcknowledgedSurvivesAPowerCut() throws Exception {
        String missing = Workbench.missing("mkfs.ext4", "losetup", "nbdkit", "nbdfuse", "fusermount3", "e2fsck");
        Assumptions.assumeTrue(missing.isEmpty(), missing);
        Report report = new Report("scans-it", false);
        try (Workbench bench = new Workbench("scans-it")) {
            new ScanProof(bench, report, 7, Map.of()).cuts(IMAGES, LIFE_MS);
            assertFalse(report.hasFailed(), report::page);
        }
    }

    /** The kernel's own refusal is rarer than ours, and comes at other places. */
    @Test
    void aFileSystemWithoutNamesRefusesAndGoesOnWhenThereAreSome() throws Exception {
        String missing = Workbench.missing("mkfs.ext4", "losetup");
        Assumptions.assumeTrue(missing.isEmpty(), missing);
        Report report = new Report("scans-names-it", false);
        try (Workbench bench = new Workbench("scans-names-it")) {
            new ScanProof(bench, report, 7, Map.of()).nameless();
            assertFalse(report.hasFailed(), report::page);
        }
    }
}
