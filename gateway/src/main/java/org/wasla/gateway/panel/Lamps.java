package org.wasla.gateway.panel;

import static org.wasla.bridge.gpio.Output.AMBER;
import static org.wasla.bridge.gpio.Output.BLUE;
import static org.wasla.bridge.gpio.Output.BUZZER;
import static org.wasla.bridge.gpio.Output.GREEN;
import static org.wasla.bridge.gpio.Output.RED;

import java.util.Map;
import org.wasla.bridge.gpio.Rhythm;
import org.wasla.bridge.gpio.Show;
import org.wasla.gateway.patient.ScanFlow.Signal;

/**
 * What lamps and buzzer mean; the guide shows the same table. Stateless.
 *
 * <pre>
 * green   quick: starting   steady: running, the platform is reached   slow: running, records are kept here until it is
 * amber   steady: a device is silent, or its line is lost
 * red     steady: something cannot be kept
 * blue    slow: a wristband is remembered   steady: associated; with red, quick: refused
 *         quick: the words of the box's enrolment are on its page
 * buzzer  1 short: wristband   2: associated   3: ended   1 long: refused   5: somebody looks for this box
 * all     quick: somebody looks for this box
 * </pre>
 */
public final class Lamps {
    static final Show STARTING = new Show(Map.of(GREEN, Rhythm.FLICKER));

    /** Five short sounds once, and no more: what goes on for long is an alarm to the people of a ward. */
    public static final Show HERE = new Show(Map.of(
            GREEN, Rhythm.FLICKER,
            AMBER, Rhythm.FLICKER,
            RED, Rhythm.FLICKER,
            BLUE, Rhythm.FLICKER,
            BUZZER, Rhythm.pulses(5)));

    static final Show WORDS = new Show(Map.of(BLUE, Rhythm.FLICKER));

    private Lamps() {}

    /**
     * @param isReached whether the platform takes records now
     * @param hearsAll whether every device is heard
     * @param keeps whether everything that comes can be kept
     */
    public static Show state(boolean isReached, boolean hearsAll, boolean keeps) {
        return new Show(Map.of(
                GREEN, isReached ? Rhythm.STEADY : Rhythm.BLINK,
                AMBER, hearsAll ? Rhythm.OFF : Rhythm.STEADY,
                RED, keeps ? Rhythm.OFF : Rhythm.STEADY));
    }

    public static Show show(Signal signal) {
        return new Show(
                switch (signal) {
                    case READY -> Map.of(BLUE, Rhythm.BLINK, BUZZER, Rhythm.pulses(1));
                    case ASSOCIATED -> Map.of(BLUE, Rhythm.STEADY, BUZZER, Rhythm.pulses(2));
                    case ENDED -> Map.of(BLUE, Rhythm.OFF, BUZZER, Rhythm.pulses(3));
                    case REFUSED -> Map.of(BLUE, Rhythm.OFF, RED, Rhythm.FLICKER, BUZZER, Rhythm.once(1_000));
                    case TIMEOUT -> Map.of(BLUE, Rhythm.OFF);
                });
    }

    /** @return ms, 0: until the next signal */
    public static long lastsMs(Signal signal) {
        return signal == Signal.READY ? 0 : 3_000;
    }
}
