package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.observation.Loinc;

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

    private static final String SIMULATED = GOOD + """
            simulator:
              push:
                - {every: 1s, message: row, text: "{spo2} {now}\\r\\n"}
              answer:
                - {to: "?", text: "{spo2}"}
              values:
                spo2: {swing: [94, 99], digits: 3}
                now: {clock: 'HH:mm'}
            """;

    private static final String SPLIT = """
            wasla: 1
            id: my-device
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: ventilator}
            frame: {line: {end: CR}}
            dialogue: {listen: {quiet: 3s}}
            message:
              - id: set
                pattern: 'S,(?<count>\\d+),(?<body>.*)'
                split: {in: body, by: ',', first: 5}
                count: [{of: body, unit: fields, is: count}]
                required: [count, '5']
              - {id: say, pattern: '(?<pairs>.*)', pairs: {in: pairs, assign: '='}, required: [RR]}
            time:
              - {message: set, fields: [7, 8], format: 'MM/dd/yy HH:mm'}
            observe:
              - {message: set, field: 5, name: rate, range: [0, 99]}
              - {message: say, field: 5, name: rate}
            simulator:
              push:
                - {every: 1s, message: set, fields: 4, text: "S,{count},{body}\\r"}
              values: {'5': '12'}
            """;

    private static final String BINARY = """
            wasla: 1
            id: my-device
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: pulse oximeter}
            frame:
              sync: {size: 4, fixed: [{pos: 0, is: 0x01}], blocks: 2, first: {pos: 1, mask: 0x01, is: 0x01}}
            dialogue: {listen: {quiet: 3s}}
            message:
              - id: packet
                seq:
                  - {id: spo2, pos: 2, mask: 0x7f}
                  - {id: bpm, bits: [{pos: 3, mask: 0x03}, {pos: -1, mask: 0x7f}]}
                  - {id: wave, pos: 2, repeat: 2, step: 4}
                  - {id: serial, pos: 4, type: u4be}
            waves:
              - {field: wave, name: pleth, hz: 75, range: [0, 255]}
            simulator:
              push:
                - {every: 1s, message: packet}
              values:
                spo2: {swing: [94, 99], digits: 3}
                bpm: {cycle: ['60', '', '80']}
                serial: '7'
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
        assertProblem(GOOD, replaced, by, expected);
    }

    private void assertProblem(String good, String replaced, String by, String expected) throws IOException {
        assertTrue(good.contains(replaced), "the test replaces '" + replaced + "', which is not there");
        List<String> problems = problems(good.replace(replaced, by));
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.get(0).contains(expected), problems.get(0));
    }

    @Test
    void aGoodProfileHasNoProblem() throws IOException {
        assertEquals(List.of(), problems(GOOD));
        assertEquals(List.of(), problems(SIMULATED));
        assertEquals(List.of(), problems(SPLIT));
        assertEquals(List.of(), problems(BINARY));
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
    void aKeyThatIsLeftEmptyIsMissingAndToldOnce() throws IOException {
        String device = "device: {makers: [Maker], models: [M1], kind: pulse oximeter}";
        assertProblem(device, "device:", "4: the file has no 'device'; add device: {makers: [Masimo]");
        assertProblem("kind: pulse oximeter", "kind: ", "4: device has no 'kind'; add kind: pulse oximeter");
        assertProblem("listen: {quiet: 3s}", "listen: ", "8: dialogue has no 'listen'; add listen: {quiet: 3s}");
        assertProblem(" row\n", "\n", "10: message[0] has no 'id'; add id: row");
        assertProblem("{field: bpm,", "{field: ,", "14: observe[1] has no 'field'; add field: SPO2");
        int from = GOOD.indexOf("  - id: row");
        String messages = GOOD.substring(from, GOOD.indexOf("observe:"));
        assertProblem(messages, "", "9: the file has no 'message'; add message: [{id: row");
        assertProblem("message:\n" + messages, "message: []\n", "9: message names no message; write [{id: row");
        assertEquals(List.of(), problems(GOOD.replace("{quiet: 3s}", "{quiet: }") + "simulator:\nstatus:\n"));
        assertProblem(SPLIT, "first: 5", "first: 5, widths: {5: }", "message[0].split.widths has no '5'");
        assertProblem(SIMULATED, "{swing: [94, 99], digits: 3}", "", "simulator.values has no 'spo2'; add spo2: '97'");
        assertProblem(BINARY, "fixed: [{pos: 0, is: 0x01}]", "fixed: ", "frame.sync has no 'fixed'; add fixed: ");
        assertProblem(BINARY, "range: [0, 255]", "range: ", "waves[0] has no 'range'; add range: [0, 255]");
    }

    @Test
    void marksOfNoCharacterAreRefused() throws IOException {
        assertProblem(SPLIT, "by: ','", "by: ''", "10: message[0].split.by is ''; write at least one character");
        assertProblem(
                SPLIT, "assign: '='", "assign: ''", "message[1].pairs.assign is ''; write at least one character");
        assertProblem(SIMULATED, "to: \"?\"", "to: \"\"", "simulator.answer[0].to is ''; write the bytes");
    }

    @Test
    void aRequiredFieldThatTheMessageCannotHaveIsTold() throws IOException {
        String told = "message[0].required[1] is 'X', which the message cannot have; write a field";
        assertProblem(SPLIT, "required: [count, '5']", "required: [count, X]", told);
        assertProblem(SPLIT, "required: [count, '5']", "required: [count, '4']", "which the message cannot have");
        assertProblem(SPLIT, "required: [count, '5']", "required: [body]", "which the message cannot have");
    }

    @Test
    void whatStandsTwiceIsTold() throws IOException {
        assertProblem(
                SPLIT.replace("  - {message: say, field: 5, name: rate}\n", ""),
                "id: say",
                "id: set",
                "message[1] has the id 'set' a second time; give every message its own id");
        assertProblem(
                "{field: bpm,",
                "{field: spo2,",
                "14: observe[1] is a second rule for 'spo2' of the message 'row'; keep");
        assertProblem(SPLIT, "{message: say, field: 5", "{field: 5", "is a second rule for '5' of the message 'set'");
        assertProblem(
                SPLIT, "{message: say, field: 5", "{message: [say, set], field: 5", "of the message 'set'; keep one");
    }

    @Test
    void aRangeBeginsBelowItsEnd() throws IOException {
        assertProblem(SPLIT, "range: [0, 99]", "range: [99, 0]", "observe[0].range begins above its end; write");
        assertProblem(SPLIT, "range: [0, 99]", "range: [99, x]", "observe[0].range[1] is 'x'; write a number");
        assertProblem(BINARY, "range: [0, 255]", "range: [255, 0]", "waves[0].range begins above its end; write");
        assertProblem(BINARY, "range: [0, 255]", "range: [255, x]", "waves[0].range[1] is 'x'; write a whole number");
    }

    @Test
    void fieldsOfAPacketLieWithinIt() throws IOException {
        String told = " of a frame of 8; count from 0, and correct pos, repeat or step";
        assertProblem(
                BINARY, "{pos: -1, mask: 0x7f}", "{pos: 8, mask: 0x7f}", "message[0].seq[1] reaches byte 8" + told);
        assertProblem(BINARY, "{pos: -1, mask: 0x7f}", "{pos: -9, mask: 0x7f}", "seq[1] reaches byte -1" + told);
        assertProblem(BINARY, "repeat: 2, step: 4", "repeat: 3, step: 4", "seq[2] reaches byte 10" + told);
        assertProblem(BINARY, "repeat: 2", "repeat: 65536", "seq[2] reaches byte 262142" + told);
        assertProblem(BINARY, "pos: 4, type: u4be", "pos: 5, type: u4be", "seq[3] reaches byte 8" + told);
        assertProblem(BINARY, "size: 4", "size: x", "frame.sync.size is 'x'");
    }

    /** Only sync knows by itself how long a packet is. */
    @Test
    void aSimulatedPacketSaysHowLongItIs() throws IOException {
        String sync = BINARY.lines()
                .filter(line -> line.contains("sync:"))
                .findFirst()
                .orElseThrow();
        String sized = BINARY.replace(sync, "  length: {start: A, size: {pos: 1}}")
                .replace("message: packet}", "message: packet, size: 9}");
        assertEquals(List.of(), problems(sized));
        assertProblem(sized, ", size: 9", "", "simulator.push[0] has no 'size'; add size: 27");
        assertProblem(sized, "size: 9", "size: 7", "sends 7 bytes, too few for 'serial'; write a larger size");
        assertProblem(BINARY, "message: packet}", "message: packet, size: 9}", "simulator.push[0].size is not known");
    }

    @Test
    void bitsAreFewEnoughForANumberAndWithoutGaps() throws IOException {
        assertProblem(
                BINARY,
                "{pos: -1, mask: 0x7f}",
                "{pos: 4}, {pos: 5}, {pos: 6}, {pos: 7, mask: 0x3f}",
                "message[0].seq[1] has 32 bits; write at most 31");
        assertProblem(
                BINARY, "pos: 2, repeat: 2", "pos: 0, type: u4be, repeat: 2", "seq[2] has 32 bits; write at most");
        assertProblem(
                BINARY, "pos: 2, mask: 0x7f", "pos: 2, mask: 0x55", "message[0].seq[0].mask has gaps; write one run");
    }

    @Test
    void aSimulatorTextNamesOnlyWhatStandsForSomething() throws IOException {
        assertProblem(
                SIMULATED, "{spo2} {now}", "{spo2} {aa} {aa}", "push[0].text names {aa}, which nothing stands for");
        assertProblem(SIMULATED, "text: \"{spo2}\"", "text: \"{bpm}\"", "answer[0].text names {bpm}, which nothing");
        assertProblem(SPLIT, "S,{count},{body}", "S,{5},{pairs}", "names {pairs}, which nothing stands for");
        assertProblem(
                SPLIT.replace("S,{count},{body}", "S,{count}"),
                "message: set, fields: 4, text",
                "text",
                "names {count}, which nothing stands for");
    }

    @Test
    void simulatedPacketsHoldWholeNumbers() throws IOException {
        String told = " is no whole number, as a packet needs; write one, without decimals";
        assertProblem(BINARY, "digits: 3}", "digits: 3, decimals: 1}", "simulator.values.spo2" + told);
        assertProblem(BINARY, "'80'", "'---'", "simulator.values.bpm" + told);
        assertProblem(BINARY, "serial: '7'", "serial: A7", "simulator.values.serial" + told);
        assertProblem(BINARY, "serial: '7'", "serial: {clock: 'HH:mm'}", "simulator.values.serial" + told);
        assertProblem(BINARY, "[94, 99]", "[94, 1e400]", "simulator.values.spo2" + told);
        assertEquals(List.of(), problems(BINARY.replace("serial: '7'", "serial: {clock: 'HHmmss'}")));
    }

    @Test
    void timeFormatsAreTried() throws IOException {
        String told = "15: time[0].format gives no date and time; write day, month, year, hour and minute";
        for (String bad :
                new String[] {"HH:mm", "MM/dd HH:mm", "dd-MMM-yy hh:mm", "dd-mm-yy HH:mm", "dd-MM-YY HH:mm"}) {
            assertProblem(SPLIT, "'MM/dd/yy HH:mm'", "'" + bad + "'", told);
        }
        assertProblem(SPLIT, "'MM/dd/yy HH:mm'", "'MM/dd/yy HH:mm bb'", "time[0].format is no time format");
        assertProblem(
                SPLIT,
                "'MM/dd/yy HH:mm'",
                "'MM/dd/yy HH:mm', zone: Rabat",
                "time[0].zone is 'Rabat', which is no zone");
        for (String good : new String[] {"'MM/dd/yy HH:mmXXX'", "'MM/dd/yy HH:mm', zone: UTC"}) {
            assertEquals(List.of(), problems(SPLIT.replace("'MM/dd/yy HH:mm'", good)));
        }
        assertProblem(
                SIMULATED, "clock: 'HH:mm'", "clock: 'HH:mm z'", "clock asks for what a local time does not have");
    }

    /** A clock that was never set shows such dates: no device time is right, another date is wrong. */
    @Test
    void aDateThatDoesNotExistIsNotRead() throws IOException {
        DateTimeFormatter american = format("MM/dd/yy HH:mm:ss");
        assertEquals(LocalDateTime.of(2018, 2, 28, 23, 59, 59), LocalDateTime.parse("02/28/18 23:59:59", american));
        assertEquals(2099, LocalDateTime.parse("12/31/99 00:00:00", american).getYear());
        for (String never :
                new String[] {"02/31/18 10:00:00", "02/29/18 10:00:00", "02/28/18 24:00:00", "00/00/00 00:00:00"}) {
            assertThrows(DateTimeException.class, () -> LocalDateTime.parse(never, american), never);
        }
        LocalDateTime may = LocalDateTime.of(2026, 5, 9, 7, 8);
        for (String year : new String[] {"uuuu", "yyyy", "uu", "yy"}) {
            DateTimeFormatter format = format("'day' MMM dd " + year + " HH:mm");
            assertEquals(
                    may, LocalDateTime.parse("day MAY 09 " + (year.length() == 2 ? "26" : "2026") + " 07:08", format));
        }
    }

    private DateTimeFormatter format(String text) throws IOException {
        Problems problems = new Problems();
        Section section = Section.parse("f", "format: \"" + text + "\"", problems);
        DateTimeFormatter format = TimeFormat.reading(section.need("format", ""));
        assertTrue(problems.isEmpty(), problems.list().toString());
        return format;
    }

    @Test
    void aPathThatNoFileCanHaveIsNotFound() throws IOException {
        Path shipped = Files.createDirectories(folder.resolve("shipped"));
        Files.copy(folder.resolve("codes.tsv"), shipped.resolve(Codes.FILE));
        assertTrue(ProfileStore.open(List.of(shipped)).find("/a\0b").isEmpty());
        assertTrue(ProfileStore.open(List.of(shipped)).find("a\0b").isEmpty());
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

    /** Every cut of a profile gives problems or a profile, never an exception: it comes from far away. */
    @Test
    void aProfileCutAnywhereNeverThrows() throws IOException {
        for (int cut = 0; cut < GOOD.length(); cut++) {
            problems(GOOD.substring(0, cut));
        }
        for (String good : new String[] {SIMULATED, SPLIT, BINARY}) {
            for (int cut = 0; cut < good.length(); cut += 7) {
                problems(good.substring(0, cut));
            }
        }
    }

    @Test
    void loincCheckDigitsAreTheModTenOnes() {
        for (String good : new String[] {"8867-4", "8889-8", "59408-5", "85354-9", "8480-6", "8310-5", "29463-7"}) {
            assertTrue(Loinc.isValid(good), good);
            assertTrue(!Loinc.isValid(good.substring(0, good.length() - 1) + (good.endsWith("0") ? "1" : "0")), good);
        }
    }
}
