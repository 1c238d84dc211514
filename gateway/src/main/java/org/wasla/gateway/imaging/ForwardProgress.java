package org.wasla.gateway.imaging;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a destination is. Immutable.
 *
 * @param oldestMs UTC when the oldest object that waits was received, null when none does
 * @param sent since the start, with and without warnings
 * @param withheld since the start, because it may show whose it is
 * @param aside how many are set aside, by reason
 * @param lastError "" when the last object was taken
 */
public record ForwardProgress(
        String to,
        int waiting,
        @Nullable Long oldestMs,
        long sent,
        long warned,
        long withheld,
        Map<String, Integer> aside,
        String lastError) {
    public ForwardProgress {
        aside = Map.copyOf(aside);
    }
}
