package org.wasla.gateway.imaging;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.imaging.ExtractMeasure.Value;
import org.wasla.gateway.observation.JsonText;

/** Writes what an object says, with the field names of records (design, section 3), and never whose it is. Stateless. */
public final class ExtractJson {
    private ExtractJson() {}

    /** @return all but the samples of waveforms, which are records of their own */
    public static String write(Extract extract) {
        return JsonText.write(json -> {
            facts(json, "study", extract.study());
            facts(json, "series", extract.series());
            facts(json, "inst", extract.instance());
            results(json, extract.measures());
            json.writeArrayFieldStart("channels");
            for (ExtractChannel channel : extract.channels()) {
                json.writeStartObject();
                fields(json, channel.facts());
                json.writeEndObject();
            }
            json.writeEndArray();
            Extract.Document document = extract.document();
            if (document != null) {
                json.writeObjectFieldStart("doc");
                text(json, "type", document.type());
                json.writeNumberField("at", document.at());
                json.writeNumberField("length", document.length());
                json.writeEndObject();
            }
            json.writeArrayFieldStart("marks");
            for (String mark : extract.marks()) {
                json.writeString(mark);
            }
            json.writeEndArray();
        });
    }

    /** Writes {@code res[]} into a record that is open. */
    static void results(JsonGenerator json, List<ExtractMeasure> measures) throws IOException {
        json.writeArrayFieldStart("res");
        for (ExtractMeasure measure : measures) {
            measure(json, measure);
        }
        json.writeEndArray();
    }

    private static void measure(JsonGenerator json, ExtractMeasure measure) throws IOException {
        json.writeStartObject();
        Integer code = measure.what().mdc();
        if (code != null) {
            json.writeNumberField("c", code);
        }
        text(json, "n", measure.name());
        json.writeStringField("r", measure.what().id());
        text(json, "l", measure.what().loinc());
        text(json, "txt", measure.what().meaning());
        value(json, measure.value());
        json.writeStringField("at", measure.at());
        if (!measure.within().isEmpty()) {
            json.writeArrayFieldStart("in");
            for (String concept : measure.within()) {
                json.writeString(concept);
            }
            json.writeEndArray();
        }
        if (!measure.context().isEmpty()) {
            facts(json, "mod", measure.context());
        }
        json.writeEndObject();
    }

    private static void value(JsonGenerator json, Value value) throws IOException {
        if (value instanceof Value.Number number) {
            json.writeFieldName("v");
            json.writeNumber(number.digits());
            text(json, "u", number.unit().ucum());
            text(json, "ur", number.unit().sent());
        } else if (value instanceof Value.Words words) {
            json.writeStringField("s", words.text());
        } else if (value instanceof Value.Coded coded) {
            json.writeStringField("s", coded.code().spoken());
        } else if (value instanceof Value.Missing missing) {
            json.writeStringField("q", missing.sent() == null ? "na" : "invalid");
            json.writeStringField("why", missing.why());
            text(json, "w", missing.sent());
        }
    }

    private static void facts(JsonGenerator json, String name, Map<String, String> facts) throws IOException {
        json.writeObjectFieldStart(name);
        fields(json, facts);
        json.writeEndObject();
    }

    private static void fields(JsonGenerator json, Map<String, String> facts) throws IOException {
        for (Map.Entry<String, String> fact : facts.entrySet()) {
            json.writeStringField(fact.getKey(), fact.getValue());
        }
    }

    private static void text(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }
}
