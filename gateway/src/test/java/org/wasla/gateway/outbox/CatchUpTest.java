package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CatchUpTest {

    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private final CatchUp catchUp = new CatchUp(0, 0);
    private long nowNs;
    private long published;

    /** One tenth of a second in which so many were published. */
    private boolean behind(long waiting, long more) {
        nowNs += STEP_NS;
        published += more;
        return catchUp.isBehind(waiting, published, nowNs);
    }

    private void runs(int steps, long perStep) {
        for (int i = 0; i < steps; i++) {
            behind(0, perStep);
        }
    }

    @Test
    void whatCanBeUnderWayIsNotBehind() {
        runs(50, 3_000);
        assertFalse(behind(1_000, 3_000));
    }

    @Test
    void whatWouldStillLeaveLiveIsWaitedFor() {
        runs(50, 3_000);
        assertTrue(behind(100_000, 3_000));
    }

    @Test
    void aBacklogIsNotWaitedFor() {
        runs(50, 3_000);
        assertFalse(behind(400_000, 3_000));
    }

    @Test
    void nobodyIsHeldUpByAnUplinkThatDoesNotMove() {
        runs(50, 3_000);
        assertTrue(behind(100_000, 0));
        runs(30, 0);
        assertFalse(behind(100_000, 0));
    }
}
