package org.wasla.gateway.health;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.hospital.HospitalProgress;

/** How far the hospital's own systems are, as part of the health document. Stateless. */
final class HospitalHealth {
    private HospitalHealth() {}

    /** Nothing where there are no receivers. */
    static void write(JsonGenerator json, List<HospitalProgress> receivers) throws IOException {
        if (receivers.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("hospital");
        for (HospitalProgress each : receivers) {
            write(json, each);
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, HospitalProgress each) throws IOException {
        json.writeStartObject();
        json.writeStringField("to", each.to());
        json.writeBooleanField("connected", each.connected());
        json.writeNumberField("waiting-alarm", each.waitingAlarms());
        json.writeNumberField("waiting-observation", each.waitingObservations());
        json.writeNumberField("sent", each.sent());
        json.writeNumberField("again", each.again());
        counts(json, "refused", each.refused());
        counts(json, "aside", each.aside());
        json.writeNumberField("unrendered", each.unrendered());
        json.writeNumberField("missed", each.missed());
        text(json, "lastMissed", each.lastMissed());
        text(json, "lastError", each.lastError());
        json.writeEndObject();
    }

    private static void counts(JsonGenerator json, String name, Map<String, Long> counts) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, Long> each : new TreeMap<>(counts).entrySet()) {
            json.writeNumberField(each.getKey(), each.getValue());
        }
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String name, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeStringField(name, text);
        }
    }
}
