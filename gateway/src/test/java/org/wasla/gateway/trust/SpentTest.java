package org.wasla.gateway.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing is carried out twice, whatever clock and power do. */
class SpentTest {
    private static Spent.Use use(String jti, long untilS) {
        return new Spent.Use(jti, untilS, "ab", "restart", "tech-1", "");
    }

    @Test
    void aRestartKnowsWhatWasTakenAndHowItWasAnswered() {
        Spent spent = new Spent();
        spent.take(use("j-1", 1_300));
        spent.take(use("j-2", 1_301));
        assertTrue(spent.answer("j-1", "{\"s\":\"done\", \"why\":\"a b\"}"));
        assertFalse(spent.answer("j-1", "another"), "the first answer counts");
        Spent again = Spent.of(spent.lines());
        assertEquals(
                "{\"s\":\"done\", \"why\":\"a b\"}",
                again.of("j-1").orElseThrow().answer());
        assertEquals(List.of("j-2"), again.open().stream().map(Spent.Use::jti).toList());
        assertEquals(spent.lines(), again.lines());
    }

    // A clock that jumps ahead has us forget; when it is put right the command must not count anew.
    @Test
    void whatWasForgottenHasExpiredForGood() {
        Spent spent = new Spent();
        spent.take(use("j-1", 1_300));
        spent.take(use("j-2", 1_350));
        assertEquals(0, spent.forget(1_299));
        assertEquals(2, spent.forget(spent.nowS(40_000_000)));
        assertTrue(spent.of("j-1").isEmpty());
        assertEquals(1_350, spent.nowS(1_010), "the floor under the clock");
        assertEquals(1_350, Spent.of(spent.lines()).nowS(1_010), "over a restart, too");
        assertEquals(2_000, spent.nowS(2_000));
    }

    @Test
    void damagedLinesArePassedOver() {
        Spent spent = Spent.of(List.of("", "x", "f", "f x", "t a b", "t a x h v c", "a j", "f 7", "t j 9 h v c"));
        assertEquals(7, spent.nowS(0));
        assertEquals(1, spent.open().size());
    }

    @Test
    void itIsBounded() {
        Spent spent = new Spent();
        for (int i = 0; i < Spent.MOST; i++) {
            assertFalse(spent.isFull());
            spent.take(use("j-" + i, 1_300));
        }
        assertTrue(spent.isFull());
    }
}
