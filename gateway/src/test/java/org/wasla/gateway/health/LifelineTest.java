package org.wasla.gateway.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.outbox.OutboxStatus;
import org.wasla.gateway.uplink.UplinkStatus;

/** The board starts anew for what stands still in the box, and only after systemd had its turn. */
class LifelineTest {
    private final AtomicInteger queued = new AtomicInteger();
    private long beginNs;

    @TempDir
    Path folder;

    @BeforeEach
    void begin() {
        beginNs = System.nanoTime();
    }

    private Lifeline lifeline(Path watchdog) {
        return new Lifeline(this::buffer, LifelineTest::uplink, List::of, watchdog);
    }

    private OutboxStatus buffer() {
        return new OutboxStatus(
                Map.of(), 0, 0, 1, queued.get(), 0, 10, 0, 0, 0, 0, 0.0, 0.0, 0.0, 0, false, -1.0, -1.0, null);
    }

    private static UplinkStatus uplink() {
        return new UplinkStatus(
                false,
                null,
                0,
                0,
                0,
                0,
                0,
                false,
                null,
                0.0,
                0.0,
                0,
                0,
                0,
                "idle",
                UplinkStatus.State.AWAY,
                List.of(),
                true,
                0,
                0);
    }

    private long at(long s) {
        return beginNs + TimeUnit.SECONDS.toNanos(s);
    }

    @Test
    void theBoardIsFedWhileDataCanFlowAndForAsLongAsSystemdTakes() {
        Lifeline lifeline = lifeline(folder.resolve("none"));
        for (int s = 0; s <= 3_600; s++) {
            lifeline.tick(at(s));
            assertTrue(lifeline.isSound(at(s)));
        }
        queued.set(7);
        for (int s = 3_601; s <= 3_661; s++) {
            lifeline.tick(at(s));
        }
        lifeline.tick(at(3_662));
        assertTrue(lifeline.isSound(at(3_661 + 149)));
        assertFalse(
                lifeline.isSound(at(3_661 + 150)), "the disk has taken nothing for a minute, and systemd had its turn");
        queued.set(0);
        lifeline.tick(at(3_900));
        assertTrue(lifeline.isSound(at(3_900)), "it flows again");
    }

    // A keeper that hangs judges no more.
    @Test
    void whoIsNotLookedAfterIsNotSound() {
        Lifeline lifeline = lifeline(folder.resolve("none"));
        lifeline.tick(at(1));
        assertTrue(lifeline.isSound(at(150)));
        assertFalse(lifeline.isSound(at(151)));
    }

    @Test
    void anAbsentWatchdogEndsNothing() {
        Path none = folder.resolve("none");
        Lifeline lifeline = lifeline(none);
        lifeline.ready();
        lifeline.tick(System.nanoTime());
        lifeline.close();
        assertFalse(Files.exists(none));
        assertEquals(0, queued.get());
    }
}
