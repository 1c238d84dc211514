package org.wasla.gateway.codec;

import org.wasla.gateway.message.Talk;
import org.wasla.gateway.message.TalkSpec;

/**
 * How a device at the bedside is talked with that speaks POCT1-A (CLSI POCT01, device messaging layer; lab.md 2.6).
 * Immutable.
 *
 * @param isContinuous whether a device that can is asked to stay and send results as they come
 * @param bytesMax most bytes of a message
 * @param gapNs a message that began is given up when the line is quiet for so long
 * @param quietNs without a message for this long it counts as silent
 * @param isReadOnly whether no byte is ever sent
 */
public record PoctSpec(boolean isContinuous, int bytesMax, long gapNs, long quietNs, boolean isReadOnly)
        implements TalkSpec {
    /** Devices say 32 KiB and less of themselves; one message may hold many results. */
    public static final int BYTES_MAX = 1 << 20;

    @Override
    public Talk open(long nowNs) {
        return new PoctTalk(this, nowNs);
    }

    @Override
    public PoctSpec listening() {
        return new PoctSpec(isContinuous, bytesMax, gapNs, quietNs, true);
    }

    /** TCP numbers and checks its bytes. */
    @Override
    public boolean isChecked() {
        return false;
    }
}
