package org.wasla.gateway.monitor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The health document as text for Prometheus (exposition format 0.0.4). What the document leaves out has no sample: absent
 * is never 0. Pure; thread-safe.
 */
public final class Exposition {
    /** What the answer says of itself. */
    public static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final List<Metric> metrics = Metric.all();
    private final JsonFactory json = new JsonFactory();

    /**
     * @param health the document
     * @return the samples, by metric in the order of the table
     */
    public String of(String health) {
        Map<Metric, StringBuilder> samples = new LinkedHashMap<>();
        metrics.forEach(metric -> samples.put(metric, new StringBuilder()));
        try (JsonParser parser = json.createParser(health)) {
            walk(parser, new ArrayList<>(), new HashMap<>(), samples);
        } catch (IOException ourBug) {
            throw new IllegalStateException("the health document is no JSON", ourBug);
        }
        StringBuilder text = new StringBuilder();
        samples.forEach((metric, found) -> {
            if (!found.isEmpty()) {
                String type = metric.type() == Metric.Type.COUNTER ? "counter" : "gauge";
                text.append("# HELP ").append(metric.name()).append(' ').append(metric.help());
                text.append("\n# TYPE ")
                        .append(metric.name())
                        .append(' ')
                        .append(type)
                        .append('\n');
                text.append(found);
            }
        });
        return text.toString();
    }

    /** Entries of a list have the path of the list; what they say in words tells them apart. */
    private void walk(
            JsonParser parser, List<String> path, Map<String, String> entry, Map<Metric, StringBuilder> samples)
            throws IOException {
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            switch (token) {
                case FIELD_NAME -> path.add(parser.currentName());
                case START_OBJECT, START_ARRAY -> {
                    boolean isEntry = token == JsonToken.START_OBJECT
                            && parser.getParsingContext().getParent().inArray();
                    walk(parser, path, isEntry ? new HashMap<>() : entry, samples);
                    leave(parser, path);
                }
                case END_OBJECT, END_ARRAY -> {
                    return;
                }
                default -> {
                    if (token == JsonToken.VALUE_STRING
                            && parser.getParsingContext().inObject()) {
                        entry.put(parser.currentName(), parser.getText());
                    }
                    tell(parser.getText(), path, entry, samples);
                    leave(parser, path);
                }
            }
        }
    }

    private static void leave(JsonParser parser, List<String> path) {
        if (parser.getParsingContext().inObject()) {
            path.remove(path.size() - 1);
        }
    }

    private void tell(String value, List<String> path, Map<String, String> entry, Map<Metric, StringBuilder> samples) {
        for (Metric metric : metrics) {
            Optional<Map<String, String>> labels = metric.matches(path, entry);
            if (labels.isPresent()) {
                if (metric.type() == Metric.Type.STATE) {
                    labels.get().put("state", value);
                }
                Objects.requireNonNull(samples.get(metric))
                        .append(metric.name())
                        .append(text(labels.get()))
                        .append(' ')
                        .append(number(value, metric))
                        .append('\n');
            }
        }
    }

    private static String number(String value, Metric metric) {
        if (metric.type() == Metric.Type.STATE || value.equals("true")) {
            return "1";
        }
        return value.equals("false")
                ? "0"
                : new BigDecimal(value)
                        .multiply(metric.factor())
                        .stripTrailingZeros()
                        .toPlainString();
    }

    private static String text(Map<String, String> labels) {
        if (labels.isEmpty()) {
            return "";
        }
        List<String> pairs = new ArrayList<>();
        labels.forEach((name, value) -> pairs.add(
                name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"'));
        return "{" + String.join(",", pairs) + "}";
    }
}
