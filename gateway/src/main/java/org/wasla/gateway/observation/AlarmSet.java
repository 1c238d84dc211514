package org.wasla.gateway.observation;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.RecordJson.Clock;

/**
 * The current alarms of a device, the last value of its topic {@code alarms}. Immutable.
 *
 * @param timeMs UTC, of the last change
 * @param open oldest first; null: the device is not heard, so nobody knows
 * @param atMs UTC, now
 * @param validS for so many seconds from now the set counts
 * @param clock how well the gateway's clock is known
 */
public record AlarmSet(
        String gateway,
        String device,
        long timeMs,
        @Nullable List<Condition> open,
        long atMs,
        long validS,
        Clock clock) {
    private static final long SECOND_MS = 1_000;
    private static final String NOTE = "not a primary alarm system";

    public AlarmSet {
        open = open == null ? null : List.copyOf(open);
    }

    /**
     * One JSON object: {@code v} 1, {@code gw}, {@code dev}, {@code t}, {@code at}, {@code s} known or unknown; when known
     * {@code until} in UTC ms and {@code ttl} in s; {@code clk}, {@code note}, and {@code alarms}, a list with {@code a},
     * {@code kind}, {@code prio}, {@code state}, {@code r}, {@code txt} and {@code src} of each as in records.
     */
    public String json() {
        List<Condition> known = open == null ? List.of() : open;
        return JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeStringField("gw", gateway);
            json.writeStringField("dev", device);
            json.writeNumberField("t", timeMs);
            json.writeNumberField("at", atMs);
            json.writeStringField("s", open == null ? "unknown" : "known");
            if (open != null) {
                json.writeNumberField("until", atMs + validS * SECOND_MS);
                json.writeNumberField("ttl", validS);
            }
            RecordJson.clock(json, clock);
            json.writeStringField("note", NOTE);
            json.writeArrayFieldStart("alarms");
            for (Condition condition : known) {
                json.writeStartObject();
                RecordJson.alarm(json, null, condition);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
