package org.wasla.gateway.imaging;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
    /** A step that was not ended holds its study open no longer than this after the last that was heard. */
    static final long STEP_MS_MAX = 24 * 3_600_000L;

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
     * @param performed the step that the modality tells of, or null
     * @param missing how many objects the steps name that did not come
     */
    record News(
            Step step,
            String study,
            String caller,
            int series,
            int instances,
            long bytes,
            Map<String, String> facts,
            List<Map<String, Object>> rows,
            @Nullable Performed performed,
            int missing,
            Whose whose) {

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
            if (performed != null) {
                performed.tell(fields, step);
            }
            if (missing > 0 && step == Step.CLOSED) {
                fields.put("missing", missing);
            }
            if (whose.told() != null) {
                fields.put("match", whose.told());
            }
            return new RecordBody.Event(step.wire(), fields);
        }
    }

    /**
     * A performed step as its modality tells of it. Immutable.
     *
     * @param facts by the names under which they are told
     * @param series what was acquired in it
     * @param named how many objects it names
     * @param expected instance UIDs of those that are not there yet
     */
    record Performed(
            String uid,
            StepBook.State state,
            Map<String, String> facts,
            List<Map<String, Object>> series,
            int named,
            Set<String> expected,
            Whose whose) {
        /** The same of the request of one study. */
        Performed of(Map<String, String> request) {
            Map<String, String> all = new LinkedHashMap<>(facts);
            request.forEach(all::putIfAbsent);
            return new Performed(uid, state, all, series, named, expected, whose);
        }

        void tell(Map<String, Object> fields, Step step) {
            facts.forEach(fields::putIfAbsent);
            fields.put("mpps", uid);
            fields.put("status", state.name().toLowerCase(Locale.ROOT).replace('_', '-'));
            if (step == Step.CLOSED && !series.isEmpty()) {
                fields.put("performed", new RecordBody.Event.Rows(series));
            }
        }
    }

    private static final class Open {
        private final String caller;
        private final Map<String, Performed> steps = new LinkedHashMap<>();
        private final Set<String> expected = new HashSet<>();
        private @Nullable Performed latest;
        private Whose whose = Whose.UNASKED;
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
        return add(study, series, instance, known, Whose.UNASKED, nowMs);
    }

    /** One object more, and whose it is. */
    List<News> add(String study, String series, Instance instance, Known known, Whose whose, long nowMs) {
        List<News> news = new ArrayList<>();
        boolean isNew = !open.containsKey(study);
        Open of = take(study, instance.caller(), news, nowMs);
        of.series.add(series);
        if (of.facts.isEmpty()) {
            of.facts = known.study();
        }
        if (of.rows.containsKey(series) || of.rows.size() < ROWS_MAX) {
            of.rows.computeIfAbsent(series, uid -> new Row()).add(known);
        }
        of.expected.remove(instance.uid());
        of.whose = isNew ? whose : of.whose.and(whose);
        of.instances++;
        of.bytes += instance.bytes();
        of.lastMs = nowMs;
        if (isNew) {
            of.told = of.instances;
            news.add(news(Step.OPENED, study, of));
        }
        return news;
    }

    private Open take(String study, String caller, List<News> news, long nowMs) {
        Open of = open.remove(study);
        if (of == null) {
            of = new Open(caller, nowMs);
            if (open.size() >= OPEN_MAX) {
                news.add(close(open.keySet().iterator().next()));
            }
        }
        // Again at the end: the first of the map is the one that has been quiet longest.
        open.put(study, of);
        return of;
    }

    /** A modality tells how far a step of a study is; one that is over, with all objects that it names there, closes it. */
    List<News> step(String study, String caller, Performed step, long nowMs) {
        List<News> news = new ArrayList<>();
        boolean isNew = !open.containsKey(study);
        Open of = take(study, caller, news, nowMs);
        of.steps.put(step.uid(), step);
        of.latest = step;
        of.expected.addAll(step.expected());
        of.whose = isNew ? step.whose() : of.whose.and(step.whose());
        of.lastMs = nowMs;
        of.told = of.instances;
        of.toldMs = nowMs;
        if (isNew) {
            news.add(news(Step.OPENED, study, of));
        }
        if (isOver(of)) {
            news.add(close(study));
        } else if (!isNew) {
            news.add(news(Step.PROGRESS, study, of));
        }
        return news;
    }

    /** Whether all steps have ended, and all that they name is there; a step that names nothing may be followed by objects. */
    private static boolean isOver(Open of) {
        boolean isEnded = !of.steps.isEmpty()
                && of.steps.values().stream().allMatch(step -> step.state().isFinal());
        boolean isNamed = of.steps.values().stream().anyMatch(step -> step.named() > 0);
        boolean isNothing = of.instances == 0
                && of.steps.values().stream().allMatch(step -> step.state() == StepBook.State.DISCONTINUED);
        return isEnded && of.expected.isEmpty() && (isNamed || isNothing);
    }

    private boolean isDue(Open of, long nowMs) {
        boolean isUnderWay =
                of.steps.values().stream().anyMatch(step -> !step.state().isFinal());
        return nowMs - of.lastMs >= (isUnderWay ? STEP_MS_MAX : quietMs) || isOver(of);
    }

    /** Whether a study that is open has this step. */
    boolean holds(String step) {
        return open.values().stream().anyMatch(of -> of.steps.containsKey(step));
    }

    /** What is due: progress, and the end of what is quiet. */
    List<News> tick(long nowMs) {
        List<News> news = new ArrayList<>();
        Iterator<Map.Entry<String, Open>> each = open.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<String, Open> entry = each.next();
            Open of = entry.getValue();
            if (isDue(of, nowMs)) {
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
        return new News(
                step,
                study,
                of.caller,
                of.series.size(),
                of.instances,
                of.bytes,
                of.facts,
                rows,
                of.latest,
                of.expected.size(),
                of.whose);
    }

    int size() {
        return open.size();
    }
}
