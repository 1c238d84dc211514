package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.observation.Mapping;
import org.wasla.gateway.observation.Mapping.AlarmRule;

/** The alarms of a profile, and what is told of mistakes in them. */
class AlarmReaderTest {
    private static final String HEAD = """
            wasla: 1
            id: my-device
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: pulse oximeter}
            frame: {line: {end: CRLF}}
            dialogue: {listen: {quiet: 3s}}
            message:
              - {id: row, pattern: '(?<spo2>\\\\d+) (?<state>[A-Z]+)'}
              - {id: other, pattern: '(?<bits>[0-9A-F]+)'}
            """;

    @TempDir
    Path folder;

    private Problems problems = new Problems();

    private List<AlarmRule> read(String alarms) throws IOException {
        Files.writeString(folder.resolve(ProfileReader.FILE), HEAD.replace("\\\\", "\\") + alarms);
        Path codes = Files.writeString(folder.resolve("codes.tsv"), "# codes@1\n");
        problems = new Problems();
        return new ProfileReader(Codes.read(codes))
                .read(folder, problems)
                .mapping()
                .alarms();
    }

    @Test
    void aRuleIsReadWithAllItsKeys() throws IOException {
        List<AlarmRule> rules = read("""
                alarms:
                  - {message: row, field: state, found: 'LOW|HIGH', id: spo2-low, text: SpO2 low, kind: adv, source: spo2,
                     priority: {LOW: low, HIGH: high}, latched: 'LATCH'}
                  - {field: bits, base: 16, bits: 0x02, id: sensor-off, text: Sensor off, kind: tech, priority: medium}
                """);
        assertEquals(List.of(), problems.list());
        AlarmRule first = rules.get(0);
        assertEquals(new Mapping.Target(List.of("row"), "state"), first.target());
        assertEquals("spo2-low", first.id());
        assertEquals("SpO2 low", first.text());
        assertEquals("adv", first.kind());
        assertEquals("none", first.priority());
        assertEquals(Map.of("LOW", "low", "HIGH", "high"), first.priorities());
        assertEquals("spo2", first.source());
        Pattern latched = first.latched();
        assertTrue(latched != null && latched.pattern().equals("LATCH"));
        AlarmRule second = rules.get(1);
        assertEquals(new Mapping.Test.AnyBit(2, 16), second.test());
        assertEquals("tech", second.kind());
        assertEquals("medium", second.priority());
    }

    @Test
    void whatIsLeftOutIsPhysiologicalAndWithoutPriority() throws IOException {
        AlarmRule rule = read("alarms: {field: bits, bits: 1, id: a, text: A}").get(0);
        assertEquals(List.of(), problems.list());
        assertEquals("phys none", rule.kind() + " " + rule.priority());
    }

    @Test
    void allMistakesAreToldAtOnce() throws IOException {
        read("""
                alarms:
                  - {field: nothing, found: 'X', id: A B, text: A, kind: patient, priority: urgent, source: nowhere}
                  - {message: rows, field: state, found: '(', priority: {LOW: lowest}, latch: 'X'}
                """);
        List<String> told =
                problems.list().stream().map(problem -> problem.what()).toList();
        assertEquals(
                List.of(
                        "alarms[0].field is 'nothing', which no message has",
                        "alarms[0].id is 'A B'",
                        "alarms[0].kind is 'patient'",
                        "alarms[0].priority is 'urgent'",
                        "alarms[0].source is 'nowhere', which no message has"),
                told.subList(0, 5));
        for (String part : List.of("message", "no regular expression", "'id'", "'text'", "lowest", "latch")) {
            assertTrue(told.stream().anyMatch(text -> text.contains(part)), part + " is not told of in " + told);
        }
    }
}
