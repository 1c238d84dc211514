package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The short form of {@code ops/prove/disk}: the full disk, which every box meets one day. */
class DiskIT {
    @Test
    void aFullDiskRefusesAndGoesOnWhenThereIsRoom() throws Exception {
        String missing = Workbench.missing("mosquitto", "mkfs.ext4", "losetup");
        Assumptions.assumeTrue(missing.isEmpty(), missing);
        Report report = new Report("disk-it", false);
        try (Workbench bench = new Workbench("disk-it")) {
            new DiskProof(bench, report, "honest").full();
            assertFalse(report.hasFailed(), report::page);
        }
    }
}
