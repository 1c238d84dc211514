package org.wasla.gateway.profile;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A value of a YAML file and its place. What is not of the asked type becomes a problem and a harmless stand-in, so
 * that reading goes on and all mistakes are found. One thread.
 */
public final class Entry {
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|min|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(KiB|MiB|GiB|B)");
    private final String file;
    private final String path;
    private final @Nullable Node node;
    private final int line;
    private final Problems problems;

    Entry(String file, String path, @Nullable Node node, int line, Problems problems) {
        this.file = file;
        this.path = path;
        this.node = node;
        this.line = line;
        this.problems = problems;
    }

    /** Whether nothing stands behind the key. */
    boolean isEmpty() {
        return node == null;
    }

    public boolean isText() {
        return node instanceof ScalarNode;
    }

    public boolean isEmptyList() {
        return node instanceof SequenceNode sequence && sequence.getValue().isEmpty();
    }

    public int line() {
        return line;
    }

    public void problem(String what, String remedy) {
        problems.add(file, line, path + " " + what, remedy);
    }

    /** @return the scalar as written, "" with a problem when it is none */
    public String text() {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        problem("is not a single value", "write one value");
        return "";
    }

    public String text(Pattern form, String remedy) {
        String text = text();
        if (!text.isEmpty() && !form.matcher(text).matches() || isText() && text.isEmpty()) {
            problem("is '" + text + "'", remedy);
        }
        return text;
    }

    /** Whole number, decimal or with 0x in front. */
    public int whole(int least, int most) {
        String text = text();
        try {
            int value = text.startsWith("0x") ? Integer.parseInt(text.substring(2), 16) : Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // told below, together with numbers out of range
        }
        if (isText()) {
            problem("is '" + text + "'", "write a whole number from " + least + " to " + most);
        }
        return least;
    }

    public BigDecimal number() {
        String text = text();
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException notANumber) {
            problem("is '" + text + "'", "write a number, such as 0.1");
            return BigDecimal.ONE;
        }
    }

    public boolean flag() {
        String text = text();
        if (!text.equals("true") && !text.equals("false") && isText()) {
            problem("is '" + text + "'", "write true or false");
        }
        return text.equals("true");
    }

    /** A time such as 250ms, 3s, 5min, 24h. */
    public long millis() {
        Matcher matcher = TIME.matcher(text());
        if (!matcher.matches()) {
            problem("is no time", "write a number with ms, s, min, h or d, such as 3s");
            return 1;
        }
        long unit = switch (matcher.group(2)) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "min" -> 60_000;
            case "h" -> 3_600_000;
            default -> 86_400_000;
        };
        return Long.parseLong(matcher.group(1)) * unit;
    }

    /** A size such as 8GiB. */
    public long bytes() {
        Matcher matcher = SIZE.matcher(text());
        if (!matcher.matches()) {
            problem("is no size", "write a number with B, KiB, MiB or GiB, such as 8GiB");
            return 1L << 30;
        }
        int shift = switch (matcher.group(2)) {
            case "B" -> 0;
            case "KiB" -> 10;
            case "MiB" -> 20;
            default -> 30;
        };
        return Long.parseLong(matcher.group(1)) << shift;
    }

    public Pattern pattern() {
        String text = text();
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException wrong) {
            problem("is no regular expression: " + wrong.getDescription(), "correct it near '" + text + "'");
            return Pattern.compile("");
        }
    }

    /** @return the path; empty, with a problem, when no path can be written so */
    public Optional<Path> file() {
        try {
            return Optional.of(Path.of(text()));
        } catch (InvalidPathException wrong) {
            problem("is no path", "leave out the character that no path can hold");
            return Optional.empty();
        }
    }

    public <E extends Enum<E>> E choice(Class<E> type) {
        String text = text();
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String name = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (name.equals(text)) {
                return constant;
            }
            names.add(name);
        }
        problem("is '" + text + "'", "write one of " + String.join(", ", names));
        return type.getEnumConstants()[0];
    }

    /** @return the elements; a single value counts as a list of one */
    public List<Entry> list() {
        if (node instanceof SequenceNode sequence) {
            List<Entry> entries = new ArrayList<>();
            for (Node element : sequence.getValue()) {
                entries.add(new Entry(file, path + "[" + entries.size() + "]", element, line(element), problems));
            }
            return entries;
        }
        return node == null ? List.of() : List.of(this);
    }

    public Section section() {
        Optional<MappingNode> map = node instanceof MappingNode mapping ? Optional.of(mapping) : Optional.empty();
        if (map.isEmpty() && node != null) {
            problem("is not a group of keys", "write it as {key: value} or with keys on lines below");
        }
        return new Section(file, path, map, line, problems);
    }

    /** The same value in YAML's flow form, on one line. Only of what was read: what is nested without end is not. */
    public String flow() {
        StringBuilder text = new StringBuilder();
        flow(node, text);
        return text.toString();
    }

    private static void flow(@Nullable Node node, StringBuilder text) {
        if (node instanceof ScalarNode scalar) {
            quote(scalar.getValue(), text);
        } else if (node instanceof SequenceNode sequence) {
            String before = "[";
            for (Node each : sequence.getValue()) {
                flow(each, text.append(before));
                before = ", ";
            }
            text.append(sequence.getValue().isEmpty() ? "[]" : "]");
        } else if (node instanceof MappingNode mapping) {
            String before = "{";
            for (NodeTuple each : mapping.getValue()) {
                flow(each.getKeyNode(), text.append(before));
                flow(each.getValueNode(), text.append(": "));
                before = ", ";
            }
            text.append(mapping.getValue().isEmpty() ? "{}" : "}");
        }
    }

    /** As YAML and JSON quote alike. */
    private static void quote(String value, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char each = value.charAt(i);
            if (each == '"' || each == '\\') {
                text.append('\\').append(each);
            } else if (each < ' ') {
                text.append(String.format("\\u%04x", (int) each));
            } else {
                text.append(each);
            }
        }
        text.append('"');
    }

    static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }
}
