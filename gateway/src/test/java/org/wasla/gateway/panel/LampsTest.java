package org.wasla.gateway.panel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.wasla.bridge.gpio.Output;
import org.wasla.bridge.gpio.Rhythm;
import org.wasla.bridge.gpio.Show;
import org.wasla.gateway.patient.ScanFlow.Signal;

/** Who stands in the ward sees lamps and nothing else: two meanings must never look alike. */
class LampsTest {
    @Test
    void noTwoStatesLookAlike() {
        Set<Show> shows = new HashSet<>();
        shows.add(Lamps.STARTING);
        for (int bits = 0; bits < 8; bits++) {
            shows.add(Lamps.state((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0));
        }
        shows.add(Lamps.HERE);
        shows.add(Lamps.WORDS);
        for (Signal signal : Signal.values()) {
            shows.add(new Show(Map.of(
                    Output.BLUE,
                    Objects.requireNonNull(Lamps.show(signal).rhythms().get(Output.BLUE)))));
        }
        // Of a scan the same lamp is dark three times: ended, forgotten, and refused with red.
        assertEquals(11 + Signal.values().length - 2, shows.size());
    }

    @Test
    void everyScanSoundsDifferentAndForgettingIsSilent() {
        Set<Rhythm> sounds = new HashSet<>();
        for (Signal signal : Signal.values()) {
            Rhythm sound = Lamps.show(signal).rhythms().get(Output.BUZZER);
            assertTrue(sound != null || signal == Signal.TIMEOUT, signal.name());
            if (sound != null) {
                sounds.add(sound);
            }
        }
        // Nor does a box that is looked for sound like a scan.
        sounds.add(Lamps.HERE.rhythms().get(Output.BUZZER));
        assertEquals(Signal.values().length, sounds.size());
    }

    // The lamp that says "associated" must not be lit for a scan that came to nothing.
    @Test
    void onlyASuccessLightsTheScannersLamp() {
        for (Signal signal : Signal.values()) {
            Rhythm lamp = Objects.requireNonNull(Lamps.show(signal).rhythms().get(Output.BLUE));
            assertEquals(signal == Signal.ASSOCIATED, lamp.equals(Rhythm.STEADY), signal.name());
        }
    }
}
