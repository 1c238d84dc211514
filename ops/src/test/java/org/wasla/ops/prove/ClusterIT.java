package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The short form of {@code ops/prove/cluster}: what a region rests on when its broker dies. */
class ClusterIT {
    private static ClusterProof.Outcome run(boolean isPair, boolean isControl, int kills) throws Exception {
        try (Workbench bench = new Workbench("cluster-it");
                ClusterProof proof = new ClusterProof(folder(bench), isPair, isControl)) {
            return proof.run(kills);
        }
    }

    private static Path folder(Workbench bench) throws IOException {
        return Files.createDirectories(bench.path("engine"));
    }

    // "Sent" is a PUBACK: the pair must have it even when the node that gave it is gone the next moment.
    @Test
    void thePairKeepsWhatItAcknowledged() throws Exception {
        ClusterProof.Outcome outcome = run(true, false, 1);
        assertEquals(0, outcome.notKept(), "acknowledged, and gone with the node");
        assertTrue(outcome.stays().holds(), outcome.stays().summary());
        assertTrue(outcome.leaves().holds(), outcome.leaves().summary());
        assertTrue(outcome.stays().accepted() > 100, "too little load to prove anything");
    }

    // A mosquitto forgets what came since it last wrote: the subscriber asks again, and is given it.
    @Test
    @EnabledIfSystemProperty(named = "wasla.long", matches = "true")
    void whatAMosquittoForgetsComesWithAReplay() throws Exception {
        assumeTrue(Shell.has("mosquitto"), "mosquitto is not installed");
        ClusterProof.Outcome outcome = run(false, false, 2);
        assertTrue(outcome.holds(), outcome.stays().summary() + outcome.leaves().summary());
    }

    // A proof that cannot fail proves nothing.
    @Test
    @EnabledIfSystemProperty(named = "wasla.long", matches = "true")
    void brokersThatCopyNothingLose() throws Exception {
        assertFalse(run(true, true, 1).leaves().holds());
    }
}
