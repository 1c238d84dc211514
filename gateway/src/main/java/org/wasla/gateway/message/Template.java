package org.wasla.gateway.message;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;

/**
 * Bytes to send, one character a byte: {@code {name}} stands for a variable or a field, {@code {check}} for the check of
 * what stands before it, <code>{{</code> for one brace. Immutable.
 */
public record Template(List<Part> parts) {
    /** The name that stands for the check. */
    public static final String CHECK = "check";

    private static final Pattern MARK = Pattern.compile("\\{\\{|\\{([A-Za-z0-9-]+)}");

    public Template {
        parts = List.copyOf(parts);
    }

    /** A piece of the bytes: as written, or a name for what is known when they are sent. */
    public sealed interface Part {
        record Literal(String text) implements Part {}

        record Name(String name) implements Part {}
    }

    public static Template parse(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher matcher = MARK.matcher(text);
        int from = 0;
        while (matcher.find()) {
            parts.add(new Part.Literal(text.substring(from, matcher.start())));
            String name = matcher.group(1);
            parts.add(name == null ? new Part.Literal("{") : new Part.Name(name));
            from = matcher.end();
        }
        parts.add(new Part.Literal(text.substring(from)));
        return new Template(parts);
    }

    /** @return the names in it, in their order */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Part.Name name) {
                names.add(name.name());
            }
        }
        return names;
    }

    /** @return the bytes, or null when a name has no value yet: half a question must not be sent */
    @Nullable
    Bytes fill(Function<String, @Nullable String> values, @Nullable SendCheck check) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Literal literal) {
                text.append(literal.text());
                continue;
            }
            String name = ((Part.Name) part).name();
            String value = check != null && name.equals(CHECK) ? check.of(text.toString()) : values.apply(name);
            if (value == null) {
                return null;
            }
            text.append(value);
        }
        return Bytes.latin1(text.toString());
    }
}
