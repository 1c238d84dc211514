package org.wasla.gateway.observation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a consumer makes of a message: a batch becomes its rows, as the contract says. Stateless. */
final class Expanded {

    private Expanded() {}

    /** One set: number, time, device time, and each observation as its fields in the order of names. */
    record Row(long seq, long timeMs, @Nullable Object deviceTime, List<Map<String, Object>> observations) {}

    static List<Row> of(byte[] json) {
        Map<String, Object> record = object(json);
        if (!record.containsKey("rows")) {
            List<Map<String, Object>> observations = new ArrayList<>();
            list(record, "obs").forEach(each -> observations.add(map(each)));
            return List.of(new Row(number(record, "seq"), number(record, "t"), record.get("dt"), observations));
        }
        List<Row> rows = new ArrayList<>();
        for (Object each : list(record, "rows")) {
            List<?> row = (List<?>) each;
            long seq = number(record, "seq") + rows.size();
            long timeMs =
                    number(record, "t") + Long.parseLong(row.get(0).toString().substring(1));
            Object deviceTime =
                    record.containsKey("dts") ? deviceTime(list(record, "dts"), rows.size()) : record.get("dt");
            rows.add(new Row(
                    seq, timeMs, NONE.equals(deviceTime) ? null : deviceTime, observations(record, row, rows.size())));
        }
        return rows;
    }

    private static Object deviceTime(List<?> times, int row) {
        String first = times.stream()
                .filter(each -> !NONE.equals(each))
                .findFirst()
                .orElseThrow()
                .toString();
        String time = times.get(row).toString();
        if (NONE.equals(time) || time.length() == first.length()) {
            return time;
        }
        return first.substring(0, first.length() - time.length() + 1) + time.substring(1);
    }

    private static List<Map<String, Object>> observations(Map<String, Object> record, List<?> row, int number) {
        List<Map<String, Object>> observations = new ArrayList<>();
        List<?> columns = list(record, "cols");
        for (int i = 0; i < columns.size(); i++) {
            Map<String, Object> observation = new TreeMap<>(map(columns.get(i)));
            Object value = i + 1 < row.size() ? row.get(i + 1) : NONE;
            if (!NONE.equals(value)) {
                observation.put(value.toString().startsWith("#") ? "v" : "s", value);
            }
            for (Object flag : record.containsKey("q") ? list(record, "q") : List.of()) {
                List<?> place = (List<?>) flag;
                if (place.get(0).equals("#" + number) && place.get(1).equals("#" + i)) {
                    observation.put("q", place.get(2));
                }
            }
            if (observation.containsKey("v") || observation.containsKey("s") || observation.containsKey("q")) {
                observations.add(observation);
            }
        }
        return observations;
    }

    private static final String NONE = "none";

    private static long number(Map<String, Object> record, String name) {
        return Long.parseLong(String.valueOf(record.get(name)).substring(1));
    }

    private static List<?> list(Map<String, Object> record, String name) {
        return (List<?>) java.util.Objects.requireNonNull(record.get(name), name);
    }

    private static Map<String, Object> map(Object value) {
        Map<String, Object> copy = new TreeMap<>();
        ((Map<?, ?>) value).forEach((name, each) -> copy.put(name.toString(), each));
        return copy;
    }

    private static Map<String, Object> object(byte[] json) {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            parser.nextToken();
            return map(value(parser));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Numbers as their digits behind a "#", texts behind a "'", so that both stay what they are. */
    private static Object value(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            Map<String, Object> map = new TreeMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (map.put(name, value(parser)) != null) {
                    throw new IOException("twice: " + name);
                }
            }
            return map;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(value(parser));
            }
            return list;
        }
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return NONE;
        }
        return (parser.currentToken().isNumeric() ? "#" : "'") + parser.getText();
    }
}
