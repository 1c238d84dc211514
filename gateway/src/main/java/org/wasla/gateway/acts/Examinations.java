package org.wasla.gateway.acts;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.RecordJson.Patient;
import org.wasla.gateway.render.Tree;

/**
 * Examinations that imaging tells as closed. One study is one act however often it is opened again; a step that was given up
 * before anything was acquired is none. The same kind of examination of the same patient not long before is named
 * ({@code dup}): kind is the code of the procedure, else modality and body part, else modality and description. One thread.
 */
final class Examinations {
    private static final int OPEN_MAX = 256;
    /** They accompany an examination and are none. */
    private static final Set<String> ACCOMPANYING = Set.of("SR", "PR", "KO", "DOC", "AU", "REG", "SEG");

    private final long duplicateMs;
    private final Memory memory;
    private final Coder coder;
    private final Map<String, Long> opened = new LinkedHashMap<>();

    /** @param duplicateMs how long before another examination counts as not long before */
    Examinations(long duplicateMs, Memory memory, Coder coder) {
        this.duplicateMs = duplicateMs;
        this.memory = memory;
        this.coder = coder;
    }

    List<Act> take(Source record) {
        String study = record.body().text("study");
        String event = record.body().text("e");
        if (study.isEmpty()) {
            return List.of();
        }
        if (event.equals("study-opened")) {
            open(study, record.timeMs());
        }
        Act act = event.equals("study-closed") && isDone(record.body()) ? act(record, study) : null;
        return act == null ? List.of() : List.of(act);
    }

    private static boolean isDone(Tree event) {
        boolean isGivenUp = event.text("status").equals("discontinued")
                && event.text("instances").equals("0");
        Set<String> modalities = modalities(event);
        return !isGivenUp && (modalities.isEmpty() || !ACCOMPANYING.containsAll(modalities));
    }

    void open(String study, long atMs) {
        opened.putIfAbsent(study, atMs);
        if (opened.size() > OPEN_MAX) {
            opened.remove(opened.keySet().iterator().next());
        }
    }

    /** When studies that are open were opened, UTC ms; the oldest first. */
    Map<String, Long> opened() {
        return new LinkedHashMap<>(opened);
    }

    private @Nullable Act act(Source record, String study) {
        String id = Ids.of("examination", record.gateway(), study);
        Long fromMs = opened.remove(study);
        boolean isKnown = memory.knows(id);
        memory.add(id);
        if (isKnown) {
            return null;
        }
        Tree event = record.body();
        Map<String, Object> facts = new HashMap<>(
                Source.facts(event, "study", "acc", "mod", "proc", "requested-code", "desc", "status", "ae"));
        String body = String.join(" ", bodies(event));
        if (!body.isEmpty()) {
            facts.put("body", body);
        }
        Act bare = new Act(
                id,
                Act.Type.EXAMINATION,
                record.origin(event.get("step-end")),
                new Act.Extent(fromMs, record.timeMs(), 1, "{examination}"),
                facts,
                record.range(record.seq()));
        String earlier = duplicateOf(bare);
        if (earlier != null) {
            facts.put("dup", earlier);
            bare = new Act(id, bare.type(), bare.from(), bare.extent(), facts, bare.evidence());
        }
        return coder.coded(bare, known(event));
    }

    private static Map<String, Set<String>> known(Tree event) {
        Set<String> procedures = new TreeSet<>(Set.of(event.text("proc")));
        procedures.add(event.text("requested-code"));
        return Map.of("modality", modalities(event), "body", bodies(event), "procedure", procedures);
    }

    private static Set<String> modalities(Tree event) {
        return words(event.text("mod").split(" "));
    }

    private static Set<String> bodies(Tree event) {
        return words(
                event.trees("ser").stream().map(series -> series.text("body")).toArray(String[]::new));
    }

    private static Set<String> words(String... words) {
        Set<String> sorted = new TreeSet<>(List.of(words));
        sorted.remove("");
        return sorted;
    }

    /** The newest before it of the same kind, when it is near enough; from now on this one is the newest. */
    private @Nullable String duplicateOf(Act act) {
        String kind = kind(act);
        if (kind.isEmpty()) {
            return null;
        }
        Memory.Examination before = memory.examination(kind);
        remember(act.id(), kind, act.extent().toMs());
        return before != null && Math.abs(act.extent().toMs() - before.atMs()) <= duplicateMs ? before.act() : null;
    }

    private static String kind(Act act) {
        Patient patient = act.from().patient();
        return patient == null
                ? ""
                : kind(patient.ref(), name -> String.valueOf(act.facts().getOrDefault(name, "")));
    }

    private static String kind(String patient, UnaryOperator<String> fact) {
        Set<String> acquired = words(fact.apply("mod").split(" "));
        acquired.removeAll(ACCOMPANYING);
        String procedure = fact.apply("proc");
        String part = fact.apply("body").isEmpty() ? fact.apply("desc") : fact.apply("body");
        if (!procedure.isEmpty()) {
            return Ids.of("procedure", patient, procedure);
        }
        return acquired.isEmpty() || part.isEmpty() ? "" : Ids.of("kind", patient, String.join(" ", acquired), part);
    }

    private void remember(String id, String kind, long atMs) {
        memory.examined(Ids.key(kind), new Memory.Examination(id, atMs));
    }

    /** An act of an earlier run, read from its event. */
    void told(Tree event) {
        memory.add(event.text("act"));
        opened.remove(event.text("study"));
        Tree patient = event.tree("pat");
        String kind = patient == null ? "" : kind(patient.text("ref"), event::text);
        if (!kind.isEmpty()) {
            remember(event.text("act"), kind, event.whole("to"));
        }
    }
}
