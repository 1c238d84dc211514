package org.wasla.gateway.codec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of E1394 (LIS02). Fields, repeats and components count from 1; the type of the record is field 1. What is
 * not there is empty. Immutable.
 *
 * @param fields as sent
 */
record AstmRecord(List<String> fields, Delimiters marks) {
    AstmRecord {
        fields = List.copyOf(fields);
    }

    /** What stands between fields, repeats and components, and around escapes; a header says it. */
    record Delimiters(char field, char repeat, char component, char escape) {
        static final Delimiters USUAL = new Delimiters('|', '\\', '^', '&');

        /** @return those of a header, the usual ones for what it does not say */
        static Delimiters of(String header) {
            return new Delimiters(
                    at(header, 1, USUAL.field),
                    at(header, 2, USUAL.repeat),
                    at(header, 3, USUAL.component),
                    at(header, 4, USUAL.escape));
        }

        private static char at(String header, int index, char usual) {
            return index < header.length() ? header.charAt(index) : usual;
        }
    }

    static AstmRecord of(String text, Delimiters marks) {
        return new AstmRecord(split(text, marks.field()), marks);
    }

    char type() {
        String first = fields.get(0).strip();
        return first.isEmpty() ? ' ' : Character.toUpperCase(first.charAt(0));
    }

    int size() {
        return fields.size();
    }

    private String raw(int field) {
        return field <= fields.size() ? fields.get(field - 1) : "";
    }

    /** @return the field with {@code ^} between components and {@code ~} between repeats, whatever the device sends */
    String whole(int field) {
        String sent = raw(field);
        if (sent.indexOf(marks.repeat()) < 0 && sent.indexOf(marks.component()) < 0) {
            return unescape(sent);
        }
        List<String> repeats = new ArrayList<>();
        for (String repeat : split(sent, marks.repeat())) {
            List<String> components = new ArrayList<>();
            split(repeat, marks.component()).forEach(component -> components.add(unescape(component)));
            repeats.add(String.join("^", components));
        }
        return String.join("~", repeats);
    }

    /** @return the components of the first repeat */
    List<String> components(int field) {
        List<String> components = new ArrayList<>();
        for (String component : split(split(raw(field), marks.repeat()).get(0), marks.component())) {
            components.add(unescape(component).strip());
        }
        return components;
    }

    String component(int field, int component) {
        List<String> components = components(field);
        return component <= components.size() ? components.get(component - 1) : "";
    }

    private static List<String> split(String text, char at) {
        int next = text.indexOf(at);
        if (next < 0) {
            return List.of(text);
        }
        List<String> parts = new ArrayList<>();
        int from = 0;
        while (next >= 0) {
            parts.add(text.substring(from, next));
            from = next + 1;
            next = text.indexOf(at, from);
        }
        parts.add(text.substring(from));
        return parts;
    }

    /** An escape that is not known stands as it was sent. */
    private String unescape(String text) {
        if (text.indexOf(marks.escape()) < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int from = 0;
        while (from < text.length()) {
            int end = text.charAt(from) == marks.escape() ? text.indexOf(marks.escape(), from + 1) : -1;
            String meaning = end < 0 ? null : meaning(text.substring(from + 1, end));
            if (meaning == null) {
                out.append(text.charAt(from));
                from++;
            } else {
                out.append(meaning);
                from = end + 1;
            }
        }
        return out.toString();
    }

    private @Nullable String meaning(String code) {
        return switch (code) {
            case "F" -> String.valueOf(marks.field());
            case "S" -> String.valueOf(marks.component());
            case "R" -> String.valueOf(marks.repeat());
            case "E" -> String.valueOf(marks.escape());
            case "H", "N" -> "";
            default -> hex(code);
        };
    }

    private static @Nullable String hex(String code) {
        if (!code.matches("X(?:[0-9A-Fa-f]{2}){1,32}")) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < code.length(); i += 2) {
            text.append((char) Integer.parseInt(code.substring(i, i + 2), 16));
        }
        return text.toString();
    }
}
