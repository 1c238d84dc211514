package org.wasla.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.indicators.Grain;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Section;

/** Nothing about results leaves a box unless somebody has written that it shall. */
class FiguresReaderTest {
    private final Problems problems = new Problems();

    private Section section(String yaml) {
        return Section.parse("wasla.yaml", yaml, problems);
    }

    private void assertProblem(String yaml, boolean isOfEpi, String what) {
        Problems own = new Problems();
        Section section = Section.parse("wasla.yaml", yaml, own);
        if (isOfEpi) {
            FiguresReader.epi(section);
        } else {
            FiguresReader.indicators(section);
        }
        assertEquals(1, own.list().size(), own.list().toString());
        assertTrue(own.list().get(0).toString().contains(what), own.list().toString());
    }

    @Test
    void bothAreOffUnlessTheyAreOn() {
        assertEquals(Set.of(), FiguresReader.indicators(section("hour: true")));
        assertNull(FiguresReader.epi(section("every: day")));
        assertEquals(Set.of(Grain.HOUR, Grain.DAY), FiguresReader.indicators(section("on: true")));
        assertEquals(
                Set.of(Grain.MINUTE),
                FiguresReader.indicators(section("{on: true, minute: true, hour: false, day: false}")));
        assertEquals(new Config.Epi(true, null), FiguresReader.epi(section("on: true")));
        assertEquals(
                new Config.Epi(false, "laboratory"),
                FiguresReader.epi(section("{on: true, every: day, site: laboratory}")));
        assertEquals(List.of(), problems.list());
    }

    @Test
    void mistakesAreTold() {
        assertProblem("{on: true, hour: false, day: false}", false, "has no period; write hour: true");
        assertProblem("{on: true, minutes: true}", false, "did you mean 'minute'?");
        assertProblem("{on: true, every: hour}", true, "every is 'hour'; write week or day");
        assertProblem("{on: true, site: chu-ibnrochd}", true, "write one of university-hospital");
    }
}
