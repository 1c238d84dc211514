package org.wasla.gateway.observation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stored record of observations, taken apart for a batch. Immutable. All texts are JSON as it was written.
 *
 * @param envelope what all rows of a batch have in common, as {@code "name":value} fields
 * @param idAt before which field of the envelope the id stands
 * @param seqAt the same for the number
 * @param clock the fields of {@code clk} but the device's offset
 */
record BatchRow(
        long seq,
        long timeMs,
        String id,
        @Nullable String deviceTime,
        @Nullable String clock,
        @Nullable String clockOffset,
        List<String> envelope,
        int idAt,
        int seqAt,
        List<Cell> cells) {

    private static final Set<String> NOT_IN_A_ROW = Set.of("why", "w", "cmp", "i");
    private static final Set<String> NOT_IN_AN_ENVELOPE = Set.of("rows", "cols", "q", "n", "dts", "late");

    BatchRow {
        envelope = List.copyOf(envelope);
        cells = List.copyOf(cells);
    }

    /**
     * One observation.
     *
     * @param column what it measures, as fields
     * @param value a number or a text, null when there is none
     * @param flag the flag with its quotes, or null
     */
    record Cell(
            String column, @Nullable String value, @Nullable String flag) {}

    /** Empty when the record says something that a row cannot say. */
    static Optional<BatchRow> of(byte[] record) {
        Reader reader = new Reader();
        return reader.read(new RawJson(record)) ? reader.row() : Optional.empty();
    }

    /** Collects the parts; one record. */
    private static final class Reader {
        private final List<String> envelope = new ArrayList<>();
        private final List<Cell> cells = new ArrayList<>();
        private int idAt;
        private int seqAt;
        private @Nullable String seq;
        private @Nullable String time;
        private @Nullable String id;
        private @Nullable String deviceTime;
        private @Nullable String clock;
        private @Nullable String clockOffset;

        boolean read(RawJson json) {
            if (!json.take('{')) {
                return false;
            }
            do {
                String name = json.name();
                String value = name == null ? null : json.value();
                if (name == null || value == null || !field(name, value)) {
                    return false;
                }
            } while (json.take(','));
            return json.take('}') && json.isAtEnd();
        }

        private boolean field(String name, String value) {
            switch (name) {
                case "seq" -> {
                    seq = value;
                    seqAt = envelope.size();
                }
                case "t" -> time = value;
                case "id" -> {
                    id = value;
                    idAt = envelope.size();
                }
                case "dt" -> deviceTime = value;
                case "mid" -> {
                    // Of one message, and so of one row: it is for the box itself.
                }
                case "clk" -> {
                    return clock(new RawJson(value));
                }
                case "obs" -> {
                    return observations(new RawJson(value));
                }
                default -> {
                    envelope.add("\"" + name + "\":" + value);
                    return !NOT_IN_AN_ENVELOPE.contains(name);
                }
            }
            return true;
        }

        private boolean clock(RawJson json) {
            StringBuilder others = new StringBuilder();
            if (!json.take('{')) {
                return false;
            }
            do {
                String name = json.name();
                String value = name == null ? null : json.value();
                if (name == null || value == null) {
                    return false;
                }
                if (name.equals("o")) {
                    clockOffset = value;
                } else {
                    field(others, name, value);
                }
            } while (json.take(','));
            clock = others.toString();
            return json.take('}');
        }

        private boolean observations(RawJson json) {
            if (!json.take('[')) {
                return false;
            }
            do {
                if (!observation(json)) {
                    return false;
                }
            } while (json.take(','));
            return json.take(']');
        }

        private boolean observation(RawJson json) {
            StringBuilder column = new StringBuilder();
            String value = null;
            String flag = null;
            if (!json.take('{')) {
                return false;
            }
            do {
                String name = json.name();
                String text = name == null ? null : json.value();
                if (name == null || text == null || NOT_IN_A_ROW.contains(name)) {
                    return false;
                }
                if (name.equals("q")) {
                    flag = text;
                } else if (name.equals("v") || name.equals("s")) {
                    if (value != null || text.startsWith("\"") != name.equals("s") || !isScalar(text)) {
                        return false;
                    }
                    value = text;
                } else {
                    field(column, name, text);
                }
            } while (json.take(','));
            cells.add(new Cell(column.toString(), value, flag));
            return json.take('}') && (value != null || flag != null) && (flag == null || flag.startsWith("\""));
        }

        private static boolean isScalar(String text) {
            char first = text.charAt(0);
            return first == '"' || first == '-' || first >= '0' && first <= '9';
        }

        private static void field(StringBuilder fields, String name, String value) {
            fields.append(fields.isEmpty() ? "\"" : ",\"")
                    .append(name)
                    .append("\":")
                    .append(value);
        }

        private Optional<BatchRow> row() {
            if (seq == null || time == null || id == null || envelope.isEmpty() || cells.isEmpty()) {
                return Optional.empty();
            }
            try {
                long number = Long.parseLong(seq);
                long timeMs = Long.parseLong(time);
                return Optional.of(
                        new BatchRow(number, timeMs, id, deviceTime, clock, clockOffset, envelope, idAt, seqAt, cells));
            } catch (NumberFormatException noNumber) {
                return Optional.empty();
            }
        }
    }
}
