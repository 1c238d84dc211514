package org.wasla.bridge.gpio;

import java.util.EnumMap;
import java.util.Map;

/**
 * What each output does now: a state goes on until the next state, a signal for as long as it lasts on top of it. Times are
 * monotonic, ms. Does no I/O; one thread.
 */
final class Timeline {
    private final Map<Output, Rhythm> state = new EnumMap<>(Output.class);
    private final Map<Output, Rhythm> signal = new EnumMap<>(Output.class);
    private long stateMs;
    private long signalMs;
    private long signalEndMs;

    /** The rest of a state that is shown already goes on in step. */
    void show(Show show, long nowMs) {
        if (!state.equals(show.rhythms())) {
            state.clear();
            state.putAll(show.rhythms());
            stateMs = nowMs;
        }
    }

    /** @param lastsMs 0: until the next signal */
    void signal(Show show, long lastsMs, long nowMs) {
        signal.clear();
        signal.putAll(show.rhythms());
        signalMs = nowMs;
        signalEndMs = lastsMs == 0 ? Long.MAX_VALUE : nowMs + lastsMs;
    }

    boolean isOn(Output output, long nowMs) {
        Rhythm loud = nowMs < signalEndMs ? signal.get(output) : null;
        return loud != null
                ? loud.isOn(nowMs - signalMs)
                : state.getOrDefault(output, Rhythm.OFF).isOn(nowMs - stateMs);
    }

    /** @return how long nothing changes from now on, at least 1 */
    long quietMs(long nowMs) {
        long quiet = Long.MAX_VALUE;
        for (Rhythm rhythm : state.values()) {
            quiet = Math.min(quiet, rhythm.untilChangeMs(nowMs - stateMs));
        }
        if (nowMs < signalEndMs) {
            for (Rhythm rhythm : signal.values()) {
                quiet = Math.min(quiet, rhythm.untilChangeMs(nowMs - signalMs));
            }
            quiet = Math.min(quiet, signalEndMs - nowMs);
        }
        return Math.max(1, quiet);
    }
}
