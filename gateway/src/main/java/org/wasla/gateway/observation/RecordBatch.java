package org.wasla.gateway.observation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.BatchRow.Cell;

/**
 * Several stored observation records of one stream with consecutive numbers, as one (design, section 3, "batch"):
 *
 * <pre>
 * envelope   that of the first row: id, seq, t are its own; clk.o only when all rows have the same
 * n          number of rows
 * cols       [{c,n,r,l,u,m}]  what is measured
 * rows       [[dt_ms, v1, v2, ...]]  ms after t; a number, a text, or null when absent; nulls at the end left out
 * q          [[row, col, flag]]
 * dts        [text or null]  device times of the rows, where dt is not the same for all: the first text whole; a
 *            shorter one replaces as many characters at the end of the first
 * </pre>
 *
 * Only what loses nothing goes in: numbers keep their digits, and expanding gives the observations of every record in
 * their order. One thread.
 */
public final class RecordBatch {

    private static final int COLUMNS_MAX = 512;
    private static final int FRAME_BYTES = 64;

    private final int rowsMax;
    private final int bytesMax;
    private final BatchRow first;
    private final List<BatchRow> rows = new ArrayList<>();
    /** Columns by what they measure; the same meaning twice in one record takes two. */
    private final Map<String, Integer> columns = new HashMap<>();

    private final List<String> columnTexts = new ArrayList<>();
    private final List<String> rowTexts = new ArrayList<>();
    private final List<String> flags = new ArrayList<>();
    private int bytes;

    private RecordBatch(BatchRow first, int rowsMax, int bytesMax) {
        this.first = first;
        this.rowsMax = rowsMax;
        this.bytesMax = bytesMax;
        first.envelope().forEach(field -> bytes += field.length() + 1);
    }

    /** Begins with this record; empty when it cannot be a row, or is as large as a batch may be. */
    public static Optional<RecordBatch> of(byte[] record, int rowsMax, int bytesMax) {
        Optional<BatchRow> row = record.length > bytesMax ? Optional.empty() : BatchRow.of(record);
        Optional<RecordBatch> batch = row.map(first -> new RecordBatch(first, rowsMax, bytesMax));
        return batch.isPresent() && batch.get().add(row.orElseThrow()) ? batch : Optional.empty();
    }

    /** Adds the next record of the stream; false when it has to go on its own, and the batch is as before. */
    public boolean add(byte[] record) {
        if (rows.size() >= rowsMax || bytes + record.length / 8 > bytesMax) {
            return false;
        }
        return BatchRow.of(record).map(this::add).orElse(false);
    }

    public int rows() {
        return rows.size();
    }

    private boolean add(BatchRow row) {
        if (row.seq() != first.seq() + rows.size()
                || !row.envelope().equals(first.envelope())
                || !Objects.equals(row.clock(), first.clock())
                || !isLikeBefore(row.deviceTime())) {
            return false;
        }
        int[] places = places(row.cells());
        return places.length > 0 && put(row, places);
    }

    /** Of one length, so that the end of one can stand for it. */
    private boolean isLikeBefore(@Nullable String deviceTime) {
        return deviceTime == null
                || !deviceTime.contains("\\")
                        && rows.stream()
                                .allMatch(row -> row.deviceTime() == null
                                        || row.deviceTime().length() == deviceTime.length());
    }

