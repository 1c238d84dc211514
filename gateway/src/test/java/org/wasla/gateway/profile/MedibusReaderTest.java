package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.codec.MedibusQuestion;
import org.wasla.gateway.codec.MedibusSpec;
import org.wasla.gateway.codec.MedibusSpec.Ask;

/** The block {@code codec}: all mistakes at once, each with its line and what to write instead. */
class MedibusReaderTest {
    private static final String GOOD = """
            codec:
              medibus:
                ask: {data: 1s, alarms-2: 500ms}
                waves: ['00', '1C']
                hz: 20
                models: {'8240': Evita 4}
                technical: {cp1: '42', cp2: ['9F', 'A1']}
                quiet: 5s
            simulator:
              values: {cp1.73: '9'}
            """;

    private static Codes codes() throws IOException {
        return Codes.read(Path.of("../device-profiles").resolve(Codes.FILE));
    }

    private static List<String> problems(String yaml) throws IOException {
        Problems problems = new Problems();
        Section profile = Section.parse("p", yaml, problems);
        CodecReader.read(profile, codes());
        return problems.list().stream().map(Problems.Problem::toString).toList();
    }

    @Test
    void everythingThatIsWrittenIsRead() throws IOException {
        Problems problems = new Problems();
        CodecReader.Codec codec =
                CodecReader.read(Section.parse("p", GOOD, problems), codes()).orElseThrow();
        assertEquals(List.of(), problems.list());
        assertEquals(
                new MedibusSpec(
                        List.of(
                                new Ask(MedibusQuestion.DATA, 1_000_000_000L),
                                new Ask(MedibusQuestion.ALARMS_2, 500_000_000L)),
                        List.of("00", "1C"),
                        20,
                        Map.of("8240", "Evita 4"),
                        Map.of("cp1", Set.of("42"), "cp2", Set.of("9F", "A1"), "cp3", Set.of()),
                        5_000_000_000L),
                codec.talk());
        assertTrue(codec.simulator().isPresent());
    }

    @Test
    void eachMistakeIsToldWithItsRemedy() throws IOException {
        String all = GOOD.replace("data: 1s", "date: 1s")
                .replace("500ms", "50ms")
                .replace("'1C'", "'1c'")
                .replace("hz: 20", "hz: 0")
                .replace("'8240'", "824")
                .replace("cp2:", "cp4:")
                .replace("quiet: 5s", "quit: 5s");
        String told = String.join("\n", problems(all.replace("  values", "  push: []\n  values")));
        for (String part : List.of(
                "p:3: codec.medibus.ask.date is no question; write one of data, low-limits,",
                "p:3: codec.medibus.ask.alarms-2 is too often; write at least 100ms",
                "p:4: codec.medibus.waves[1]",
                "p:5: codec.medibus.hz",
                "p:6: codec.medibus.models.824 is no device id; write four hex digits, such as '8240'",
                "p:7: codec.medibus.technical.cp4 is not known",
                "p:8: codec.medibus.quit is not known; did you mean 'quiet'?",
                "p:10: simulator.push is not known")) {
            assertTrue(told.contains(part), "no '" + part + "' in\n" + told);
        }
    }

    @Test
    void aCodecHasAKnownNameAndItsQuestions() throws IOException {
        assertEquals(
                List.of(
                        "p:1: codec names no codec; write codec: {NAME: {...}} with astm, hl7, intellivue, medibus or poct1a",
                        "p:1: codec.other is not known; known here: astm, hl7, intellivue, medibus, poct1a"),
                problems("codec: {other: {}}"));
        assertEquals(
                List.of("p:1: codec.medibus has no 'ask'; add ask: {data: 1s}"), problems("codec: {medibus: {hz: 3}}"));
        assertEquals(
                List.of("p:1: codec.medibus has 5 waves; keep 4: a device sends no more"),
                problems("codec: {medibus: {ask: {data: 1s}, waves: [10, 11, 12, 13, 14]}}"));
    }
}
