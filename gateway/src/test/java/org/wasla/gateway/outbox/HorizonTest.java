package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HorizonTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void whatAnEarlierRunLeftIsLate() {
        Horizon horizon = new Horizon(7);
        horizon.advance(8, 0, Set.of(Urgency.ALARM));
        assertTrue(horizon.isLate(7, 0));
        assertFalse(horizon.isLate(8, 0));
    }

    @Test
    void anEntryIsLateTenSecondsAfterItBecameDurable() {
        Horizon horizon = new Horizon(0);
        horizon.advance(1, 0, Set.of(Urgency.ALARM));
        horizon.advance(2, 5 * SECOND, Set.of(Urgency.ALARM));
        assertFalse(horizon.isLate(1, Horizon.LATE_NS));
        assertTrue(horizon.isLate(1, Horizon.LATE_NS + 1));
        assertFalse(horizon.isLate(2, Horizon.LATE_NS + 1));
        assertTrue(horizon.isLate(2, 15 * SECOND + 1));
    }

    @Test
    void waitingEndsWithTrueWhenSomethingLiesBeyond() throws Exception {
        Horizon horizon = new Horizon(3);
        assertTrue(horizon.await(2, 0));
        assertFalse(horizon.await(3, 1));
        Thread other = new Thread(() -> horizon.advance(4, 0, Set.of(Urgency.ALARM)));
        other.start();
        assertTrue(horizon.await(3, 10_000));
        other.join();
        assertEquals(4, horizon.position());
    }
}
