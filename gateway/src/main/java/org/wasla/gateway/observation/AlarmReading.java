package org.wasla.gateway.observation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.Observation.Meaning;

/**
 * An alarm's record read back, after a crash: what was on disk is what is known to have been told. Pure. Immutable.
 *
 * @param profile id of the profile that the record came through, without its version; empty when it names none
 * @param phase as in the record: {@code start}, {@code update}, {@code end} or {@code unknown}
 * @param condition as it was told; the state of an unknown one is empty
 */
public record AlarmReading(String profile, String phase, Condition condition) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int DEPTH_MAX = 8;

    /** @return whether the alarm is open after this record */
    public boolean isOpen() {
        return phase.equals("start") || phase.equals("update");
    }

    /** @return empty when these bytes are no record of an alarm */
    public static Optional<AlarmReading> of(byte[] record) {
        Map<?, ?> fields = object(record);
        if (!"alarm".equals(fields.get("k"))) {
            return Optional.empty();
        }
        String profile = text(fields, "prof");
        int version = profile.indexOf('@');
        return condition(fields)
                .map(condition -> new AlarmReading(
                        version < 0 ? profile : profile.substring(0, version), text(fields, "phase"), condition));
    }

    /** The words of one alarm, as {@link RecordJson} writes them. */
    static Optional<Condition> condition(Map<?, ?> fields) {
        String alarm = text(fields, "a");
        String label = text(fields, "r");
        if (alarm.isEmpty()) {
            return Optional.empty();
        }
        // In a device's list the label is the id; an alarm of a rule has an id of the profile, which holds no colon.
        boolean isListed = alarm.length() > label.length() && alarm.endsWith(":" + label);
        return Optional.of(new Condition(
                isListed ? alarm.substring(0, alarm.length() - label.length() - 1) : "",
                isListed ? label : alarm,
                label,
                text(fields, "txt"),
                text(fields, "kind"),
                text(fields, "prio"),
                text(fields, "state"),
                fields.get("src") instanceof Map<?, ?> source ? meaning(source) : null));
    }

    private static Meaning meaning(Map<?, ?> fields) {
        return new Meaning(
                "",
                text(fields, "r"),
                fields.get("c") instanceof Long code ? Integer.valueOf(code.intValue()) : null,
                fields.containsKey("n") ? text(fields, "n") : null,
                fields.containsKey("l") ? text(fields, "l") : null,
                null,
                null);
    }

    static String text(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof String text ? text : "";
    }

    /** @return the fields of one JSON object, whole numbers as Long, others left out; empty when the bytes are none */
    static Map<?, ?> object(byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            return value(parser, 0) instanceof Map<?, ?> fields && parser.nextToken() == null ? fields : Map.of();
        } catch (IOException damaged) {
            return Map.of();
        }
    }

    private static @Nullable Object value(JsonParser parser, int depth) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? null : parser.getLongValue();
        }
        if (depth >= DEPTH_MAX) {
            parser.skipChildren();
            return null;
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                Object element = value(parser, depth + 1);
                if (element != null) {
                    elements.add(element);
                }
            }
            return elements;
        }
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> fields = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                Object value = value(parser, depth + 1);
                if (value != null) {
                    fields.put(name, value);
                }
            }
            return fields;
        }
        return null;
    }
}
