package org.wasla.gateway.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.wasla.gateway.frame.Bytes;

/** Spoils what a simulated device sends. Pure: the same seed spoils the same messages. One thread. */
final class Faults {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int SLOW_CHUNK_BYTES = 8;
    private final Set<LineFault> active;
    private final Random random;
    private long count;

    Faults(Set<LineFault> active, long seed) {
        this.active = Set.copyOf(active);
        this.random = new Random(seed);
    }

    boolean isSilent(long sinceNs) {
        return active.contains(LineFault.SILENCE) && sinceNs % (15 * SECOND_NS) >= 10 * SECOND_NS;
    }

    boolean isUnplugged(long sinceNs) {
        return active.contains(LineFault.UNPLUG) && sinceNs % (12 * SECOND_NS) >= 9 * SECOND_NS;
    }

    boolean isSlow() {
        return active.contains(LineFault.SLOW);
    }

    /** @return whether the next message is to carry a wrong checksum, or declare wrong counts */
    boolean breaksNextCheck() {
        return active.contains(LineFault.CHECKSUM) && count % 5 == 1;
    }

    /** @return the chunks to write instead of the message */
    List<Bytes> spoil(Bytes message) {
        byte[] bytes = message.toArray();
        int length = bytes.length;
        if (active.contains(LineFault.CUT) && count % 5 == 3) {
            length = length * 2 / 3;
        }
        List<Bytes> chunks = new ArrayList<>();
        if (active.contains(LineFault.GARBAGE) && count % 3 == 2) {
            byte[] garbage = new byte[1 + random.nextInt(40)];
            random.nextBytes(garbage);
            chunks.add(Bytes.of(garbage));
        }
        int step = isSlow() ? SLOW_CHUNK_BYTES : Math.max(1, length);
        for (int from = 0; from < length; from += step) {
            chunks.add(Bytes.of(bytes, from, Math.min(length, from + step)));
        }
        count++;
        return chunks;
    }
}
