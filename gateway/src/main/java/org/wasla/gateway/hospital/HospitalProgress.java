package org.wasla.gateway.hospital;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a receiver is; counts are since the start. Immutable.
 *
 * @param waitingAlarms records that it has not had yet
 * @param waitingObservations records that it has not had yet
 * @param sent messages that it has taken
 * @param again messages that were sent once more because no answer came
 * @param refused messages that it has refused, by reason
 * @param aside messages that it answers to with silence while it takes others, by reason; not sent any more
 * @param unrendered records of which no message could be made
 * @param missed records that the buffer did not hold any more
 * @param lastMissed the newest of these, such as {@code oxi-b07.obs 5-90}; null when there are none
 * @param lastError null when the last message was taken
 */
public record HospitalProgress(
        String to,
        boolean connected,
        long waitingAlarms,
        long waitingObservations,
        long sent,
        long again,
        Map<String, Long> refused,
        Map<String, Long> aside,
        long unrendered,
        long missed,
        @Nullable String lastMissed,
        @Nullable String lastError) {
    public HospitalProgress {
        refused = Map.copyOf(refused);
        aside = Map.copyOf(aside);
    }
}
