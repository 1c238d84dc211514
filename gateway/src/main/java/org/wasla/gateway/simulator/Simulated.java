package org.wasla.gateway.simulator;

import java.time.LocalDateTime;
import java.util.List;
import org.wasla.gateway.frame.Bytes;

/**
 * A simulated device: time and questions in, bytes out. Pure; one thread. Times are monotonic nanoseconds; the time of
 * day comes in beside them.
 */
public interface Simulated {
    /** @return the answers to the first {@code length} bytes of what was asked */
    List<Bytes> onBytes(byte[] chunk, int length, long nowNs, LocalDateTime now);

    /** @return what the device says by itself at this time */
    List<Bytes> onTime(long nowNs, LocalDateTime now);

    /** @return how long until the device says something by itself, at most one hour */
    long waitNs(long nowNs);

    /** @return the bytes of one that {@link #onTime} or {@link #onBytes} gave, with a fault that a reader can see */
    Bytes damaged(Bytes message);

    /** Makes the next message that declares counts declare wrong ones, where the device's messages do so. */
    void breakNextCount();
}
