package org.wasla.gateway.monitor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which figure of the health document is which metric: a line of {@code metrics.tsv}. Immutable.
 *
 * @param path names of the fields from the outside in; one in braces matches any and is a label
 * @param factor from the document's unit to the metric's: seconds and bytes
 * @param unit what one of it is, after the factor
 * @param labels fields of the same entry of a list that tell entries apart
 * @param help what it counts, English
 * @param french the same, French
 */
public record Metric(
        List<String> path,
        String name,
        Type type,
        BigDecimal factor,
        String unit,
        List<String> labels,
        String help,
        String french) {
    private static final int COLUMNS = 8;

    /** What its values are. A state is a word: its metric is 1, with the word as a label. */
    public enum Type {
        GAUGE,
        COUNTER,
        STATE
    }

    public Metric {
        path = List.copyOf(path);
        labels = List.copyOf(labels);
    }

    /** All that there are, in the order in which they are told. */
    public static List<Metric> all() {
        try (InputStream in = Objects.requireNonNull(Metric.class.getResourceAsStream("metrics.tsv"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            List<Metric> all = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    all.add(of(line.split("\t", COLUMNS)));
                }
            }
            return all;
        } catch (IOException broken) {
            throw new UncheckedIOException("metrics.tsv of this program cannot be read", broken);
        }
    }

    private static Metric of(String[] columns) {
        return new Metric(
                List.of(columns[0].split("\\.")),
                columns[1],
                Type.valueOf(columns[2].toUpperCase(Locale.ROOT)),
                new BigDecimal(columns[3]),
                columns[4],
                columns[5].isEmpty() ? List.of() : List.of(columns[5].split(",")),
                columns[6],
                columns[7]);
    }

    /** Puts what the braces of its path stand for into {@code labels}; empty when the path is another one. */
    Optional<Map<String, String>> matches(List<String> fields, Map<String, String> entry) {
        if (fields.size() != path.size()) {
            return Optional.empty();
        }
        Map<String, String> found = new LinkedHashMap<>();
        for (String label : labels) {
            found.put(label, entry.getOrDefault(label, ""));
        }
        for (int i = 0; i < fields.size(); i++) {
            String wanted = path.get(i);
            if (wanted.startsWith("{")) {
                found.put(wanted.substring(1, wanted.length() - 1), fields.get(i));
            } else if (!wanted.equals(fields.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(found);
    }
}
