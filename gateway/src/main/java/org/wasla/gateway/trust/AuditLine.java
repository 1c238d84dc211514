package org.wasla.gateway.trust;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.wasla.gateway.command.DesiredReader;

/**
 * One record of the audit: {@code {"v":1,"gw":"gw-1","n":12,"t":1781596804105,"e":"command", ... ,"p":"...","h":"..."}}.
 * {@code p} is {@code h} of the record before, and {@code h} the SHA-256 of the record's bytes before {@code ,"h":}, both
 * in 64 hex digits. Immutable.
 *
 * @param text the record, one line
 * @param number {@code n}, from 1 up without holes
 * @param previous {@code p}; 64 zeros in the first record
 * @param hash {@code h} as it stands
 * @param fields what stands in it, scalars as text
 */
record AuditLine(String text, long number, String previous, String hash, Map<String, String> fields) {
    static final String START = "0".repeat(64);
    private static final String HASH = ",\"h\":\"";
    private static final int TAIL_CHARS = HASH.length() + 64 + 2;
    private static final JsonFactory JSON = new JsonFactory();

    AuditLine {
        fields = Map.copyOf(fields);
    }

    /** @param event what happened and its fields: nothing of a patient */
    static AuditLine of(
            String gateway, long number, long timeMs, String event, Map<String, String> fields, String previous) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("v", 1);
            json.writeStringField("gw", gateway);
            json.writeNumberField("n", number);
            json.writeNumberField("t", timeMs);
            json.writeStringField("e", event);
            for (Map.Entry<String, String> field : fields.entrySet()) {
                json.writeStringField(field.getKey(), field.getValue());
            }
            json.writeStringField("p", previous);
            json.writeEndObject();
        } catch (IOException neverInMemory) {
            throw new IllegalStateException(neverInMemory);
        }
        String open = text.toString().substring(0, text.getBuffer().length() - 1);
        String hash = hash(open);
        return new AuditLine(open + HASH + hash + "\"}", number, previous, hash, fields);
    }

    private static String hash(String text) {
        return DesiredReader.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Empty when the text is none. Whether its hash is right says {@link #isWhole}. */
    static Optional<AuditLine> read(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (!json.nextToken().isScalarValue()) {
                    return Optional.empty();
                }
                fields.put(name, json.getText());
            }
            String previous = fields.getOrDefault("p", "");
            String hash = fields.getOrDefault("h", "");
            long number = Long.parseLong(fields.getOrDefault("n", ""));
            return json.nextToken() == null
                    ? Optional.of(new AuditLine(text, number, previous, hash, fields))
                    : Optional.empty();
        } catch (IOException | NumberFormatException noRecord) {
            return Optional.empty();
        }
    }

    /** Whether no byte of it was changed since its hash was made. */
    boolean isWhole() {
        int end = text.length() - TAIL_CHARS;
        return end > 0
                && text.substring(end).equals(HASH + hash + "\"}")
                && hash(text.substring(0, end)).equals(hash);
    }
}
