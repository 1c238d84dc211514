package org.wasla.gateway.observation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a message became.
 *
 * @param part which of several devices behind one port it is of, in letters, digits and dashes; null: the only one
 * @param deviceTime the device's own time as ISO 8601 without a zone, or null
 * @param timeFields fields that are told by the device time and need no telling again
 * @param bodies the records to publish; empty for a message that carries none
 * @param refused the field that is implausible, or null; when set nothing of the message is published
 */
public record Mapped(
        @Nullable String part,
        @Nullable String deviceTime,
        List<String> timeFields,
        List<RecordBody> bodies,
        @Nullable String refused) {
    public Mapped {
        timeFields = List.copyOf(timeFields);
        bodies = List.copyOf(bodies);
    }

    /** A record that no message carried. */
    public static Mapped of(RecordBody body) {
        return new Mapped(null, null, List.of(), List.of(body), null);
    }

    /** @return the device of the records: that of the port, or its part */
    public String device(String port) {
        return part == null ? port : port + "-" + part;
    }

    static Mapped refused(String field) {
        return new Mapped(null, null, List.of(), List.of(), field);
    }
}
