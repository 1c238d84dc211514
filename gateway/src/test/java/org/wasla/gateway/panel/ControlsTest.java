package org.wasla.gateway.panel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.wasla.bridge.gpio.Input;
import org.wasla.bridge.gpio.Panel;
import org.wasla.bridge.gpio.Press;

class ControlsTest {
    private final AtomicLong nowMs = new AtomicLong(-5_000);
    private final Controls controls = new Controls(Panel::open, nowMs::get);
    private final List<Boolean> lids = new ArrayList<>();
    private final List<Press.Wish> wishes = new ArrayList<>();

    private void tick() {
        try (Panel none = new Panel(null)) {
            controls.tick(none, wishes::add, lids::add);
        }
    }

    @Test
    void aLidThatIsOnAtTheStartIsNoNews() {
        controls.changed(Input.TAMPER, true);
        tick();
        assertEquals(List.of(), lids);
        controls.changed(Input.TAMPER, false);
        controls.changed(Input.TAMPER, false);
        tick();
        tick();
        controls.changed(Input.TAMPER, true);
        tick();
        assertEquals(List.of(false, true), lids);
    }

    @Test
    void aLidThatIsOffAtTheStartIs() {
        controls.changed(Input.TAMPER, false);
        tick();
        assertEquals(List.of(false), lids);
    }

    private void hold(long heldMs) {
        controls.changed(Input.BUTTON, true);
        nowMs.addAndGet(heldMs);
        controls.changed(Input.BUTTON, false);
        tick();
    }

    // The words say which key the box has: they are for whoever stands beside it, and not for the next who passes.
    @Test
    void theWordsOfEnrolmentAreShownForTwoMinutesAfterTenSeconds() {
        hold(9_999);
        assertFalse(controls.showsWords());
        hold(10_000);
        assertTrue(controls.showsWords());
        nowMs.addAndGet(119_999);
        assertTrue(controls.showsWords());
        nowMs.addAndGet(1);
        assertFalse(controls.showsWords());
        assertEquals(List.of(Press.Wish.IDENTIFY, Press.Wish.WORDS), wishes);
    }

    @Test
    void aTouchOfTheButtonDoesNothing() {
        controls.changed(Input.BUTTON, true);
        controls.changed(Input.BUTTON, false);
        tick();
        assertEquals(List.of(), wishes);
    }
}
