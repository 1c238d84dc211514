package org.wasla.gateway.observation;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.Observation.Value;
import org.wasla.gateway.observation.RecordBody.Results;

/** The fields of a record of results ({@code res}; design, section 3). Stateless. */
final class ResultJson {
    private ResultJson() {}

    static void write(JsonGenerator json, Results results) throws IOException {
        RecordJson.text(json, "sp", results.specimen());
        RecordJson.text(json, "ord", results.order());
        if (results.isControl()) {
            json.writeBooleanField("qc", true);
        }
        json.writeArrayFieldStart("res");
        for (Result result : results.results()) {
            result(json, result);
        }
        json.writeEndArray();
        RecordJson.texts(json, "note", results.notes());
        ExaminationJson.facts(json, "about", results.about());
    }

    private static void result(JsonGenerator json, Result result) throws IOException {
        Observation what = result.what();
        json.writeStartObject();
        RecordJson.meaning(json, what.what());
        RecordJson.text(json, "alt", result.alias());
        RecordJson.text(json, "txt", result.title());
        RecordJson.text(json, "cmp", result.comparator());
        if (what.value() instanceof Value.Quantity quantity) {
            json.writeFieldName("v");
            json.writeNumber(quantity.digits());
        }
        RecordJson.text(json, "s", words(what.value(), result.text()));
        RecordJson.text(json, "i", result.qualitative());
        RecordJson.text(json, "u", what.what().unit());
        RecordJson.text(json, "ur", result.unit());
        RecordJson.text(json, "ref", result.range());
        RecordJson.text(json, "crit", result.critical());
        RecordJson.text(json, "fl", result.marks());
        RecordJson.text(json, "st", result.status());
        RecordJson.flag(json, what.flag());
        RecordJson.text(json, "why", what.why());
        RecordJson.text(json, "w", what.asSent());
        RecordJson.text(json, "m", what.what().method());
        RecordJson.text(json, "dt", result.deviceTime());
        RecordJson.texts(json, "note", result.notes());
        Result.Place place = result.place();
        if (place != null) {
            json.writeStringField("at", place.at());
            RecordJson.texts(json, "in", place.within());
            ExaminationJson.facts(json, "mod", place.modifiers());
        }
        json.writeEndObject();
    }

    private static @Nullable String words(@Nullable Value value, @Nullable String beside) {
        return value instanceof Value.Text text ? text.text() : beside;
    }
}
