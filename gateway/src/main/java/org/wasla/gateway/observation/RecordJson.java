package org.wasla.gateway.observation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.message.Message.Scale;
import org.wasla.gateway.observation.Observation.Meaning;
import org.wasla.gateway.observation.Observation.Value;
import org.wasla.gateway.observation.RecordBody.Alarm;
import org.wasla.gateway.observation.RecordBody.Event;
import org.wasla.gateway.observation.RecordBody.Examined;
import org.wasla.gateway.observation.RecordBody.Numerics;
import org.wasla.gateway.observation.RecordBody.Results;
import org.wasla.gateway.observation.RecordBody.Wave;

/** Writes records as the wire contract says (design, section 3): one JSON object, UTF-8. Thread-safe. */
public final class RecordJson {
    private static final JsonFactory JSON = new JsonFactory();

    private RecordJson() {}

    /**
     * Whose record it is and when it was read.
     *
     * @param profile id@version of the profile, null for events that no profile made
     * @param profileHash first 12 hex of the SHA-256 of the profile's bytes
     * @param codes version of the code table
     * @param timeMs gateway UTC when the last byte of the message was read
     * @param deviceTime the device's own time as ISO text, or null
     * @param clock how well the gateway's clock is known, or null
     * @param patient whose it is, or null
     * @param message what the message is known by that it came with, or null
     */
    public record Envelope(
            String gateway,
            String device,
            @Nullable String location,
            @Nullable String profile,
            @Nullable String profileHash,
            @Nullable String codes,
            long timeMs,
            @Nullable String deviceTime,
            @Nullable Clock clock,
            @Nullable Patient patient,
            @Nullable String message) {
        /** Of nobody. */
        public Envelope(
                String gateway,
                String device,
                @Nullable String location,
                @Nullable String profile,
                @Nullable String profileHash,
                @Nullable String codes,
                long timeMs,
                @Nullable String deviceTime,
                @Nullable Clock clock) {
            this(gateway, device, location, profile, profileHash, codes, timeMs, deviceTime, clock, null, null);
        }

        /** The same of this patient. */
        public Envelope of(Patient whose) {
            return new Envelope(
                    gateway, device, location, profile, profileHash, codes, timeMs, deviceTime, clock, whose, message);
        }
    }

    /**
     * Whose a record is (design, section 8).
     *
     * @param ref pseudonym
     * @param association name of the association that says so; null for an examination, which follows its order
     * @param how scanned, typed or adt-location; of an examination study, accession or patient-id
     * @param state its state at that time: F, C, or R of a bed
     * @param registered the reference under which a registry knows him, or null
     */
    public record Patient(
            String ref,
            @Nullable String association,
            String how,
            String state,
            @Nullable String registered) {
        /** Whom no registry was asked about, or knows. */
        public Patient(String ref, @Nullable String association, String how, String state) {
            this(ref, association, how, state, null);
        }
    }

    /**
     * How well the gateway's clock is known.
     *
     * @param state sync, holdover or unsync
     * @param errorMs how far it may be from the true time, or null when that is not known
     * @param deviceOffsetMs device minus gateway, or null when the device tells no time to the second
     * @param isAmbiguous whether the device's time lies in an hour that comes twice
     */
    public record Clock(
            String state, @Nullable Long errorMs, @Nullable Long deviceOffsetMs, boolean isAmbiguous) {
        public Clock(String state, @Nullable Long errorMs, @Nullable Long deviceOffsetMs) {
            this(state, errorMs, deviceOffsetMs, false);
        }

        public Clock(String state, @Nullable Long deviceOffsetMs) {
            this(state, null, deviceOffsetMs);
        }

        /** The same, and what the device's own clock shows. */
        public Clock with(DeviceTime device) {
            return new Clock(state, errorMs, device.offsetMs(), device.isAmbiguous());
        }
    }

    public static byte[] write(Envelope envelope, RecordBody body, String epoch, long seq) {
        return unnumbered(envelope, body).numbered(epoch, seq);
    }

