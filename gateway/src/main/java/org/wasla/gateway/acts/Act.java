package org.wasla.gateway.acts;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.RecordBody.Event;
import org.wasla.gateway.observation.RecordJson.Patient;

/**
 * A candidate for the care sheet: something that was done, as far as devices show it. The event {@code act} of the contract.
 * Immutable.
 *
 * @param id the same for the same act whatever is sent again; see {@link Ids}
 * @param from whose and whence it is
 * @param facts what was done on what, by the names of the event's fields
 * @param evidence the records that show it, or null where they stand in another buffer
 */
public record Act(
        String id, Type type, Origin from, Extent extent, Map<String, Object> facts, Event.@Nullable Range evidence) {
    /** The event's name in records. */
    public static final String EVENT = "act";

    public Act {
        facts = Collections.unmodifiableMap(new HashMap<>(facts));
    }

    /** What was done. */
    public enum Type {
        ANALYSIS,
        EXAMINATION,
        INFUSION,
        VENTILATION;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What the act's record takes over from the record that shows it.
     *
     * @param device the device, or its part behind a port that several share
     * @param deviceTime the device's own time, ISO 8601 to the minute at least, or null
     * @param patient whose it is, or null: nobody is guessed
     */
    public record Origin(
            String device,
            @Nullable String location,
            @Nullable String profile,
            @Nullable String profileHash,
            @Nullable String deviceTime,
            @Nullable Patient patient) {}

    /**
     * When it was, and how much.
     *
     * @param fromMs when it began, UTC by the gateway's clock as it was, or null when that is not known
     * @param toMs when it was over, likewise
     * @param quantity how much of {@code unit}; time is counted without steps of the clock
     * @param unit UCUM
     */
    public record Extent(@Nullable Long fromMs, long toMs, long quantity, String unit) {}

    /** The same in another buffer, whose numbers are others. */
    Act ofOtherBuffer() {
        return new Act(id, type, from, extent, facts, null);
    }

    /** The event without its envelope. */
    public Event event() {
        Map<String, Object> fields = new HashMap<>(facts);
        fields.put("act", id);
        fields.put("type", type.wire());
        if (extent.fromMs() != null) {
            fields.put("from", extent.fromMs());
        }
        fields.put("to", extent.toMs());
        fields.put("qty", extent.quantity());
        fields.put("u", extent.unit());
        if (evidence != null) {
            fields.put("nums", new Event.Ranges(List.of(evidence)));
        }
        return new Event(EVENT, fields);
    }
}
