package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PendingTest {
    // The committer had just found nothing, a record came, the agent stopped: on one stop in thousands it was lost.
    @Test
    void whatCameBetweenAnEmptyLookAndTheEndIsStillToBeTaken() throws Exception {
        Pending pending = new Pending(0, new Losses());
        assertEquals(List.of(), pending.take(0, () -> false));
        pending.put(new Batch(List.of(Drafts.obs("a")), System.nanoTime(), false));
        pending.close();
        assertFalse(pending.isOver());
        assertEquals(1, pending.take(0, () -> false).size());
        assertTrue(pending.isOver());
    }
}