    /** @return what the message of a record that we wrote is known by ({@code mid}), or null */
    public static @Nullable String message(byte[] record) {
        RawJson json = new RawJson(record);
        if (!json.take('{')) {
            return null;
        }
        do {
            String name = json.name();
            String value = name == null ? null : json.value();
            if (value == null) {
                return null;
            }
            if ("mid".equals(name)) {
                return value.replace("\"", "");
            }
        } while (json.take(','));
        return null;
    }

    /** All of a record but its epoch and number: small while it waits for them. */
    public static Unnumbered unnumbered(Envelope envelope, RecordBody body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            envelope(json, envelope);
            body(json, body);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new Unnumbered(envelope.gateway(), envelope.device(), body.kind(), out.toByteArray());
    }

    private static void body(JsonGenerator json, RecordBody body) throws IOException {
        if (body instanceof Numerics numerics) {
            json.writeArrayFieldStart("obs");
            for (Observation observation : numerics.observations()) {
                observation(json, observation);
            }
            json.writeEndArray();
        } else if (body instanceof Wave wave) {
            wave(json, wave);
        } else if (body instanceof Alarm alarm) {
            alarm(json, alarm.phase(), alarm.condition());
        } else if (body instanceof Results results) {
            ResultJson.write(json, results);
        } else if (body instanceof Examined examined) {
            ExaminationJson.write(json, examined.of());
            body(json, examined.body());
        } else if (body instanceof Event event) {
            event(json, event);
        }
    }

    private static void envelope(JsonGenerator json, Envelope of) throws IOException {
        text(json, "mid", of.message());
        text(json, "loc", of.location());
        text(json, "prof", of.profile());
        text(json, "ph", of.profileHash());
        text(json, "map", of.codes());
        json.writeNumberField("t", of.timeMs());
        text(json, "dt", of.deviceTime());
        if (of.clock() != null) {
            clock(json, of.clock());
        }
        if (of.patient() != null) {
            json.writeObjectFieldStart("pat");
            json.writeStringField("ref", of.patient().ref());
            text(json, "as", of.patient().association());
            json.writeStringField("how", of.patient().how());
            json.writeStringField("st", of.patient().state());
            text(json, "reg", of.patient().registered());
            json.writeEndObject();
        }
    }

    static void clock(JsonGenerator json, Clock clock) throws IOException {
        json.writeObjectFieldStart("clk");
        json.writeStringField("s", clock.state());
        if (clock.errorMs() != null) {
            json.writeNumberField("e", clock.errorMs());
        }
        if (clock.deviceOffsetMs() != null) {
            json.writeNumberField("o", clock.deviceOffsetMs());
        }
        if (clock.isAmbiguous()) {
            json.writeBooleanField("amb", true);
        }
        json.writeEndObject();
    }

    private static void observation(JsonGenerator json, Observation observation) throws IOException {
        json.writeStartObject();
        meaning(json, observation.what());
        if (observation.value() instanceof Value.Quantity quantity) {
            json.writeFieldName("v");
            json.writeNumber(quantity.digits());
        } else if (observation.value() instanceof Value.Text text) {
            json.writeStringField("s", text.text());
        }
        text(json, "u", observation.what().unit());
        text(json, "ref", observation.range());
        text(json, "fl", observation.marks());
        flag(json, observation.flag());
        text(json, "why", observation.why());
        text(json, "w", observation.asSent());
        text(json, "m", observation.what().method());
        json.writeEndObject();
    }

    static void meaning(JsonGenerator json, Meaning what) throws IOException {
        if (what.code() != null) {
            json.writeNumberField("c", what.code());
        }
        text(json, "n", what.name());
        json.writeStringField("r", what.label());
        text(json, "l", what.loinc());
    }

