package org.wasla.gateway.codec;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The measurement state that stands beside each value: 16 bits (bedside.md 2.1). Stateless. */
final class IntellivueState {
    /** The worst first; alarm bits say nothing against the value. */
    private static final int[] BITS = {0x8000, 0x2000, 0x0020, 0x4000, 0x1000, 0x0800, 0x0400, 0x0040, 0x0080};

    private static final Map<Integer, String> FLAGS = Map.of(
            0x8000, "invalid",
            0x2000, "na",
            0x0020, "ongoing",
            0x4000, "questionable",
            0x1000, "calibrating",
            0x0800, "test",
            0x0400, "demo",
            0x0040, "early",
            0x0080, "validated");

    private IntellivueState() {}

    /** @return the flag of the record, or null for a value that is simply good */
    static @Nullable String flag(int state) {
        for (int bit : BITS) {
            if ((state & bit) != 0) {
                return FLAGS.get(bit);
            }
        }
        return null;
    }

    /** Whether a value with this state is none: invalid, unavailable, or still being measured. */
    static boolean hidesValue(int state) {
        return (state & 0xA020) != 0;
    }
}
