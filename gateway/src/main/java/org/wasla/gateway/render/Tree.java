package org.wasla.gateway.render;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON object as it was read: texts, whole objects and lists; a number is the text of its digits. Immutable. */
public final class Tree {
    private static final JsonFactory JSON = new JsonFactory();
    private final Map<String, Object> fields;

    private Tree(Map<String, Object> fields) {
        this.fields = fields;
    }

    /** @throws IOException when it is no JSON object */
    public static Tree read(byte[] json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no JSON object");
            }
            return object(parser);
        }
    }

    private static Tree object(JsonParser parser) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            Object value = value(parser);
            if (value != null) {
                fields.put(name, value);
            }
        }
        return new Tree(fields);
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    Object each = value(parser);
                    list.add(each == null ? "" : each);
                }
                yield list;
            }
            case VALUE_NULL -> null;
            default -> parser.getText();
        };
    }

    public boolean has(String name) {
        return fields.containsKey(name);
    }

    /** @return a text, or a number's digits; null when there is none */
    public @Nullable String get(String name) {
        return fields.get(name) instanceof String text ? text : null;
    }

    public String text(String name) {
        String text = get(name);
        return text == null ? "" : text;
    }

    public long whole(String name) {
        return Long.parseLong(text(name));
    }

    public @Nullable Tree tree(String name) {
        return fields.get(name) instanceof Tree tree ? tree : null;
    }

    public List<Tree> trees(String name) {
        List<Tree> trees = new ArrayList<>();
        if (fields.get(name) instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Tree tree) {
                    trees.add(tree);
                }
            }
        }
        return trees;
    }

    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        if (fields.get(name) instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof String text) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    /** Lists in a list, of texts. */
    List<List<String>> lists(String name) {
        List<List<String>> lists = new ArrayList<>();
        if (fields.get(name) instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof List<?> inner) {
                    lists.add(inner.stream().map(String::valueOf).toList());
                }
            }
        }
        return lists;
    }
}
