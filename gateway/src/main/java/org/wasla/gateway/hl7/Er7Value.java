package org.wasla.gateway.hl7;

/** One repetition of a field. Components and subcomponents count from 1; what is not there is an empty text. Immutable. */
public final class Er7Value {
    /** A deliberate nothing. */
    static final String NULL = "\"\"";

    private final String raw;
    private final Er7Delimiters marks;
    private final Er7Message message;

    Er7Value(String raw, Er7Message message) {
        this(raw, message, message.delimiters());
    }

    private Er7Value(String raw, Er7Message message, Er7Delimiters marks) {
        this.raw = raw;
        this.message = message;
        this.marks = marks;
    }

    /** A text in which nothing parts and nothing escapes. */
    static Er7Value plain(String raw, Er7Message message) {
        char none = Er7Delimiters.NONE;
        return new Er7Value(raw, message, new Er7Delimiters(none, none, none, none, none));
    }

    /** @return as sent, with all that parts it and its escapes */
    public String raw() {
        return raw;
    }

    /** Whether nothing was sent, or nothing but marks between nothings. */
    public boolean isEmpty() {
        for (int i = 0; i < raw.length(); i++) {
            char letter = raw.charAt(i);
            if (letter != marks.component() && letter != marks.subcomponent()) {
                return raw.equals(NULL);
            }
        }
        return true;
    }

    /** @return all of it without escapes, components and their marks as sent */
    public String whole() {
        return raw.equals(NULL) ? "" : Er7Escape.read(raw, marks, message.charset());
    }

    /** @return how many components were sent, empty ones too; at least 1 */
    public int components() {
        int count = 1;
        for (int i = 0; i < raw.length(); i++) {
            count += raw.charAt(i) == marks.component() ? 1 : 0;
        }
        return count;
    }

    /** @return the first subcomponent of the first component */
    public String text() {
        return text(1, 1);
    }

    /** @return the first subcomponent of a component */
    public String text(int component) {
        return text(component, 1);
    }

    public String text(int component, int subcomponent) {
        String part = part(part(raw, marks.component(), component), marks.subcomponent(), subcomponent);
        return part.equals(NULL) ? "" : Er7Escape.read(part, marks, message.charset());
    }

    private static String part(String text, char mark, int number) {
        int from = 0;
        for (int i = 1; i < number; i++) {
            int next = text.indexOf(mark, from);
            if (next < 0) {
                return "";
            }
            from = next + 1;
        }
        int end = text.indexOf(mark, from);
        return text.substring(from, end < 0 ? text.length() : end);
    }
}
