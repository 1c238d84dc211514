package org.wasla.gateway.indicators;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.indicators.Turnarounds.From;
import org.wasla.gateway.observation.JsonText;

/**
 * The document of one period ({@code ops/contract/agg.schema.json}): a row for each unit and class of devices. Not to be used
 * after the period was told.
 */
public final class Report {
    /** How the figures are made; another way of counting is another version. */
    public static final String METHOD = "wasla-agg@1";

    private static final long MS = 1_000;
    private static final Comparator<Place> BY_UNIT = Comparator.comparing(
                    (Place place) -> place.unit() == null ? "" : place.unit())
            .thenComparing(Place::kind);

    private final Book book;
    private final ZoneId zone;

    /** Several devices of one unit and class, added up. */
    private static final class Row {
        private final DeviceCounts sum;
        private int devices;
        private int connected;
        private int telling;

        Row(Place place) {
            this.sum = new DeviceCounts(place);
        }

        void add(DeviceCounts device) {
            sum.add(device);
            devices++;
            connected += device.isConnected() ? 1 : 0;
            telling += device.get(Count.MINUTES) > 0 ? 1 : 0;
        }
    }

    Report(Book book, ZoneId zone) {
        this.book = book;
        this.zone = zone;
    }

    public Grain grain() {
        return book.grain();
    }

    /** When the period is over, UTC in ms. */
    public long endMs() {
        return book.period().toMs();
    }

    /** The same for the same seconds of the same period, however often it is told. */
    public String id(String gateway) {
        String id = gateway + ".agg-" + grain().wire() + '.' + book.period().fromMs();
        return book.part() > 1 ? id + '.' + book.part() : id;
    }

    /**
     * @param epoch of the buffer
     * @param seq number of the document in the stream of its kind of period
     */
    public byte[] json(String gateway, String epoch, long seq) {
        Map<Place, Row> rows = new TreeMap<>(BY_UNIT);
        book.devices()
                .values()
                .forEach(
                        device -> rows.computeIfAbsent(device.place(), Row::new).add(device));
        long n = rows.values().stream()
                .mapToLong(row -> row.sum.get(Count.RECORDS))
                .sum();
        return JsonText.write(json -> {
                    json.writeNumberField("v", 1);
                    json.writeStringField("id", id(gateway));
                    json.writeStringField("gw", gateway);
                    json.writeStringField("ep", epoch);
                    json.writeNumberField("seq", seq);
                    json.writeStringField("k", grain().wire());
                    json.writeStringField("method", METHOD);
                    period(json);
                    json.writeNumberField("n", n);
                    backlog(json);
                    json.writeArrayFieldStart("rows");
                    for (Row row : rows.values()) {
                        row(json, row);
                    }
                    json.writeEndArray();
                })
                .getBytes(StandardCharsets.UTF_8);
    }

    private void period(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("period");
        json.writeNumberField("from", book.period().fromMs());
        json.writeNumberField("to", book.period().toMs());
        json.writeStringField("zone", zone.getId());
        json.writeEndObject();
        if (book.part() > 1) {
            json.writeNumberField("part", book.part());
        }
        json.writeNumberField("covered", book.coveredMs() / MS);
        json.writeStringField("clk", book.clock());
        if (book.steps() > 0) {
            json.writeNumberField("steps", book.steps());
        }
    }

    private void backlog(JsonGenerator json) throws IOException {
        Book.Backlog backlog = book.backlog();
        json.writeObjectFieldStart("backlog");
        json.writeNumberField("waiting", backlog.waiting());
        json.writeNumberField("most", backlog.most());
        json.writeNumberField("oldest", backlog.oldestMs() / MS);
        json.writeNumberField("mostOldest", backlog.mostOldestMs() / MS);
        json.writeEndObject();
    }

    private void row(JsonGenerator json, Row row) throws IOException {
        DeviceCounts sum = row.sum;
        json.writeStartObject();
        String unit = sum.place().unit();
        if (unit != null) {
            json.writeStringField("unit", unit);
        }
        json.writeStringField("class", sum.place().kind());
        json.writeNumberField("devices", row.devices);
        json.writeNumberField("connected", row.connected);
        share(json, "up", "s", sum.get(Count.UP_MS) / MS, sum.get(Count.WATCHED_MS) / MS);
        json.writeNumberField("records", sum.get(Count.RECORDS));
        json.writeNumberField("values", sum.get(Count.VALUES));
        json.writeNumberField("lost", sum.get(Count.LOST));
        share(json, "complete", "got", sum.get(Count.MINUTES), (long) row.telling * book.minutes());
        json.writeObjectFieldStart("alarms");
        for (String priority : new String[] {"high", "medium", "low", "none"}) {
            alarms(json, priority, sum);
        }
        json.writeEndObject();
        json.writeNumberField("analyses", sum.get(Count.ANALYSES));
        json.writeNumberField("specimens", sum.get(Count.SPECIMENS));
        json.writeNumberField("controls", sum.get(Count.CONTROLS));
        json.writeNumberField("exams", sum.get(Count.EXAMS));
        json.writeNumberField("acts", sum.get(Count.ACTS));
        turnarounds(json, sum);
        json.writeEndObject();
    }

    /** Nothing where nothing was looked at. The percentage is rounded down: 100 is all. */
    private static void share(JsonGenerator json, String name, String part, long had, long of) throws IOException {
        if (of > 0) {
            json.writeObjectFieldStart(name);
            json.writeNumberField(part, had);
            json.writeNumberField("of", of);
            json.writeNumberField("pc", BigDecimal.valueOf(had * 1_000 / of, 1));
            json.writeEndObject();
        }
    }

    private static void alarms(JsonGenerator json, String priority, DeviceCounts sum) throws IOException {
        Count started = Count.started(priority).orElseThrow();
        json.writeObjectFieldStart(priority);
        json.writeNumberField("n", sum.get(started));
        json.writeNumberField("s", sum.get(started.lasting()) / MS);
        json.writeEndObject();
    }

    private static void turnarounds(JsonGenerator json, DeviceCounts sum) throws IOException {
        json.writeArrayFieldStart("tat");
        for (From from : From.values()) {
            Spread spread = sum.turnaround(from);
            if (spread.n() > 0) {
                json.writeStartObject();
                json.writeStringField("from", from.wire());
                json.writeStringField("to", "result");
                json.writeNumberField("n", spread.n());
                json.writeNumberField("min", spread.leastS());
                json.writeNumberField("p50", spread.within(50));
                json.writeNumberField("p90", spread.within(90));
                json.writeNumberField("max", spread.mostS());
                classes(json, spread);
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    /** The ends of the classes that are not empty, and how many lie in each; null: no end. */
    private static void classes(JsonGenerator json, Spread spread) throws IOException {
        json.writeArrayFieldStart("le");
        for (int i = 0; i <= Spread.ENDS_S.size(); i++) {
            if (spread.in(i) > 0) {
                json.writeStartArray();
                @Nullable Long end = i < Spread.ENDS_S.size() ? Spread.ENDS_S.get(i) : null;
                if (end == null) {
                    json.writeNull();
                } else {
                    json.writeNumber(end);
                }
                json.writeNumber(spread.in(i));
                json.writeEndArray();
            }
        }
        json.writeEndArray();
    }
}
