package org.wasla.gateway.command;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An object of an order or a signed statement, and where it stands in it; tells what is wrong with its fields, all of it. One thread. A field
 * of the patient is told by its name alone: a problem goes into answers and logs.
 */
public final class Body {
    private static final int DEPTH_MAX = 8;
    private static final int SHOWN_MAX = 40;
    /** What is null, or nested too deep: it was said, and says nothing. */
    private static final Object NOTHING = new Object();

    private static final String MISSING = " is missing";
    private static final Pattern PLAIN = Pattern.compile("[^\\p{Cntrl}]*");

    private final Map<String, Object> fields;
    private final String place;
    private final boolean isSecret;
    private final List<String> problems;

    private Body(Map<String, Object> fields, String place, boolean isSecret, List<String> problems) {
        this.fields = fields;
        this.place = place;
        this.isSecret = isSecret;
        this.problems = problems;
    }

    /** @return the object; one without fields, and a problem, when the bytes are none */
    public static Body read(JsonParser json, List<String> problems) throws IOException {
        Map<String, Object> fields = Map.of();
        if (json.nextToken() != JsonToken.START_OBJECT) {
            problems.add("the payload is no JSON object; write {...}");
        } else {
            fields = object(json, 1);
            if (json.nextToken() != null) {
                problems.add("more than one JSON object; write one");
            }
        }
        return new Body(fields, "", false, problems);
    }

    static Body empty(List<String> problems) {
        return new Body(Map.of(), "", false, problems);
    }

    private static Map<String, Object> object(JsonParser json, int depth) throws IOException {
        Map<String, Object> fields = new HashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            Object value = value(json, depth);
            fields.put(name, value == null ? NOTHING : value);
        }
        return fields;
    }

    /** A text, a number as it is written, a list or an object; null for null and for what is nested too deep. */
    private static @Nullable Object value(JsonParser json, int depth) throws IOException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token.isScalarValue()) {
            return json.getText();
        }
        if (depth >= DEPTH_MAX) {
            json.skipChildren();
            return null;
        }
        if (token == JsonToken.START_OBJECT) {
            return object(json, depth + 1);
        }
        List<Object> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY && json.currentToken() != null) {
            Object each = value(json, depth + 1);
            list.add(each == null ? "" : each);
        }
        return list;
    }

    public void problem(String what) {
        problems.add(place.isEmpty() ? what : place + ": " + what);
    }

    private void problem(String name, String what, String remedy) {
        problems.add((place.isEmpty() ? name : place + "." + name) + what + "; write " + remedy);
    }

    /** Whether the field has a value. */
    public boolean has(String name) {
        Object value = fields.get(name);
        return value != null && value != NOTHING;
    }

    /** Whether the field is there, be it null. */
    public boolean says(String name) {
        return fields.containsKey(name);
    }

    /** @return the field as it is written, empty when it is not there or no scalar */
    public String plain(String name) {
        return fields.get(name) instanceof String text ? text : "";
    }

    /** A text of any form that may be left out; what is there and is none is a problem. @return null when it is left out */
    @Nullable
    String whole(String name) {
        if (!says(name)) {
            return null;
        }
        if (!(fields.get(name) instanceof String)) {
            problem(name + " is no text; write one, or leave it out");
        }
        return plain(name);
    }

    /** A field that must be there. */
    public String text(String name, Pattern form, String remedy) {
        String text = plain(name);
        if (!form.matcher(text).matches()) {
            wrong(name, text, remedy);
        }
        return text;
    }

    /** A field that may be left out. */
    public String optional(String name, Pattern form, String remedy) {
        return has(name) ? text(name, form, remedy) : "";
    }

    /** A line of free text that may be left out. */
    public String words(String name, int most) {
        if (!has(name)) {
            return "";
        }
        String text = plain(name);
        boolean isText = fields.get(name) instanceof String;
        if (!isText || text.length() > most || !PLAIN.matcher(text).matches()) {
            problem(name, " is no line of text", "up to " + most + " characters on one line");
            return "";
        }
        return text.strip();
    }

    public long number(String name, long least, long most) {
        String text = plain(name);
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            // told below, together with numbers out of range
        }
        wrong(name, text, "a whole number from " + least + " to " + most);
        return least;
    }

    private void wrong(String name, String text, String remedy) {
        String found = isSecret && !text.isEmpty() ? " is of no such form" : " is '" + shown(text) + "'";
        problem(name, has(name) && !"".equals(fields.get(name)) ? found : MISSING, remedy);
    }

    /** The texts of a list that may be left out. */
    public List<String> texts(String name, int most, Pattern form, String remedy) {
        List<String> texts = new ArrayList<>();
        for (Object each : list(name, most)) {
            if (each instanceof String text && form.matcher(text).matches()) {
                texts.add(text);
            } else {
                problem(name, " holds '" + (each instanceof String text ? shown(text) : "...") + "'", remedy);
            }
        }
        return texts;
    }

    /** The texts of an object that may be left out, by name. */
    Map<String, String> scalars(String name, int most) {
        Map<String, String> texts = new TreeMap<>();
        Body body = body(name, isSecret);
        if (body != null && body.fields.size() > most) {
            problem(name, " has " + body.fields.size() + " members", "at most " + most);
        } else if (body != null) {
            body.fields.forEach((key, value) -> {
                if (value instanceof String text) {
                    texts.put(key, text);
                } else {
                    problem(name, " holds what is no text", "texts");
                }
            });
        }
        return texts;
    }

    /** Tells of members that nobody knows. */
    void only(Set<String> known) {
        for (String name : new TreeSet<>(fields.keySet())) {
            if (!known.contains(name)) {
                problem("'" + shown(name) + "' is not known; write only " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    /** The objects of a list. */
    public List<Body> bodies(String name, int most) {
        List<Body> bodies = new ArrayList<>();
        int index = 0;
        for (Object each : list(name, most)) {
            Body body = body(each, name + "[" + index++ + "]", isSecret);
            if (body == null) {
                problem(name, " holds what is no object", "[{...}]");
            } else {
                bodies.add(body);
            }
        }
        return bodies;
    }

    private List<?> list(String name, int most) {
        if (!has(name)) {
            return List.of();
        }
        Object found = fields.get(name);
        if (!(found instanceof List<?> list)) {
            problem(name, " is no list", "[...]");
            return List.of();
        }
        if (list.size() > most) {
            problem(name, " has " + list.size() + " entries", "at most " + most);
            return list.subList(0, most);
        }
        return list;
    }

    /**
     * An object that may be left out, or null.
     *
     * @param isOfPatient whether what is in it is shown to nobody
     */
    @Nullable
    Body body(String name, boolean isOfPatient) {
        if (!has(name)) {
            return null;
        }
        Body body = body(fields.get(name), name, isOfPatient);
        if (body == null) {
            problem(name, " is no object", "{...}");
        }
        return body;
    }

    @SuppressWarnings("unchecked")
    private @Nullable Body body(@Nullable Object of, String name, boolean isOfPatient) {
        String where = place.isEmpty() ? name : place + "." + name;
        return of instanceof Map<?, ?> ? new Body((Map<String, Object>) of, where, isOfPatient, problems) : null;
    }

    public static String shown(String text) {
        String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() <= SHOWN_MAX ? plain : plain.substring(0, SHOWN_MAX) + "...";
    }
}
