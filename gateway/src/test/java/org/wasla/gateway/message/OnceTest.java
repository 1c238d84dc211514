package org.wasla.gateway.message;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OnceTest {
    private final Once once = new Once();

    private void keep(String name, boolean isKept) {
        once.add(name);
        once.settle(isKept);
    }

    @Test
    void whatWasKeptIsARepeatAndWhatWasRefusedIsNew() {
        assertFalse(once.isRepeat("a"));
        keep("a", true);
        assertTrue(once.isRepeat("a"));
        keep("b", false);
        assertFalse(once.isRepeat("b"), "its sender was told to send it again");
    }

    @Test
    void aSecondOneInTheSameReadIsARepeat() {
        once.add("a");
        assertTrue(once.isRepeat("a"));
    }

    @Test
    void messagesWithoutANameAreAllNew() {
        once.add(null);
        once.settle(true);
        assertFalse(once.isRepeat(null));
    }

    @Test
    void theOldestIsForgottenFirst() {
        for (int i = 0; i <= Once.KEPT_MAX; i++) {
            keep("m" + i, true);
        }
        assertFalse(once.isRepeat("m0"));
        assertTrue(once.isRepeat("m1"));
        assertTrue(once.isRepeat("m" + Once.KEPT_MAX));
    }

    /** What is told of an earlier run is no word on what is about to be kept now. */
    @Test
    void whatAnEarlierRunKeptIsARepeat() {
        once.add("a");
        once.remember("b");
        assertTrue(once.isRepeat("b"));
        once.settle(false);
        assertFalse(once.isRepeat("a"));
        assertTrue(once.isRepeat("b"));
    }
}
