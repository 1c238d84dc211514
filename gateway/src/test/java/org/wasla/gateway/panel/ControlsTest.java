package org.wasla.gateway.panel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wasla.bridge.gpio.Input;
import org.wasla.bridge.gpio.Panel;
import org.wasla.bridge.gpio.Press;

class ControlsTest {
    private final Controls controls = new Controls();
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

    @Test
    void aTouchOfTheButtonDoesNothing() {
        controls.changed(Input.BUTTON, true);
        controls.changed(Input.BUTTON, false);
        tick();
        assertEquals(List.of(), wishes);
    }
}
