package org.wasla.gateway.imaging;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.imaging.StepBook.Step;
import org.wasla.gateway.imaging.Studies.News;
import org.wasla.gateway.imaging.Studies.Performed;
import org.wasla.gateway.observation.RecordBody;

/**
 * Tells what modalities say of their steps, for the studies that these are of, and the dose that they tell at the end. What
 * was not told when the box stopped is told after the next start. One thread.
 */
final class StepTeller {
    private static final Logger LOG = LoggerFactory.getLogger(StepTeller.class);
    /** Names of a step as events have them; what a study tells of itself under the same name goes first. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("id", "step-id"),
            Map.entry("desc", "step-desc"),
            Map.entry("type", "step-type"),
            Map.entry("mod", "mod"),
            Map.entry("ae", "step-ae"),
            Map.entry("station", "station"),
            Map.entry("place", "place"),
            Map.entry("study-id", "study-id"),
            Map.entry("reason", "reason"),
            Map.entry("start", "step-start"),
            Map.entry("end", "step-end"));

    private static final int FACT_CHARS_MAX = 256;
    private final ObjectStore store;
    private final StepDesk desk;
    private final Imaging.Outlet outlet;
    /** How each live step stood when it was told last, by the time of its last message. */
    private final Map<String, Long> told = new HashMap<>();

    StepTeller(ObjectStore store, StepDesk desk, Imaging.Outlet outlet) {
        this.store = store;
        this.desk = desk;
        this.outlet = outlet;
    }

    /** Whose an object is, by what it says of itself. */
    Whose whose(Extract extract, String study) {
        return desk.judge().whose(extract.identity(), study);
    }

    /** What there is to tell of steps that changed. */
    List<News> news(Studies studies, long nowMs) {
        List<News> news = new ArrayList<>();
        for (Step step : desk.steps().live()) {
            Long before = told.get(step.uid());
            if (before != null && before == step.version()) {
                continue;
            }
            ExtractStep said = step.extract();
            try {
                if (step.state().isFinal()) {
                    tellDose(step, said);
                }
                Performed performed = performed(step, said);
                for (String study : studies(said)) {
                    news.addAll(studies.step(study, step.caller(), performed.of(request(said, study)), nowMs));
                }
                told.put(step.uid(), step.version());
            } catch (IOException refused) {
                LOG.warn("imaging a step is not recorded yet error=\"{}\"", refused.getMessage());
            }
        }
        return news;
    }

    /** Steps that are over and whose studies are closed need not be told again after a start. */
    void forget(Studies studies) {
        for (Step step : desk.steps().live()) {
            if (step.state().isFinal() && told.containsKey(step.uid()) && !studies.holds(step.uid())) {
                try {
                    desk.steps().told(step.uid());
                    told.remove(step.uid());
                } catch (IOException e) {
                    LOG.warn("imaging a step is not noted as told error=\"{}\"", e.getMessage());
                }
            }
        }
    }

    private static Set<String> studies(ExtractStep said) {
        Set<String> studies = new LinkedHashSet<>();
        said.requests().forEach(request -> studies.add(request.getOrDefault("study", "")));
        studies.remove("");
        return studies;
    }

    private static Map<String, String> request(ExtractStep said, String study) {
        return said.requests().stream()
                .filter(request -> study.equals(request.get("study")))
                .findFirst()
                .orElse(Map.of());
    }

    private Performed performed(Step step, ExtractStep said) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        said.facts().forEach((name, fact) -> {
            String known = NAMES.get(name);
            if (known != null && fact.length() <= FACT_CHARS_MAX) {
                facts.put(known, fact);
            }
        });
        List<Map<String, Object>> series = new ArrayList<>();
        for (Map<String, String> each : said.series()) {
            if (series.size() < Studies.ROWS_MAX) {
                series.add(new LinkedHashMap<>(each));
            }
        }
        Set<String> expected = new HashSet<>();
        for (String uid : step.state().isFinal() ? said.instances() : List.<String>of()) {
            if (store.index().find(uid).isEmpty()) {
                expected.add(uid);
            }
        }
        return new Performed(
                step.uid(), step.state(), facts, series, said.instances().size(), expected, step.whose());
    }

    /** Technique and dose as results, of each study of the step; once, at its end. */
    private void tellDose(Step step, ExtractStep said) throws IOException {
        if (said.dose().isEmpty()) {
            return;
        }
        for (String study : studies(said)) {
            Map<String, String> facts = new LinkedHashMap<>(request(said, study));
            facts.remove("study");
            facts.put("uid", study);
            Map<String, String> series = new LinkedHashMap<>(said.facts());
            series.keySet().retainAll(Set.of("mod", "station"));
            Extract extract = new Extract(
                    facts,
                    series,
                    Map.of("uid", step.uid(), "class", StepBook.SOP_CLASS),
                    said.identity(),
                    said.dose(),
                    List.of(),
                    null,
                    List.of("performed-step"));
            List<RecordBody> bodies =
                    ObjectRecords.of(extract.marked(step.whose().mark()), "", false);
            outlet.tell(
                    new Imaging.Told(step.caller(), step.timeMs(), said.facts().get("end"), bodies, step.whose()));
        }
    }
}
