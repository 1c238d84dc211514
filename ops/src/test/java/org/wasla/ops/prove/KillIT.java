package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.ops.prove.Platform.await;

import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * The promise of the product under kill -9: what was accepted arrives, no stream has a hole, and a number that comes
 * twice says the same twice.
 */
class KillIT {
    /** With {@code ops/test --long} ten times as many. */
    private static final int KILLS = Boolean.getBoolean("wasla.long") ? 500 : 50;

    @TempDir
    Path folder;

    @Test
    void killsLeaveNoHoleInAnyStream() throws Exception {
        Random random = new Random(42);
        try (Mosquitto broker = Mosquitto.start(folder, "max_queued_messages 0");
                Platform platform = new Platform(broker.port());
                Ward ward = new Ward(folder, broker.port())) {
            ward.add("oxi-1", "masimo-ascii1", 50, Set.of());
            ward.add("oxi-2", "nellcor-printout", 100, Set.of());
            ward.add("oxi-3", "nonin-df2", 10, Set.of());
            ward.add("vent-4", "pb840", 1, Set.of());
            for (int kill = 1; kill <= KILLS; kill++) {
                long before = platform.records();
                ward.startAgent();
                await("records after start " + kill, () -> platform.records() > before + 30);
                LockSupport.parkNanos(random.nextInt(400) * 1_000_000L);
                ward.killAgent();
            }
            long before = platform.records();
            ward.startAgent();
            await("records after the last start", () -> platform.records() > before + 30);
            // What is new goes before what waits: a stop in between leaves a hole until the next start.
            awaitNoHole(platform);
            assertEquals(0, ward.stopAgent());
            awaitNoHole(platform);
            System.out.println("kills=" + KILLS + " records=" + platform.records() + " doubles=" + platform.doubles());
            assertTrue(platform.verdict().holds(), () -> platform.verdict().summary());
            assertTrue(platform.records("oxi-1", "obs") > 500, "too little load to prove anything");
        }
    }

    private static void awaitNoHole(Platform platform) {
        try {
            await("the numbers in between", () -> platform.holes().isEmpty());
        } catch (AssertionError inVain) {
            throw new AssertionError("holes: " + platform.holes(), inVain);
        }
    }
}
