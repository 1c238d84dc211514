package org.wasla.gateway.observation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a message became.
 *
 * @param deviceTime the device's own time as ISO 8601 without a zone, or null
 * @param timeFields fields that are told by the device time and need no telling again
 * @param bodies the records to publish; empty for a message that carries none
 * @param refused the field that is implausible, or null; when set nothing of the message is published
 */
public record Mapped(
        @Nullable String deviceTime,
        List<String> timeFields,
        List<RecordBody> bodies,
        @Nullable String refused) {
    public Mapped {
        timeFields = List.copyOf(timeFields);
        bodies = List.copyOf(bodies);
    }

    static Mapped refused(String field) {
        return new Mapped(null, List.of(), List.of(), field);
    }
}
