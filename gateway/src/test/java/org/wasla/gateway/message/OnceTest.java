package org.wasla.gateway.message;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action.Deliver;

class OnceTest {
    private final Once once = new Once();

    private static Deliver sent(@Nullable String name) {
        return new Deliver(new Message("m", List.of()), 1, Bytes.NONE, Bytes.NONE, 0, name);
    }

    private void keep(String name, boolean isKept) {
        once.add(sent(name));
        once.settle(isKept);
    }

    @Test
    void whatWasKeptIsARepeatAndWhatWasRefusedIsNew() {
        assertFalse(once.isRepeat(sent("a")));
        keep("a", true);
        assertTrue(once.isRepeat(sent("a")));
        keep("b", false);
        assertFalse(once.isRepeat(sent("b")), "its sender was told to send it again");
    }

    @Test
    void aSecondOneInTheSameReadIsARepeat() {
        once.add(sent("a"));
        assertTrue(once.isRepeat(sent("a")));
    }

    @Test
    void messagesWithoutANameAreAllNew() {
        once.add(sent(null));
        once.settle(true);
        assertFalse(once.isRepeat(sent(null)));
    }

    @Test
    void theOldestIsForgottenFirst() {
        for (int i = 0; i <= Once.KEPT_MAX; i++) {
            keep("m" + i, true);
        }
        assertFalse(once.isRepeat(sent("m0")));
        assertTrue(once.isRepeat(sent("m1")));
        assertTrue(once.isRepeat(sent("m" + Once.KEPT_MAX)));
    }
}
