package org.wasla.gateway.message;

import java.util.List;
import org.wasla.gateway.frame.Bytes;

/**
 * One conversation with a device, from the opening of the line to its loss: bytes and time in, actions out. The general
 * engine is {@link Exchange}; protocols that no grammar can say have one of their own. Pure: no I/O, no clock. Times are
 * monotonic nanoseconds of one clock. One thread.
 */
public interface Talk {
    /** Takes the first {@code length} bytes of what the device sent; never throws on them. */
    List<Action> onBytes(byte[] chunk, int length, long nowNs);

    /** To be called when {@link #waitNs} is over without a byte. */
    List<Action> onTime(long nowNs);

    /** The line is lost or the stream is over: what is held becomes noise. */
    List<Action> onEnd();

    /**
     * The conversation is ended by us.
     *
     * @return the last words, in order: what the device is told so that it does not go on speaking to nobody
     */
    default List<Action.Send> onStop(long nowNs) {
        return List.of();
    }

    /** @return whether {@link #onStop} may have something to say */
    default boolean hasLastWords() {
        return false;
    }

    /** @return how long the line may be listened to before {@link #onTime} is due, at most until the device is silent */
    long waitNs(long nowNs);

    /** @return whether the device has been without a good message for longer than the profile allows */
    boolean isSilent(long nowNs);

    /**
     * What became of the {@link Action.Keep} or {@link Action.Settle} that ended the last list. No other method is called
     * in between.
     *
     * @param isKept whether it is durable
     */
    default List<Action> onKept(boolean isKept, long nowNs) {
        return List.of();
    }

    /**
     * To be called once, before anything else, with what was kept before the line was opened or the power failed.
     *
     * @param parts what {@link Action.Keep} kept, in order
     * @param isSettled whether it is done with: then it only tells which transmission was the last
     */
    default List<Action> onRestart(List<Bytes> parts, boolean isSettled, long nowNs) {
        return List.of();
    }
}
