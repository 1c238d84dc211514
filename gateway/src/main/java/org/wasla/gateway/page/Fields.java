package org.wasla.gateway.page;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Reads what the page sends: one flat JSON object of texts and yes or no. Stateless. */
final class Fields {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final int FIELDS_MAX = 20;
    private static final int CHARS_MAX = 1_000;

    private Fields() {}

    /** @throws IOException when it is anything else */
    static Map<String, String> read(byte[] body) throws IOException {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser json = JSON.createParser(body)) {
            boolean isObject = json.nextToken() == JsonToken.START_OBJECT;
            while (isObject && json.nextToken() == JsonToken.FIELD_NAME && fields.size() < FIELDS_MAX) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                boolean isPlain = value == JsonToken.VALUE_STRING || value.isBoolean();
                if (!isPlain || json.getTextLength() > CHARS_MAX) {
                    throw new IOException("no text: " + name);
                }
                fields.put(name, json.getText());
            }
            if (!isObject || json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                throw new IOException("no flat object");
            }
        }
        return fields;
    }
}
