package org.wasla.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.acts.Act;
import org.wasla.gateway.acts.ActTable;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Section;

/** A table that is half read would put half the codes to acts: a mistake in it refuses the configuration. */
class ActsReaderTest {
    private static final Path EXAMPLE = Path.of("../ops/contract/acts.example.yaml");

    @TempDir
    Path folder;

    private final Problems problems = new Problems();

    private ActsReader.Asked read(String yaml) {
        Section root = Section.parse("wasla.yaml", yaml, problems);
        return ActsReader.read(root.section("acts"), problems);
    }

    private List<String> told() {
        return problems.list().stream().map(Object::toString).toList();
    }

    @Test
    void withoutTheSectionNothingIsTold() {
        assertFalse(read("gateway: {}").isOn());
        assertNull(read("gateway: {}").of(List.of()));
        assertNull(read("acts: {quiet: 5min}").of(List.of()), "it must be switched on");
        assertEquals(List.of(), told());
    }

    @Test
    void theDefaultsAreThoseOfThePage() {
        ActsReader.Asked asked = read("acts: {on: true}");
        assertTrue(asked.isOn());
        assertEquals(Set.of("F", "C", "U", "V", "A"), asked.rules().finals());
        assertEquals(600_000, asked.rules().quietMs());
        assertEquals(60_000, asked.rules().leastMs());
        assertEquals(30L * 86_400_000, asked.rules().duplicateMs());
        assertEquals(ActTable.NONE, asked.rules().table());
        assertEquals(List.of(), told());
    }

    @Test
    void theExampleIsGood() {
        ActTable table =
                read("acts: {on: true, table: " + EXAMPLE + "}").rules().table();
        assertEquals(List.of(), told());
        assertEquals("example-acts@2026-01", table.name());
        assertEquals(5, table.rows().size());
        ActTable.Row first = table.rows().get(0);
        assertEquals(Act.Type.ANALYSIS, first.type());
        assertTrue(first.asked().getOrDefault("loinc", Set.of()).contains("718-7"));
        assertEquals("specimen", first.codes().get(0).get("per"));
    }

    @Test
    void allMistakesOfATableAreToldAtOnce() throws IOException {
        Path table = Files.writeString(folder.resolve("acts.yaml"), """
                table: Chu Acts
                acts:
                  - {type: consultation, codes: [{system: a, code: X1}]}
                  - {type: analysis, loinc: ['718-8'], codes: [{system: a, code: X1, price: 120}]}
                  - {type: analysis, mdc: [many], codes: []}
                  - {type: examination, modalty: [CT], codes: [{system: a, code: 'X 1 ', per: day}]}
                """);
        read("acts: {on: true, table: " + table + ", quiet: 10s}");
        List<String> told = told();
        assertEquals(11, told.size(), told.toString());
        for (String part : List.of(
                "acts.yaml:1: table is 'Chu Acts'",
                "the file has no 'version'",
                "acts[0].type is 'consultation'; write one of analysis, examination, infusion, ventilation",
                "acts[1].loinc[0] is '718-8', no LOINC code",
                "acts[1].codes[0].price is not known",
                "acts[2].mdc[0] is 'many'",
                "acts[2].codes names no code",
                "did you mean 'modality'?",
                "acts[3].codes[0].code is 'X 1 '",
                "wasla.yaml:1: acts.quiet is less than a minute")) {
            assertTrue(told.stream().anyMatch(line -> line.contains(part)), part + " in " + told);
        }
    }

    @Test
    void aTableThatIsNotThereIsAMistake() {
        read("acts: {on: true, table: " + folder.resolve("none.yaml") + "}");
        assertEquals(1, told().size());
        assertTrue(
                told().get(0).contains("no file that can be read; correct the path, or leave it out"), told().get(0));
    }
}
