package org.wasla.gateway.observation;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;

/** The field {@code exam} of records that come from objects of an examination. Stateless. */
final class ExaminationJson {
    private ExaminationJson() {}

    static void write(JsonGenerator json, Examination of) throws IOException {
        json.writeObjectFieldStart("exam");
        fields(json, of.study());
        facts(json, "ser", of.series());
        facts(json, "inst", of.instance());
        facts(json, "ch", of.channel());
        Examination.Document document = of.document();
        if (document != null) {
            json.writeObjectFieldStart("doc");
            RecordJson.text(json, "type", document.type());
            json.writeStringField("file", document.file());
            json.writeNumberField("at", document.at());
            json.writeNumberField("length", document.length());
            json.writeEndObject();
        }
        RecordJson.texts(json, "marks", of.marks());
        if (of.parts() > 1) {
            json.writeNumberField("part", of.part());
            json.writeNumberField("parts", of.parts());
        }
        json.writeEndObject();
    }

    /** Nothing where there is none. */
    static void facts(JsonGenerator json, String name, Map<String, String> facts) throws IOException {
        if (!facts.isEmpty()) {
            json.writeObjectFieldStart(name);
            fields(json, facts);
            json.writeEndObject();
        }
    }

    private static void fields(JsonGenerator json, Map<String, String> facts) throws IOException {
        for (Map.Entry<String, String> fact : facts.entrySet()) {
            json.writeStringField(fact.getKey(), fact.getValue());
        }
    }
}
