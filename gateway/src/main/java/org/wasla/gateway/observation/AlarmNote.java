package org.wasla.gateway.observation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which alarms of one line were open, and through which number of their streams that holds: one JSON object in a file of
 * its own, so that an agent that was killed knows them again. Immutable.
 *
 * @param profile id of the profile that found them
 * @param epoch the buffer whose numbers are meant
 * @param parts the devices behind the line that ever told of an alarm
 */
public record AlarmNote(String profile, String epoch, List<Part> parts) {
    public AlarmNote {
        parts = List.copyOf(parts);
    }

    /**
     * One device behind the line.
     *
     * @param part which one, null for the only one
     * @param device its name in records
     * @param number of its last alarm record that is considered here, 0 for none
     * @param open its open alarms, oldest first
     */
    public record Part(@Nullable String part, String device, long number, List<Condition> open) {
        public Part {
            open = List.copyOf(open);
        }
    }

    public byte[] json() {
        String text = JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeStringField("prof", profile);
            json.writeStringField("ep", epoch);
            json.writeArrayFieldStart("parts");
            for (Part part : parts) {
                json.writeStartObject();
                if (part.part() != null) {
                    json.writeStringField("part", part.part());
                }
                json.writeStringField("dev", part.device());
                json.writeNumberField("seq", part.number());
                json.writeArrayFieldStart("alarms");
                for (Condition condition : part.open()) {
                    json.writeStartObject();
                    RecordJson.alarm(json, null, condition);
                    json.writeEndObject();
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
        });
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** @return empty when these bytes are no such note */
    public static Optional<AlarmNote> of(byte[] json) {
        Map<?, ?> fields = AlarmReading.object(json);
        if (!(fields.get("parts") instanceof List<?> listed)) {
            return Optional.empty();
        }
        List<Part> parts = new ArrayList<>();
        for (Object each : listed) {
            if (each instanceof Map<?, ?> part && part.get("alarms") instanceof List<?> alarms) {
                List<Condition> open = new ArrayList<>();
                for (Object alarm : alarms) {
                    if (alarm instanceof Map<?, ?> words) {
                        AlarmReading.condition(words).ifPresent(open::add);
                    }
                }
                parts.add(new Part(
                        part.get("part") instanceof String name ? name : null,
                        AlarmReading.text(part, "dev"),
                        part.get("seq") instanceof Long number ? number : 0,
                        open));
            }
        }
        return Optional.of(new AlarmNote(AlarmReading.text(fields, "prof"), AlarmReading.text(fields, "ep"), parts));
    }
}
