package org.wasla.bridge.gpio;

/**
 * When an output is on: pulses of {@code onMs} with {@code offMs} between, so many of them; 0 pulses: for ever. Immutable.
 *
 * @param onMs 0: never on
 * @param offMs 0: on all the time
 */
public record Rhythm(int pulses, int onMs, int offMs) {
    public static final Rhythm OFF = new Rhythm(0, 0, 0);
    public static final Rhythm STEADY = new Rhythm(0, 1_000, 0);
    /** For as long as nothing else is asked for. */
    public static final Rhythm BLINK = new Rhythm(0, 500, 500);

    public static final Rhythm FLICKER = new Rhythm(0, 120, 120);

    public Rhythm {
        if (pulses < 0 || onMs < 0 || offMs < 0) {
            throw new IllegalArgumentException("a rhythm has no negative times");
        }
    }

    /** Pulses of a fifth of a second. */
    public static Rhythm pulses(int count) {
        return new Rhythm(count, 200, 200);
    }

    /** One pulse. */
    public static Rhythm once(int onMs) {
        return new Rhythm(1, onMs, 0);
    }

    /** @param ms since it began, from 0 */
    public boolean isOn(long ms) {
        long period = (long) onMs + offMs;
        boolean isOver = pulses > 0 && ms >= pulses * period;
        return onMs > 0 && !isOver && ms % period < onMs;
    }

    /** @return how long until it changes, ms; {@link Long#MAX_VALUE} when it does not change any more */
    public long untilChangeMs(long ms) {
        long period = (long) onMs + offMs;
        if (onMs == 0 || pulses == 0 && offMs == 0 || pulses > 0 && ms >= pulses * period) {
            return Long.MAX_VALUE;
        }
        long within = ms % period;
        return within < onMs ? onMs - within : period - within;
    }
}
