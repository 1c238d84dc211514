package org.wasla.gateway.render;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The data types of FHIR R4 that we write, into one bundle. One thread. */
final class FhirWriter {
    static final String MDC = "urn:iso:std:iso:11073:10101";
    static final String LOINC = "http://loinc.org";
    static final String UCUM = "http://unitsofmeasure.org";
    static final String RECORD = "urn:wasla:record";
    static final String DEVICE = "urn:wasla:device";
    static final String METRIC = "urn:wasla:metric";
    static final String PATIENT = "urn:wasla:patient";
    private final JsonGenerator json;

    FhirWriter(JsonGenerator json) {
        this.json = json;
    }

    JsonGenerator json() {
        return json;
    }

    /** The same for the same resource, on whatever day it is written. */
    static String url(String type, String identifier) {
        String name = type + ' ' + identifier;
        return "urn:uuid:" + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    /** Begins an entry of the bundle and its resource. */
    void begin(String type, String identifier) throws IOException {
        json.writeStartObject();
        json.writeStringField("fullUrl", url(type, identifier));
        json.writeObjectFieldStart("resource");
        json.writeStringField("resourceType", type);
    }

    /** Ends the entry: a resource that is there already is left as it is. */
    void endOnce(String type, String system, String identifier) throws IOException {
        json.writeEndObject();
        json.writeObjectFieldStart("request");
        json.writeStringField("method", "POST");
        json.writeStringField("url", type);
        json.writeStringField("ifNoneExist", "identifier=" + system + "|" + identifier);
        end();
    }

    /** Ends the entry: a resource that is there already becomes this one. */
    void endUpdate(String type, String system, String identifier) throws IOException {
        endAs(type + "?identifier=" + system + "|" + identifier);
    }

    void endAs(String url) throws IOException {
        json.writeEndObject();
        json.writeObjectFieldStart("request");
        json.writeStringField("method", "PUT");
        json.writeStringField("url", url);
        end();
    }

    private void end() throws IOException {
        json.writeEndObject();
        json.writeEndObject();
    }

    void identifiers(String system, String value) throws IOException {
        json.writeArrayFieldStart("identifier");
        identifier(system, value);
        json.writeEndArray();
    }

    void identifier(String system, String value) throws IOException {
        json.writeStartObject();
        json.writeStringField("system", system);
        json.writeStringField("value", value);
        json.writeEndObject();
    }

    void text(String field, @Nullable String text) throws IOException {
        if (text != null && !text.isBlank()) {
            json.writeStringField(field, text);
        }
    }

    void reference(String field, String url) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("reference", url);
        json.writeEndObject();
    }

    /** To something that is known by its identifier alone. */
    void logical(String field, String type, String system, String value) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("type", type);
        json.writeFieldName("identifier");
        identifier(system, value);
        json.writeEndObject();
    }

    void coding(String system, String code) throws IOException {
        json.writeStartObject();
        json.writeStringField("system", system);
        json.writeStringField("code", code);
        json.writeEndObject();
    }

    /** A concept with one code. */
    void concept(String field, String system, String code) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeArrayFieldStart("coding");
        coding(system, code);
        json.writeEndArray();
        json.writeEndObject();
    }

    void conceptList(String field, String system, String code) throws IOException {
        json.writeArrayFieldStart(field);
        json.writeStartObject();
        json.writeArrayFieldStart("coding");
        coding(system, code);
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
    }

    /** A number keeps its digits. */
    void number(String field, String digits) throws IOException {
        json.writeFieldName(field);
        json.writeNumber(digits);
    }

    void quantity(String field, String digits, @Nullable String unit, @Nullable String comparator) throws IOException {
        json.writeObjectFieldStart(field);
        number("value", digits);
        text("comparator", comparator);
        if (unit != null) {
            json.writeStringField("unit", unit);
            json.writeStringField("system", UCUM);
            json.writeStringField("code", unit);
        }
        json.writeEndObject();
    }

    static String instant(long ms) {
        return Instant.ofEpochMilli(ms).toString();
    }
}
