package org.wasla.gateway.imaging;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.wasla.gateway.observation.RecordBody;

/**
 * Which studies are under way: one opens with its first object, tells how far it is while objects come, and closes when
 * none came for long enough. Time is monotonic, ms. One thread.
 */
final class Studies {
    /** More at once is no hospital's day: the one that has been quiet longest is closed then. */
    static final int OPEN_MAX = 256;

    /** Of more series the count is told, and not what they are. */
    static final int ROWS_MAX = 32;

    private static final int FACT_CHARS_MAX = 64;
    private static final List<String> SERIES_FACTS = List.of(
            "uid", "no", "mod", "desc", "body", "lat", "view", "protocol", "maker", "model", "serial", "station", "t");
    private static final long TELL_EVERY_MS = 30_000;
    private final long quietMs;
    private final Map<String, Open> open = new LinkedHashMap<>();

    Studies(long quietMs) {
        this.quietMs = quietMs;
    }

    /** What to tell of a study. */
    enum Step {
        OPENED("study-opened"),
        PROGRESS("study-progress"),
        CLOSED("study-closed");

        private final String wire;

        Step(String wire) {
            this.wire = wire;
        }

        String wire() {
            return wire;
        }
    }

    /**
     * What an object says of its study and series, by our short names, and what is to be known of itself. Immutable.
     *
     * @param study without its UID under any other name than {@code study}
     */
    record Known(Map<String, String> study, Map<String, String> series, List<String> marks) {
        static final Known NOTHING = new Known(Map.of(), Map.of(), List.of());
    }

    /**
     * How far a study is.
     *
     * @param facts of the study
     * @param rows what is known of each series, with the number {@code n} of its instances
     */
    record News(
            Step step,
            String study,
            String caller,
            int series,
            int instances,
            long bytes,
            Map<String, String> facts,
            List<Map<String, Object>> rows) {

        /** {@code study} and counts, what the study is, and its series in {@code ser} but for steps between. */
        RecordBody.Event event() {
            Map<String, Object> fields = new HashMap<>(facts);
            fields.put("study", study);
            fields.put("series", series);
            fields.put("instances", instances);
            fields.put("bytes", bytes);
            fields.put("ae", caller);
            String modalities = rows.stream()
                    .map(row -> String.valueOf(row.getOrDefault("mod", "")))
                    .filter(modality -> !modality.isEmpty())
                    .distinct()
                    .collect(Collectors.joining(" "));
            if (!modalities.isEmpty()) {
                fields.put("mod", modalities);
            }
            if (step != Step.PROGRESS && !rows.isEmpty()) {
                fields.put("ser", new RecordBody.Event.Rows(rows));
            }
            return new RecordBody.Event(step.wire(), fields);
        }
    }

    private static final class Open {
        private final String caller;
        private final Set<String> series = new HashSet<>();
        private final Map<String, Row> rows = new LinkedHashMap<>();
        private Map<String, String> facts = Map.of();
        private int instances;
        private long bytes;
        private long lastMs;
        private long toldMs;
        private int told;

        Open(String caller, long nowMs) {
            this.caller = caller;
            this.toldMs = nowMs;
        }
    }

    /** One series as events tell it. */
    private static final class Row {
        private final Map<String, String> facts = new LinkedHashMap<>();
        private final Set<String> marks = new TreeSet<>();
        private int instances;

        void add(Known known) {
            instances++;
            for (String name : SERIES_FACTS) {
                String fact = known.series().get(name);
                if (fact != null && fact.length() <= FACT_CHARS_MAX) {
                    facts.putIfAbsent(name, fact);
                }
            }
            marks.addAll(known.marks());
        }

        Map<String, Object> told() {
            Map<String, Object> told = new LinkedHashMap<>(facts);
            told.put("n", instances);
            if (!marks.isEmpty()) {
                told.put("marks", String.join(" ", marks));
            }
            return told;
        }
    }

    /** Whether it is known already what this series is, or will not be told. */
    boolean knows(String study, String series) {
        Open of = open.get(study);
        return of != null && (of.rows.containsKey(series) || of.rows.size() >= ROWS_MAX);
    }

    /** One object more. */
    List<News> add(String study, String series, Instance instance, Known known, long nowMs) {
        List<News> news = new ArrayList<>();
        Open of = open.remove(study);
        boolean isNew = of == null;
        if (of == null) {
            of = new Open(instance.caller(), nowMs);
            if (open.size() >= OPEN_MAX) {
                news.add(close(open.keySet().iterator().next()));
            }
        }
        // Again at the end: the first of the map is the one that has been quiet longest.
        open.put(study, of);
        of.series.add(series);
        if (of.facts.isEmpty()) {
            of.facts = known.study();
        }
        if (of.rows.containsKey(series) || of.rows.size() < ROWS_MAX) {
            of.rows.computeIfAbsent(series, uid -> new Row()).add(known);
        }
        of.instances++;
        of.bytes += instance.bytes();
        of.lastMs = nowMs;
        if (isNew) {
            of.told = of.instances;
            news.add(news(Step.OPENED, study, of));
        }
        return news;
    }

    /** What is due: progress, and the end of what is quiet. */
    List<News> tick(long nowMs) {
        List<News> news = new ArrayList<>();
        Iterator<Map.Entry<String, Open>> each = open.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<String, Open> entry = each.next();
            Open of = entry.getValue();
            if (nowMs - of.lastMs >= quietMs) {
                news.add(news(Step.CLOSED, entry.getKey(), of));
                each.remove();
            } else if (of.instances > of.told && nowMs - of.toldMs >= TELL_EVERY_MS) {
                of.told = of.instances;
                of.toldMs = nowMs;
                news.add(news(Step.PROGRESS, entry.getKey(), of));
            }
        }
        return news;
    }

    private News close(String study) {
        Open of = open.remove(study);
        return news(Step.CLOSED, study, of == null ? new Open("", 0) : of);
    }

    private static News news(Step step, String study, Open of) {
        List<Map<String, Object>> rows =
                of.rows.values().stream().map(Row::told).toList();
        return new News(step, study, of.caller, of.series.size(), of.instances, of.bytes, of.facts, rows);
    }

    int size() {
        return open.size();
    }
}
