package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A technician far away reads these messages and has nothing else: file, line, what is wrong, what to write. */
class ProfileReaderTest {
    private static final String GOOD = """
            wasla: 1
            id: my-device
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: pulse oximeter}
            link:
              serial: {try: ["9600 8N1"], flow: none}
            frame: {line: {end: CRLF}}
            dialogue: {listen: {quiet: 3s}}
            message:
              - id: row
                pattern: '(?<spo2>\\d+) (?<bpm>\\d+|--)'
            observe:
              - {field: spo2, name: spo2, mdc: 150456, loinc: 59408-5, ucum: '%'}
              - {field: bpm, name: pulse, mdc: 149530, ucum: /min, absent: [{text: '--', why: no-value}]}
            """;

    @TempDir
    Path folder;

    private Codes codes;

    @BeforeEach
    void readCodes() throws IOException {
        Path table = folder.resolve("codes.tsv");
        Files.writeString(
                table,
                "# codes@7\nmdc\t150456\tMDC_PULS_OXIM_SAT_O2\t%\nmdc\t149530\tMDC_PULS_OXIM_PULS_RATE\t/min\n"
                        + "ucum\t%\tpercent\nucum\t/min\tper minute\n");
        codes = Codes.read(table);
    }

    private List<String> problems(String yaml) throws IOException {
        Path profile = Files.createDirectories(folder.resolve("my-device"));
        Files.writeString(profile.resolve(ProfileReader.FILE), yaml);
        Problems problems = new Problems();
        new ProfileReader(codes).read(profile, problems);
        return problems.list().stream()
                .map(problem -> problem.line() + ": " + problem.what() + "; " + problem.remedy())
                .toList();
    }

    private void assertProblem(String replaced, String by, String expected) throws IOException {
        assertTrue(GOOD.contains(replaced), "the test replaces '" + replaced + "', which is not there");
        List<String> problems = problems(GOOD.replace(replaced, by));
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.get(0).contains(expected), problems.get(0));
    }

    @Test
    void aGoodProfileHasNoProblem() throws IOException {
        assertEquals(List.of(), problems(GOOD));
    }

    @Test
    void aMisspeltKeyIsToldWithTheNearestOne() throws IOException {
        assertProblem("observe:", "obsrve:", "12: obsrve is not known; did you mean 'observe'?");
        assertProblem("version: 1.0.0", "version: 1.0.0\ncolour: red", "4: colour is not known; known here: ");
    }

    @Test
    void codesAndUnitsAreCheckedAgainstTheTable() throws IOException {
        assertProblem("mdc: 150456", "mdc: 150457", "13: observe[0].mdc is 150457, no code of the table");
        assertProblem("ucum: /min", "ucum: bpm", "14: observe[1].ucum is 'bpm', no unit of the table");
        assertProblem("mdc: 149530, ucum: /min", "mdc: 149530, ucum: '%'", "is measured in /min, not in %");
        assertProblem("59408-5", "59408-6", "with a wrong check digit");
    }

    @Test
    void aFieldThatNoMessageHasIsTold() throws IOException {
        assertProblem("field: bpm", "field: bpn", "14: observe[1].field is 'bpn', which no message has");
    }

    @Test
    void wrongValuesAreToldWithWhatToWrite() throws IOException {
        assertProblem("quiet: 3s", "quiet: 3", "8: dialogue.listen.quiet is no time; write a number with ms, s");
        assertProblem("9600 8N1", "fast", "6: link.serial.try[0] is 'fast'; write speed and format");
        assertProblem("end: CRLF", "end: TAB", "7: frame.line.end is 'TAB'; write CRLF, CR or LF");
        assertProblem("flow: none", "flow: soft", "write one of none, rts-cts, xon-xoff");
        assertProblem("(?<spo2>", "(?<spo2", "11: message[0].pattern is no regular expression");
        assertProblem("wasla: 1\n", "wasla: 2\n", "1: wasla is '2'; write a whole number from 1 to 1");
    }

    @Test
    void whatIsMissingIsToldWithAnExample() throws IOException {
        assertProblem("version: 1.0.0\n", "", "has no 'version'; add version: 1.0.0");
        assertProblem("kind: pulse oximeter", "", "device has no 'kind'");
    }

    @Test
    void allMistakesAreToldAtOnce() throws IOException {
        List<String> problems = problems(GOOD.replace("quiet: 3s", "quiet: 3")
                .replace("mdc: 150456", "mdc: x")
                .replace("9600 8N1", "x"));
        assertEquals(3, problems.size(), problems.toString());
    }

    @Test
    void whatIsNoYamlIsToldWithItsLine() throws IOException {
        List<String> problems = problems(GOOD.replace("dialogue: {listen", "dialogue: {listen: [}"));
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.get(0).startsWith("8: this is no YAML"), problems.get(0));
        assertEquals(1, problems("").size());
        assertEquals(1, problems("just text").size());
    }

    @Test
    void aKeyThatStandsTwiceIsAMistake() throws IOException {
        assertProblem("version: 1.0.0", "version: 1.0.0\nversion: 1.0.1", "4: version stands twice");
    }

    /** Every cut of a profile gives problems or a profile, never an exception: it comes from far away, over any link. */
    @Test
    void aProfileCutAnywhereNeverThrows() throws IOException {
        for (int cut = 0; cut < GOOD.length(); cut++) {
            problems(GOOD.substring(0, cut));
        }
    }

    @Test
    void loincCheckDigitsAreTheModTenOnes() {
        for (String good : new String[] {"8867-4", "8889-8", "59408-5", "85354-9", "8480-6", "8310-5", "29463-7"}) {
            assertTrue(Codes.isLoinc(good), good);
            assertTrue(!Codes.isLoinc(good.substring(0, good.length() - 1) + (good.endsWith("0") ? "1" : "0")), good);
        }
    }
}