    private static void wave(JsonGenerator json, Wave wave) throws IOException {
        meaning(json, wave.what());
        text(json, "u", wave.what().unit());
        flag(json, wave.flag());
        Scale scale = wave.scale();
        json.writeStringField("hz", scale.hz());
        json.writeNumberField("n0", wave.first());
        number(json, "lo", scale.low());
        number(json, "hi", scale.high());
        // Without them samples are in the unit already.
        if (!scale.low().equals(Integer.toString(scale.rawLow()))
                || !scale.high().equals(Integer.toString(scale.rawHigh()))) {
            json.writeNumberField("dlo", scale.rawLow());
            json.writeNumberField("dhi", scale.rawHigh());
        }
        json.writeArrayFieldStart("d");
        for (int sample : wave.samples()) {
            json.writeNumber(sample);
        }
        json.writeEndArray();
        gaps(json, wave.gaps());
    }

    private static void gaps(JsonGenerator json, List<Wave.Gap> gaps) throws IOException {
        if (gaps.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("gap");
        for (Wave.Gap gap : gaps) {
            json.writeStartArray();
            json.writeNumber(gap.first());
            json.writeNumber(gap.count());
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    /** @param phase null in a list of what is open; a state is told only where it is known */
    static void alarm(JsonGenerator json, Alarm.@Nullable Phase phase, Condition condition) throws IOException {
        json.writeStringField("a", condition.alarm());
        text(json, "phase", phase == null ? null : phase.wire());
        json.writeStringField("kind", condition.kind());
        json.writeStringField("prio", condition.priority());
        text(json, "state", phase == Alarm.Phase.UNKNOWN ? null : condition.state());
        json.writeStringField("r", condition.label());
        text(json, "txt", condition.text().isEmpty() ? null : condition.text());
        if (condition.source() != null) {
            json.writeObjectFieldStart("src");
            meaning(json, condition.source());
            json.writeEndObject();
        }
    }

    private static void event(JsonGenerator json, Event event) throws IOException {
        json.writeStringField("e", event.name());
        for (Map.Entry<String, Object> field : new TreeMap<>(event.fields()).entrySet()) {
            if (field.getValue() instanceof Number number) {
                json.writeNumberField(field.getKey(), number.longValue());
            } else if (field.getValue() instanceof Boolean flag) {
                json.writeBooleanField(field.getKey(), flag);
            } else if (field.getValue() instanceof Event.Ranges ranges) {
                ranges(json, field.getKey(), ranges);
            } else if (field.getValue() instanceof Event.Rows rows) {
                rows(json, field.getKey(), rows);
            } else {
                json.writeStringField(field.getKey(), String.valueOf(field.getValue()));
            }
        }
    }

    private static void rows(JsonGenerator json, String field, Event.Rows rows) throws IOException {
        json.writeArrayFieldStart(field);
        for (Map<String, Object> row : rows.list()) {
            json.writeStartObject();
            for (Map.Entry<String, Object> each : row.entrySet()) {
                if (each.getValue() instanceof Number number) {
                    json.writeNumberField(each.getKey(), number.longValue());
                } else {
                    json.writeStringField(each.getKey(), String.valueOf(each.getValue()));
                }
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void ranges(JsonGenerator json, String field, Event.Ranges ranges) throws IOException {
        json.writeArrayFieldStart(field);
        for (Event.Range range : ranges.list()) {
            json.writeStartObject();
            json.writeStringField("of", range.of());
            json.writeNumberField("from", range.from());
            json.writeNumberField("to", range.to());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void number(JsonGenerator json, String field, String digits) throws IOException {
        json.writeFieldName(field);
        json.writeNumber(digits);
    }

    static void flag(JsonGenerator json, @Nullable Flag flag) throws IOException {
        text(json, "q", flag == null ? null : flag.wire());
    }

    static void text(JsonGenerator json, String field, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeStringField(field, text);
        }
    }

    /** Nothing where there is none. */
    static void texts(JsonGenerator json, String field, List<String> texts) throws IOException {
        if (texts.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart(field);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
