package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.imaging.Studies.News;
import org.wasla.gateway.imaging.Studies.Step;

/** Who waits for an examination wants to know when it is complete, and not before. */
class StudiesTest {
    private final Studies studies = new Studies(60_000);

    private static Instance instance(int number) {
        return new Instance(number, 0, 100, 0, false, Objects.CT, "1.2." + number, "1.2", "CT1");
    }

    @Test
    void aStudyOpensProgressesAndCloses() {
        assertEquals(
                List.of(new News(Step.OPENED, "1.1", "CT1", 1, 1, 100)), studies.add("1.1", "1.1.1", instance(1), 0));
        assertEquals(List.of(), studies.add("1.1", "1.1.2", instance(2), 1_000));
        assertEquals(List.of(), studies.tick(29_000));
        assertEquals(List.of(new News(Step.PROGRESS, "1.1", "CT1", 2, 2, 200)), studies.tick(30_000));
        assertEquals(List.of(), studies.tick(60_500));
        assertEquals(List.of(new News(Step.CLOSED, "1.1", "CT1", 2, 2, 200)), studies.tick(61_000));
        assertEquals(List.of(), studies.tick(99_000));
    }

    @Test
    void aLateObjectOpensTheStudyAgain() {
        studies.add("1.1", "1.1.1", instance(1), 0);
        studies.tick(60_000);
        assertEquals(
                Step.OPENED,
                studies.add("1.1", "1.1.1", instance(2), 70_000).get(0).step());
    }

    @Test
    void oneTooManyClosesTheQuietest() {
        for (int i = 0; i < Studies.OPEN_MAX; i++) {
            studies.add("1." + i, "2", instance(i), i);
        }
        studies.add("1.0", "2", instance(900), 500);
        List<News> news = studies.add("9", "2", instance(999), 600);
        assertEquals(List.of("1.1", "9"), news.stream().map(News::study).toList());
        assertEquals(Step.CLOSED, news.get(0).step());
        assertEquals(Studies.OPEN_MAX, studies.size());
    }
}
