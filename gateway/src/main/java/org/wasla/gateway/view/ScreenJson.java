package org.wasla.gateway.view;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.Condition;
import org.wasla.gateway.observation.Flag;
import org.wasla.gateway.observation.Observation;
import org.wasla.gateway.observation.RecordBody.Wave;
import org.wasla.gateway.observation.RecordJson.Patient;

/** Writes what one device shows, for the page; names of fields as in records. Stateless. */
final class ScreenJson {
    private ScreenJson() {}

    /**
     * @param patient whom it is on, as a pseudonym; null: nobody
     * @param alarms the open ones; null: nobody knows
     */
    static void write(
            JsonGenerator json,
            String device,
            Screen.Look look,
            @Nullable Patient patient,
            @Nullable List<Condition> alarms)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("dev", device);
        if (look.timeMs() > 0) {
            json.writeNumberField("t", look.timeMs());
        }
        if (patient != null) {
            json.writeObjectFieldStart("pat");
            json.writeStringField("ref", patient.ref());
            json.writeStringField("how", patient.how());
            json.writeStringField("st", patient.state());
            json.writeEndObject();
        }
        json.writeArrayFieldStart("obs");
        for (Screen.Value value : look.values()) {
            value(json, value);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("wav");
        for (Screen.Waves waves : look.waves()) {
            wave(json, waves);
        }
        json.writeEndArray();
        if (alarms != null) {
            json.writeArrayFieldStart("alarms");
            for (Condition each : alarms) {
                alarm(json, each);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void value(JsonGenerator json, Screen.Value value) throws IOException {
        Observation what = value.what();
        json.writeStartObject();
        json.writeNumberField("t", value.timeMs());
        text(json, "n", what.what().name());
        json.writeStringField("r", what.what().label());
        // As text: the digits that the device sent, 36.80 and not 36.8.
        if (what.value() instanceof Observation.Value.Quantity quantity) {
            json.writeStringField("v", quantity.digits());
        } else if (what.value() instanceof Observation.Value.Text text) {
            json.writeStringField("s", text.text());
        }
        text(json, "u", what.what().unit());
        flag(json, what.flag());
        text(json, "why", what.why());
        text(json, "w", what.asSent());
        text(json, "m", what.what().method());
        json.writeEndObject();
    }

    private static void wave(JsonGenerator json, Screen.Waves waves) throws IOException {
        Wave wave = waves.of();
        json.writeStartObject();
        text(json, "n", wave.what().name());
        json.writeStringField("r", wave.what().label());
        text(json, "u", wave.what().unit());
        flag(json, wave.flag());
        json.writeStringField("hz", wave.scale().hz());
        if (wave.scale().rawLow() < wave.scale().rawHigh()) {
            json.writeNumberField("lo", wave.scale().rawLow());
            json.writeNumberField("hi", wave.scale().rawHigh());
        }
        json.writeArrayFieldStart("d");
        for (int sample : waves.samples()) {
            if (sample == Screen.MISSING) {
                json.writeNull();
            } else {
                json.writeNumber(sample);
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void alarm(JsonGenerator json, Condition condition) throws IOException {
        json.writeStartObject();
        json.writeStringField("a", condition.alarm());
        json.writeStringField("kind", condition.kind());
        json.writeStringField("prio", condition.priority());
        json.writeStringField("state", condition.state());
        json.writeStringField("txt", condition.text().isEmpty() ? condition.label() : condition.text());
        json.writeEndObject();
    }

    private static void flag(JsonGenerator json, @Nullable Flag flag) throws IOException {
        text(json, "q", flag == null ? null : flag.wire());
    }

    private static void text(JsonGenerator json, String name, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeStringField(name, text);
        }
    }
}
