package org.wasla.bridge.gpio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private final Timeline timeline = new Timeline();

    /** When the output changes, as the panel's thread would see it. */
    private List<String> changes(Output output, long fromMs, long toMs) {
        List<String> changes = new ArrayList<>();
        boolean was = false;
        for (long now = fromMs; now < toMs; now += Math.min(timeline.quietMs(now), toMs)) {
            boolean is = timeline.isOn(output, now);
            if (is != was) {
                changes.add(now + (is ? " on" : " off"));
            }
            was = is;
        }
        return changes;
    }

    // A lamp whose thread sleeps past a change shows a lie: what quietMs says must hold.
    @Test
    void waitsNeverPassAChange() {
        timeline.show(new Show(Map.of(Output.GREEN, Rhythm.BLINK, Output.RED, Rhythm.FLICKER)), 7);
        timeline.signal(new Show(Map.of(Output.BUZZER, Rhythm.pulses(3))), 900, 50);
        for (Output output : Output.values()) {
            long until = 0;
            boolean was = false;
            for (long now = 50; now < 3_000; now++) {
                boolean is = timeline.isOn(output, now);
                assertTrue(is == was || now >= until || now == 50, output + " changed at " + now);
                if (now >= until) {
                    until = now + timeline.quietMs(now);
                }
                was = is;
            }
        }
    }

    @Test
    void pulsesAreCountedAndEnd() {
        timeline.signal(new Show(Map.of(Output.BUZZER, Rhythm.pulses(2))), 5_000, 1_000);
        assertEquals(List.of("1000 on", "1200 off", "1400 on", "1600 off"), changes(Output.BUZZER, 1_000, 10_000));
    }

    @Test
    void signalHidesTheStateOnlyWhereAndWhileItSaysSomething() {
        timeline.show(new Show(Map.of(Output.GREEN, Rhythm.STEADY, Output.BLUE, Rhythm.OFF)), 0);
        timeline.signal(new Show(Map.of(Output.BLUE, Rhythm.STEADY)), 3_000, 100);
        assertTrue(timeline.isOn(Output.GREEN, 200));
        assertTrue(timeline.isOn(Output.BLUE, 3_099));
        assertFalse(timeline.isOn(Output.BLUE, 3_100));
    }

    // The same state is shown every second: a blinking lamp must not stand still for it.
    @Test
    void sameStateAgainGoesOnInStep() {
        Show blinking = new Show(Map.of(Output.AMBER, Rhythm.BLINK));
        timeline.show(blinking, 0);
        timeline.show(blinking, 499);
        assertTrue(timeline.isOn(Output.AMBER, 499));
        assertFalse(timeline.isOn(Output.AMBER, 500));
    }

    @Test
    void steadyAndOffNeedNoWakeUp() {
        timeline.show(new Show(Map.of(Output.GREEN, Rhythm.STEADY, Output.RED, Rhythm.OFF)), 0);
        assertEquals(Long.MAX_VALUE, timeline.quietMs(12));
    }

    @Test
    void negativeTimesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Rhythm(1, -1, 0));
    }
}
