package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.imaging.Studies.Known;
import org.wasla.gateway.imaging.Studies.News;
import org.wasla.gateway.imaging.Studies.Performed;
import org.wasla.gateway.imaging.Studies.Step;
import org.wasla.gateway.observation.RecordBody.Event;

/** Who waits for an examination wants to know when it is complete, and not before. */
class StudiesTest {
    private final Studies studies = new Studies(60_000);

    private static Instance instance(int number) {
        return new Instance(number, 0, 100, 0, false, Objects.CT, "1.2." + number, "1.2", "CT1");
    }

    private static News news(Step step, int series, int instances, long bytes) {
        List<Map<String, Object>> rows = IntStream.range(0, series)
                .mapToObj(i -> Map.<String, Object>of("n", 1))
                .toList();
        return new News(step, "1.1", "CT1", series, instances, bytes, Map.of(), rows, null, 0, Whose.UNASKED);
    }

    @Test
    void aStudyOpensProgressesAndCloses() {
        assertEquals(List.of(news(Step.OPENED, 1, 1, 100)), studies.add("1.1", "1.1.1", instance(1), Known.NOTHING, 0));
        assertEquals(List.of(), studies.add("1.1", "1.1.2", instance(2), Known.NOTHING, 1_000));
        assertEquals(List.of(), studies.tick(29_000));
        assertEquals(List.of(news(Step.PROGRESS, 2, 2, 200)), studies.tick(30_000));
        assertEquals(List.of(), studies.tick(60_500));
        assertEquals(List.of(news(Step.CLOSED, 2, 2, 200)), studies.tick(61_000));
        assertEquals(List.of(), studies.tick(99_000));
    }

    @Test
    void theEventSaysWhatTheStudyIs() {
        Known ct = new Known(
                Map.of("study", "1.1", "acc", "A1", "begun", "2026-06-16"),
                Map.of("uid", "1.1.1", "mod", "CT", "protocol", "THORAX", "serial", "77", "department", "R"),
                List.of());
        Known screen = new Known(Map.of("study", "1.1"), Map.of("mod", "SR"), List.of("secondary-capture"));
        studies.add("1.1", "1.1.1", instance(1), ct, 0);
        studies.add("1.1", "1.1.1", instance(2), ct, 0);
        studies.add("1.1", "1.1.2", instance(3), screen, 0);
        Event event = studies.tick(60_000).get(0).event();
        assertEquals("study-closed", event.name());
        assertEquals("A1", event.fields().get("acc"));
        assertEquals("CT SR", event.fields().get("mod"));
        assertEquals(
                new Event.Rows(List.of(
                        Map.of("uid", "1.1.1", "mod", "CT", "protocol", "THORAX", "serial", "77", "n", 2),
                        Map.of("mod", "SR", "n", 1, "marks", "secondary-capture"))),
                event.fields().get("ser"));
    }

    /** What may come from outside without end must not fill the memory. */
    @Test
    void ofManySeriesTheCountIsToldAndNotWhatTheyAre() {
        for (int i = 0; i < 500; i++) {
            studies.add("1.1", "1.1." + i, instance(i), Known.NOTHING, 0);
        }
        News closed = studies.tick(60_000).get(0);
        assertEquals(500, closed.series());
        assertEquals(Studies.ROWS_MAX, closed.rows().size());
    }

    @Test
    void aLateObjectOpensTheStudyAgain() {
        studies.add("1.1", "1.1.1", instance(1), Known.NOTHING, 0);
        studies.tick(60_000);
        assertEquals(
                Step.OPENED,
                studies.add("1.1", "1.1.1", instance(2), Known.NOTHING, 70_000)
                        .get(0)
                        .step());
    }

    @Test
    void oneTooManyClosesTheQuietest() {
        for (int i = 0; i < Studies.OPEN_MAX; i++) {
            studies.add("1." + i, "2", instance(i), Known.NOTHING, i);
        }
        studies.add("1.0", "2", instance(900), Known.NOTHING, 500);
        List<News> news = studies.add("9", "2", instance(999), Known.NOTHING, 600);
        assertEquals(List.of("1.1", "9"), news.stream().map(News::study).toList());
        assertEquals(Step.CLOSED, news.get(0).step());
        assertEquals(Studies.OPEN_MAX, studies.size());
    }