    /** In which column each cell goes, in rising order; empty when that cannot be. */
    private int[] places(List<Cell> cells) {
        int[] places = new int[cells.size()];
        int next = columnTexts.size();
        int last = -1;
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < places.length; i++) {
            String column = cells.get(i).column();
            int time = seen.merge(column, 1, Integer::sum);
            Integer known = columns.get(key(column, time));
            int place = known == null ? next++ : known;
            if (place <= last || next > COLUMNS_MAX) {
                return new int[0];
            }
            last = place;
            places[i] = place;
        }
        return places;
    }

    private static String key(String column, int time) {
        return time == 1 ? column : column + "#" + time;
    }

    private boolean put(BatchRow row, int[] places) {
        String text = text(row, places);
        int more = text.length() + FRAME_BYTES;
        for (int i = 0; i < places.length; i++) {
            more += places[i] >= columnTexts.size()
                    ? row.cells().get(i).column().length() + 3
                    : 0;
        }
        if (!rows.isEmpty() && bytes + more > bytesMax) {
            return false;
        }
        bytes += more;
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < places.length; i++) {
            Cell cell = row.cells().get(i);
            int time = seen.merge(cell.column(), 1, Integer::sum);
            if (places[i] == columnTexts.size()) {
                columns.put(key(cell.column(), time), places[i]);
                columnTexts.add("{" + cell.column() + "}");
            }
            if (cell.flag() != null) {
                flags.add("[" + rows.size() + "," + places[i] + "," + cell.flag() + "]");
                bytes += cell.flag().length() + 12;
            }
        }
        rows.add(row);
        rowTexts.add(text);
        return true;
    }

    private String text(BatchRow row, int[] places) {
        StringBuilder text = new StringBuilder("[").append(row.timeMs() - first.timeMs());
        int column = 0;
        for (int i = 0; i < places.length; i++) {
            String value = row.cells().get(i).value();
            if (value != null) {
                text.append(",null".repeat(places[i] - column)).append(',').append(value);
                column = places[i] + 1;
            }
        }
        return text.append(']').toString();
    }

    /** The batch as one JSON object, UTF-8. */
    public byte[] json() {
        StringBuilder json = new StringBuilder(bytes + 256).append('{');
        List<String> fields = new ArrayList<>(first.envelope());
        String number = "\"seq\":" + first.seq() + ",\"n\":" + rows.size();
        // Where they stood in the record; what stands further behind goes in first.
        boolean idIsFirst = first.idAt() <= first.seqAt();
        fields.add(idIsFirst ? first.seqAt() : first.idAt(), idIsFirst ? number : "\"id\":" + first.id());
        fields.add(idIsFirst ? first.idAt() : first.seqAt(), idIsFirst ? "\"id\":" + first.id() : number);
        json.append(String.join(",", fields));
        json.append(",\"t\":").append(first.timeMs());
        deviceTimes(json);
        clock(json);
        list(json, "cols", columnTexts);
        list(json, "rows", rowTexts);
        if (!flags.isEmpty()) {
            list(json, "q", flags);
        }
        return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void list(StringBuilder json, String name, List<String> texts) {
        json.append(",\"")
                .append(name)
                .append("\":[")
                .append(String.join(",", texts))
                .append(']');
    }

    private void clock(StringBuilder json) {
        if (first.clock() == null) {
            return;
        }
        String offset = rows.stream().allMatch(row -> Objects.equals(row.clockOffset(), first.clockOffset()))
                ? first.clockOffset()
                : null;
        json.append(",\"clk\":{").append(first.clock());
        if (offset != null) {
            json.append(first.clock().isEmpty() ? "" : ",").append("\"o\":").append(offset);
        }
        json.append('}');
    }

    private void deviceTimes(StringBuilder json) {
        @Nullable String same = first.deviceTime();
        if (rows.stream().allMatch(row -> Objects.equals(row.deviceTime(), same))) {
            json.append(same == null ? "" : ",\"dt\":" + same);
            return;
        }
        List<String> times = new ArrayList<>();
        String whole = null;
        for (BatchRow row : rows) {
            String time = row.deviceTime();
            times.add(time == null ? "null" : whole == null ? time : "\"" + time.substring(alike(whole, time)));
            whole = whole == null ? time : whole;
        }
        list(json, "dts", times);
    }

    /** How many characters two texts of one length begin with alike, their last quote left out. */
    private static int alike(String one, String two) {
        int count = 0;
        while (count < one.length() - 1 && one.charAt(count) == two.charAt(count)) {
            count++;
        }
        return Math.max(1, count);
    }
}
