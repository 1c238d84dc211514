package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.observation.Flag;
import org.wasla.gateway.observation.ResultRules;
import org.wasla.gateway.observation.ResultRules.Part;

/** The {@code results} block: what is written is what holds, and each mistake is told with its remedy. */
class ResultsReaderTest {
    @TempDir
    Path folder;

    private Codes codes;
    private final Problems problems = new Problems();

    @BeforeEach
    void readCodes() throws IOException {
        Path table = folder.resolve(Codes.FILE);
        Files.writeString(table, "# codes@1\nucum\t%\tpercent\nucum\tU/L\t\nunit\tU/l\tU/L\n");
        codes = Codes.read(table);
    }

    private ResultRules read(String... lines) {
        String yaml = "results:\n  " + String.join("\n  ", lines);
        return new ResultsReader(codes, null).read(Section.parse("p", yaml, problems));
    }

    private void assertTold(String what, String line) {
        read(line);
        List<String> told = problems.list().stream().map(Object::toString).toList();
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.get(0).contains(what), told.toString());
    }

    @Test
    void aWholeBlockIsRead() {
        ResultRules rules = read(
                "specimen: [O.3.2, O.3]",
                "order: OBR.3",
                "control: {field: H.12, found: '^Q$'}",
                "flags: [{field: marks, found: DEMO, flag: demo, why: demo-mode}]",
                "code: '([^/]*).*'",
                "tests: {'685': {name: ast, ucum: U/L, loinc: 1920-8}, RET: {loinc: {'%': 17849-1}}}",
                "units: {'1': '', 'E/l': U/L}",
                "absent: {text: '-+', why: not-measured}",
                "status: {E: F}",
                "alias: loinc");
        assertTrue(problems.isEmpty(), problems.list().toString());
        assertEquals(List.of("O.3.2", "O.3"), rules.specimen());
        assertEquals(List.of("OBR.3"), rules.order());
        assertEquals("H.12", rules.control().get(0).place());
        assertEquals(Part.MARKS, rules.flags().get(0).sign().part());
        assertEquals(Flag.DEMO, rules.flags().get(0).flag());
        assertEquals(
                new ResultRules.Test("ast", null, Map.of("U/L", "1920-8")),
                rules.tests().get("685"));
        assertEquals(
                new ResultRules.Test(null, null, Map.of("%", "17849-1")),
                rules.tests().get("RET"));
        assertEquals(Map.of("1", "", "E/l", "U/L", "U/l", "U/L", "U/L", "U/L", "%", "%"), rules.units());
        assertEquals(Map.of("E", "F"), rules.statuses());
        assertTrue(rules.aliasIsLoinc());
    }

    @Test
    void withoutABlockOnlyTheTablesUnitsAreKnown() {
        ResultRules rules = new ResultsReader(codes, null).read(Section.parse("p", "wasla: 1", problems));
        assertTrue(problems.isEmpty());
        assertEquals("U/L", rules.units().get("U/l"));
        assertEquals(List.of(), rules.specimen());
    }

    @Test
    void aPlaceIsARecordAndAField() {
        assertTold("results.specimen[0] is 'O3'; write a record", "specimen: [O3]");
    }

    @Test
    void aSignStandsInAPlaceOrAPartOfTheResult() {
        assertTold("or one of code, value, unit, marks, status, method, comment", "control: {field: mark, found: Q}");
    }

    /** Places are then fields of the messages, and a misspelt one would lose results for ever. */
    @Test
    void resultsOfAGrammarAreMadeOfItsFields() {
        ResultsReader reader = new ResultsReader(codes, Set.of("id", "test", "number")::contains);
        String good =
                "results: {specimen: id, notes: results, about: {lot: id}, findings: {code: test, value: number}}";
        ResultRules rules = reader.read(Section.parse("p", good, problems));
        assertTrue(problems.isEmpty(), problems.list().toString());
        assertEquals(List.of("id"), rules.specimen());
        assertEquals(ResultRules.Notes.RESULTS, rules.notes());
        assertEquals(Map.of("lot", List.of("id")), rules.about());
        assertEquals(
                List.of(new ResultRules.FindingRule("test", "number", null, null, null, null, null, null, null)),
                rules.findings());
        reader.read(Section.parse("p", "results: {specimen: O.3, findings: {code: tset, value: number}}", problems));
        assertEquals(2, problems.list().size(), problems.list().toString());
        assertTrue(problems.list().get(1).toString().contains("is 'tset', which no message has"));
    }

    @Test
    void aCodecFindsItsResultsItself() {
        assertTold("is of no use beside a codec", "findings: {code: O.5, value: R.4}");
    }

    @Test
    void aLoincCodeHasItsCheckDigit() {
        assertTold("is '789-9', with a wrong check digit", "tests: {RBC: {loinc: 789-9}}");
    }

    @Test
    void unitsAreThoseOfTheTable() {
        assertTold("no unit of the table", "units: {E: Foo/L}");
    }

    @Test
    void aTestsUnitsAreThoseOfTheTable() {
        assertTold("has the unit 'Foo/L'", "tests: {RBC: {ucum: Foo/L}}");
    }

    @Test
    void aPatternForCodesHasAGroup() {
        assertTold("has no group", "code: '[^/]*'");
    }

    @Test
    void aFlagHasAReason() {
        assertTold("has no 'why'", "flags: {field: marks, found: X}");
    }

    @Test
    void anUnknownKeyIsAMistake() {
        assertTold("is not known; did you mean 'specimen'?", "speciment: O.3");
    }

    @Test
    void anAliasIsLoincOrNothing() {
        assertTold("is no system of codes", "alias: snomed");
    }

    @Test
    void aNumberThatIsEnteredStandsSomewhere() {
        assertTrue(read("patient: P.3", "typed: true").isTyped());
        assertFalse(read("patient: P.3").isTyped());
        assertTrue(problems.isEmpty(), problems.list().toString());
        assertTold("typed", "typed: true");
    }
}