    private static Performed performed(StepBook.State state, int named, String... expected) {
        return new Performed("1.5", state, Map.of("acc", "A1"), List.of(), named, Set.of(expected), Whose.UNASKED);
    }

    private static String told(List<News> news) {
        return news.stream()
                .map(each -> each.step().wire() + " " + each.instances() + " " + each.missing())
                .collect(Collectors.joining(", "));
    }

    /** Some examinations pause for longer than any silence that would close the others. */
    @Test
    void aStudyWithAStepIsNotClosedByAPause() {
        assertEquals("study-opened 0 0", told(studies.step("1.1", "CT1", performed(StepBook.State.IN_PROGRESS, 0), 0)));
        assertEquals("", told(studies.add("1.1", "1.1.1", instance(1), Known.NOTHING, 10_000)));
        assertEquals("study-progress 1 0", told(studies.tick(100_000)));
        assertEquals("", told(studies.tick(3_600_000)));
        assertEquals(
                "study-closed 1 0",
                told(studies.step("1.1", "CT1", performed(StepBook.State.COMPLETED, 1), 3_600_000)));
    }

    /** Modalities end the step and go on sending. */
    @Test
    void aStepThatIsOverWaitsForWhatItNames() {
        studies.step("1.1", "CT1", performed(StepBook.State.IN_PROGRESS, 0), 0);
        assertEquals(
                "study-progress 0 2",
                told(studies.step("1.1", "CT1", performed(StepBook.State.COMPLETED, 2, "1.2.1", "1.2.2"), 1_000)));
        assertEquals("", told(studies.add("1.1", "1.1.1", instance(1), Known.NOTHING, 2_000)));
        assertEquals("", told(studies.tick(3_000)));
        studies.add("1.1", "1.1.1", instance(2), Known.NOTHING, 4_000);
        assertEquals("study-closed 2 0", told(studies.tick(5_000)));
    }

    @Test
    void whatIsNamedAndNeverComesIsToldAsMissing() {
        studies.step("1.1", "CT1", performed(StepBook.State.COMPLETED, 2, "1.2.1", "1.2.2"), 0);
        studies.add("1.1", "1.1.1", instance(1), Known.NOTHING, 1_000);
        List<News> news = studies.tick(61_000);
        assertEquals("study-closed 1 1", told(news));
        assertEquals(1, news.get(0).event().fields().get("missing"));
        assertEquals("completed", news.get(0).event().fields().get("status"));
    }

    @Test
    void aStepThatIsNeverEndedHoldsItsStudyForADay() {
        studies.step("1.1", "CT1", performed(StepBook.State.IN_PROGRESS, 0), 0);
        assertEquals("", told(studies.tick(Studies.STEP_MS_MAX - 1)));
        assertEquals("study-closed 0 0", told(studies.tick(Studies.STEP_MS_MAX)));
    }

    /** Two patients in one study are nobody. */
    @Test
    void aStudyIsOnePatientsOrNobodys() {
        studies.add("1.1", "1.1.1", instance(1), Known.NOTHING, Whose.matched("p:1", "study"), 0);
        studies.add("1.1", "1.1.1", instance(2), Known.NOTHING, Whose.UNMATCHED, 0);
        studies.add("1.2", "1.2.1", instance(3), Known.NOTHING, Whose.matched("p:1", "study"), 0);
        studies.add("1.2", "1.2.1", instance(4), Known.NOTHING, Whose.matched("p:2", "study"), 0);
        List<News> news = studies.tick(60_000);
        assertEquals(Whose.matched("p:1", "study"), news.get(0).whose());
        assertEquals(Whose.CONFLICT, news.get(1).whose());
        assertEquals("conflict", news.get(1).event().fields().get("match"));
    }
}
