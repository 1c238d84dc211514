package org.wasla.gateway.acts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.render.Tree;

/**
 * Results of analyses that count as done: those with a value and a status that the site takes for final, of a patient's
 * specimen and no control.
 *
 * <p>What makes a result that result: the device, specimen and order, the device's code of the test, and when it was
 * measured; where a result has no time of its own its value stands for it, and where neither specimen nor order is named
 * the time of the message and the value. A result that is sent again is so the same act, and one that was measured again
 * another. A correction ({@code st} C) of an analysis that was told is none. One thread.
 */
final class Analyses {
    /** The status of results that have none, in the site's list of those that count. */
    static final String NO_STATUS = "none";

    /** The value is one of a real specimen and no first guess. */
    private static final Set<String> FLAGS = Set.of("", "questionable", "overflow", "underflow", "validated");

    private static final String CORRECTED = "C";
    private final Set<String> finals;
    private final Memory memory;
    private final Coder coder;

    Analyses(Set<String> finals, Memory memory, Coder coder) {
        this.finals = finals;
        this.memory = memory;
        this.coder = coder;
    }

    List<Act> take(Source record) {
        List<Act> acts = new ArrayList<>();
        // What no profile read is imaging's: that is an examination.
        if (record.profile().isEmpty() || record.body().text("qc").equals("true")) {
            return acts;
        }
        for (Tree result : record.body().trees("res")) {
            Act act = isDone(result) ? act(record, result) : null;
            if (act != null) {
                acts.add(act);
            }
        }
        return acts;
    }

    private boolean isDone(Tree result) {
        String status = result.text("st");
        boolean hasValue = result.has("v") || result.has("s");
        return hasValue && finals.contains(status.isEmpty() ? NO_STATUS : status) && FLAGS.contains(result.text("q"));
    }

    private @Nullable Act act(Source record, Tree result) {
        String id = id(record, result);
        String analysis = analysis(record.body(), result);
        boolean isKnown = memory.knows(id);
        boolean isRepeat = !analysis.isEmpty() && memory.knows(analysis);
        remember(id, analysis);
        if (isKnown || isRepeat && result.text("st").equals(CORRECTED)) {
            return null;
        }
        Map<String, Object> facts = new HashMap<>(Source.facts(record.body(), "sp", "ord"));
        facts.putAll(Source.facts(result, "n", "r", "l"));
        if (result.has("c")) {
            facts.put("c", result.whole("c"));
        }
        if (isRepeat) {
            facts.put("repeat", true);
        }
        String time = result.get("dt");
        Act act = new Act(
                id,
                Act.Type.ANALYSIS,
                record.origin(time == null ? record.body().get("dt") : time),
                new Act.Extent(null, record.timeMs(), 1, "{analysis}"),
                facts,
                record.range(record.seq()));
        return coder.coded(act, known(result));
    }

    private static Map<String, Set<String>> known(Tree result) {
        return Map.of(
                "loinc", Set.of(result.text("l")),
                "mdc", Set.of(result.text("c")),
                "name", Set.of(result.text("n")),
                "label", Set.of(result.text("r")));
    }

    private static String id(Source record, Tree result) {
        String specimen = record.body().text("sp");
        String order = record.body().text("ord");
        String value = result.text("cmp") + result.text("v") + ' ' + result.text("s");
        String when = "at " + result.text("dt");
        if (!result.has("dt")) {
            boolean isNamed = !specimen.isEmpty() || !order.isEmpty();
            String time = record.body().has("dt") ? record.body().text("dt") : record.id();
            when = isNamed ? "value " + value : "value " + value + " at " + time;
        }
        return Ids.of("analysis", record.gateway(), record.device(), specimen, order, result.text("r"), when);
    }

    /** @return the name of the analysis of the specimen, whenever it is done; empty when the specimen is not named */
    private static String analysis(Tree record, Tree result) {
        String specimen = record.has("sp") ? "sp " + record.text("sp") : "ord " + record.text("ord");
        String what = result.has("l") ? result.text("l") : result.has("n") ? result.text("n") : result.text("r");
        return record.has("sp") || record.has("ord") ? Ids.of("specimen", specimen, what) : "";
    }

    private void remember(String id, String analysis) {
        memory.add(id);
        if (!analysis.isEmpty()) {
            memory.add(analysis);
        }
    }

    /** An act of an earlier run, read from its event. */
    void told(Tree event) {
        remember(event.text("act"), analysis(event, event));
    }
}
