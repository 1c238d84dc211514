package org.wasla.gateway.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record as a subscriber got it. Immutable.
 *
 * @param numbers how many numbers of its stream it takes: the rows of a batch, else 1
 * @param isLate whether it waited in the gateway's buffer, or was asked for again
 * @param patient the pseudonym of whom it is of, empty for nobody
 * @param study of an examination's record, else null
 * @param values what it says, for people: "spo2 98 %"
 */
record Received(
        String gateway,
        String epoch,
        String device,
        String kind,
        long seq,
        long numbers,
        long timeMs,
        boolean isLate,
        String patient,
        @Nullable Study study,
        List<String> values) {
    /** What people look for first in an examination. */
    private static final List<String> FIRST =
            List.of("ctdi-vol", "dlp-total", "dap-total", "fluoro-time-total", "bpd", "lvef");

    Received {
        values = List.copyOf(values);
    }

    /** Empty when the payload is no record: a state, a snapshot, something of another program. */
    static Optional<Received> of(byte[] payload) {
        Optional<Map<String, @Nullable Object>> json = Json.object(payload);
        if (json.isEmpty() || !json.get().containsKey("seq")) {
            return Optional.empty();
        }
        Map<String, @Nullable Object> record = json.get();
        try {
            return Optional.of(new Received(
                    text(record, "gw"),
                    text(record, "ep"),
                    text(record, "dev"),
                    text(record, "k"),
                    Long.parseLong(text(record, "seq")),
                    record.containsKey("rows") ? Long.parseLong(text(record, "n")) : 1,
                    Long.parseLong(text(record, "t")),
                    record.containsKey("late"),
                    record.get("pat") instanceof Map<?, ?> patient ? String.valueOf(patient.get("ref")) : "",
                    study(record),
                    values(record)));
        } catch (NumberFormatException noRecord) {
            return Optional.empty();
        }
    }

    /**
     * The study that a record tells of.
     *
     * @param step such as "opened", empty where the record is no event of the study
     * @param text for people: "CT SR, 25 objects"
     */
    record Study(String step, String text) {
        boolean isClosed() {
            return step.equals("closed");
        }
    }

    private static @Nullable Study study(Map<String, @Nullable Object> record) {
        String event = text(record, "e");
        if (event.startsWith("study-")) {
            return new Study(
                    event.substring("study-".length()),
                    text(record, "mod") + ", " + text(record, "instances") + " objects");
        }
        return record.get("exam") instanceof Map<?, ?> ? new Study("", "") : null;
    }

    /** The stream that a gap event names, and its numbers. */
    record Gap(String stream, long from, long to) {
        /** The device of the stream: what stands before its kind, behind gateway and epoch. */
        String device() {
            String[] levels = stream.split("\\.");
            return levels.length < 2 ? stream : levels[levels.length - 2];
        }
    }

    /** Empty when the payload is no gap event. {@code of} in the event is "dev.k". */
    static Optional<Gap> gap(byte[] payload) {
        Optional<Map<String, @Nullable Object>> json = Json.object(payload);
        if (json.isEmpty() || !text(json.get(), "e").equals("gap")) {
            return Optional.empty();
        }
        Map<String, @Nullable Object> event = json.get();
        try {
            String stream = text(event, "gw") + "." + text(event, "ep") + "." + text(event, "of");
            return Optional.of(new Gap(stream, Long.parseLong(text(event, "from")), Long.parseLong(text(event, "to"))));
        } catch (NumberFormatException noGap) {
            return Optional.empty();
        }
    }

    String stream() {
        return gateway + "." + epoch + "." + device + "." + kind;
    }

    private static List<String> values(Map<String, @Nullable Object> record) {
        List<String> values = new ArrayList<>();
        if (record.get("obs") instanceof List<?> observations) {
            coded(observations, true, values);
            coded(observations, false, values);
        } else if (record.containsKey("exam") && record.get("res") instanceof List<?> results) {
            examined(results, values);
        } else if (record.get("res") instanceof List<?> results) {
            values.add("specimen " + text(record, "sp").strip());
            coded(results, true, values);
            coded(results, false, values);
        } else if (record.get("cols") instanceof List<?> columns && record.get("rows") instanceof List<?> rows) {
            List<Map<String, @Nullable Object>> newest = newest(columns, rows);
            coded(newest, true, values);
            coded(newest, false, values);
        } else if (record.get("d") instanceof List<?> samples) {
            values.add(word(record.get("n"), record.get("r")) + " " + samples.size() + " samples");
        } else if (record.containsKey("phase")) {
            values.add("alarm " + text(record, "phase") + ": " + word(record.get("txt"), record.get("a")) + " ("
                    + text(record, "prio") + ")");
        } else if (record.containsKey("e")) {
            String what = record.containsKey("of")
                    ? " " + text(record, "of") + " " + text(record, "from") + ".." + text(record, "to")
                    : "";
            values.add(text(record, "e") + what + " " + text(record, "why"));
        }
        return values;
    }

    /** The observations of the last row of a batch that has some. */
    private static List<Map<String, @Nullable Object>> newest(List<?> columns, List<?> rows) {
        List<Map<String, @Nullable Object>> newest = new ArrayList<>();
        for (int i = rows.size() - 1; i >= 0 && newest.isEmpty(); i--) {
            if (rows.get(i) instanceof List<?> row) {
                for (int j = 1; j < row.size() && j <= columns.size(); j++) {
                    if (row.get(j) != null && columns.get(j - 1) instanceof Map<?, ?> column) {
                        Map<String, @Nullable Object> observation = new LinkedHashMap<>();
                        column.forEach((name, value) -> observation.put(String.valueOf(name), value));
                        observation.put("v", row.get(j));
                        newest.add(observation);
                    }
                }
            }
        }
        return newest;
    }

    /** What has a standard code comes first: it is what people look for. */
    private static void coded(List<?> observations, boolean isCoded, List<String> values) {
        for (Object observation : observations) {
            if (observation instanceof Map<?, ?> map && map.containsKey("c") == isCoded) {
                values.add(value(map));
            }
        }
    }

    /** Of a report with hundreds of items the figures that have a name; what is looked for first stands first. */
    private static void examined(List<?> results, List<String> values) {
        for (Object result : results) {
            if (result instanceof Map<?, ?> map && map.containsKey("n") && map.containsKey("v")) {
                values.add(value(map));
            }
        }
        values.sort(Comparator.comparing(value -> !FIRST.contains(value.split(" ", 2)[0])));
    }

    private static String value(Map<?, ?> observation) {
        StringBuilder text = new StringBuilder(word(observation.get("n"), observation.get("r"))).append(' ');
        if (observation.containsKey("v")) {
            text.append(observation.containsKey("cmp") ? observation.get("cmp") : "")
                    .append(observation.get("v"));
        } else if (observation.containsKey("s")) {
            text.append(observation.get("s"));
        } else {
            text.append("--");
        }
        if (observation.containsKey("u") && observation.containsKey("v")) {
            text.append(' ').append(observation.get("u"));
        }
        if (observation.containsKey("q")) {
            text.append(" (")
                    .append(word(observation.get("why"), observation.get("q")))
                    .append(')');
        }
        return text.toString();
    }

    private static String word(@Nullable Object first, @Nullable Object second) {
        return String.valueOf(first == null ? second : first);
    }

    private static String text(Map<String, @Nullable Object> record, String field) {
        Object value = record.get(field);
        return value == null ? "" : value.toString();
    }
}
