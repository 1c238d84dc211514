package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.codec.Hl7Spec;
import org.wasla.gateway.codec.Hl7Spec.Content;
import org.wasla.gateway.codec.Hl7Spec.Part;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.hl7.Hl7Answers.Mode;
import org.wasla.gateway.hl7.MllpFrames;
import org.wasla.gateway.simulator.Simulated;

/** What a profile's author writes of the talk in HL7, and what is told of mistakes in it. */
class Hl7ReaderTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String GOOD = """
            codec:
              hl7:
                answer: aa
                content: device
                part: bed
                charset: ISO-8859-1
                units: {bpm: /min, '262688': '%'}
                max: 65536
                bare: false
                gap: 2s
                deadline: 9s
                quiet: 3s
            simulator:
              every: 2s
              values: {hr: '72'}
              send:
                - |
                  MSH|^~\\&|A||||{time}||ORU^R01|{id}|P|2.6
                  OBX|1|NM|1^A^L||{hr}
                - "MSH|^~\\\\&|B"
            """;

    @TempDir
    Path folder;

    private Optional<CodecReader.Codec> read(String yaml, Problems problems) throws IOException {
        String lines = "# wasla-codes@1\nucum\t%\tpercent\nucum\t/min\trate\n";
        Path table = Files.writeString(folder.resolve(Codes.FILE), lines);
        Section profile = Section.parse("profile.yaml", yaml, problems);
        Optional<CodecReader.Codec> codec = CodecReader.read(profile, Codes.read(table));
        profile.end();
        return codec;
    }

    private void assertProblem(String good, String bad, String told) throws IOException {
        assertTrue(GOOD.contains(good), "the test replaces '" + good + "'");
        Problems problems = new Problems();
        read(GOOD.replace(good, bad), problems);
        List<String> list = problems.list().stream()
                .map(problem -> problem.line() + ": " + problem.what() + "; " + problem.remedy())
                .toList();
        assertTrue(list.stream().anyMatch(problem -> problem.contains(told)), bad + " gave " + list);
    }

    @Test
    void everySettingIsRead() throws IOException {
        Problems problems = new Problems();
        CodecReader.Codec codec = read(GOOD, problems).orElseThrow();
        assertEquals(List.of(), problems.list());
        Map<String, String> units = Map.of("bpm", "/min", "262688", "%", "%", "%", "/min", "/min");
        assertEquals(
                new Hl7Spec(
                        Mode.AA,
                        Content.DEVICE,
                        Part.BED,
                        StandardCharsets.ISO_8859_1,
                        units,
                        65_536,
                        false,
                        2 * SECOND,
                        9 * SECOND,
                        3 * SECOND,
                        false),
                codec.talk());
    }

    @Test
    void nothingButTheNameIsNeeded() throws IOException {
        Problems problems = new Problems();
        CodecReader.Codec codec = read("codec: {hl7: {}}", problems).orElseThrow();
        assertEquals(List.of(), problems.list());
        Hl7Spec spec = assertInstanceOf(Hl7Spec.class, codec.talk());
        assertEquals(Mode.AUTO, spec.answers());
        assertEquals(MllpFrames.BYTES_MAX, spec.bytesMax());
        assertTrue(spec.takesBare());
        assertTrue(codec.simulator().isEmpty());
    }

    @Test
    void theSimulatorSendsItsMessagesInTurn() throws IOException {
        Simulated device = read(GOOD, new Problems())
                .orElseThrow()
                .simulator()
                .orElseThrow()
                .start(0);
        LocalDateTime now = LocalDateTime.of(2026, 6, 16, 8, 0, 0);
        String first = "\u000bMSH|^~\\&|A||||20260616080000||ORU^R01|1|P|2.6\rOBX|1|NM|1^A^L||72\r\u001c\r";
        assertEquals(List.of(Bytes.latin1(first)), device.onTime(0, now));
        assertEquals(List.of(), device.onTime(SECOND, now));
        assertEquals(SECOND, device.waitNs(SECOND));
        assertEquals(List.of(Bytes.latin1("\u000bMSH|^~\\&|B\r\u001c\r")), device.onTime(2 * SECOND, now));
        assertEquals(1, device.onTime(9 * SECOND, now).size(), "what was missed is not made up for");
    }

    @Test
    void mistakesAreToldWithTheirLine() throws IOException {
        assertProblem("answer: aa", "answer: ok", "3: codec.hl7.answer is 'ok'; write one of auto, aa, ca, none");
        assertProblem("part: bed", "part: room", "write one of none, bed, equipment");
        assertProblem("ISO-8859-1", "klingon", "codec.hl7.charset is no character set");
        assertProblem("ISO-8859-1", "'?!'", "codec.hl7.charset is no character set");
        assertProblem("bpm: /min", "bpm: beats", "units.bpm is 'beats', no unit of the table");
        assertProblem("max: 65536", "max: 10", "codec.hl7.max");
        assertProblem("quiet:", "quite:", "did you mean 'quiet'?");
        assertProblem("{hr}", "{pulse}", "names {pulse}, which nothing stands for");
        assertProblem("  send:\n", "  sent:\n", "simulator sends nothing");
    }
}
