package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.codec.IntellivueSpec;

/** What a profile's author writes of the talk with monitors, and what is told of mistakes in it. */
class IntellivueReaderTest {
    private static final String GOOD = """
            codec:
              intellivue:
                waves: [0x020100, 150452]
                units: {0x0AA0: /min, 544: '%'}
            simulator: {}
            """;

    @TempDir
    Path folder;

    private Optional<CodecReader.Codec> read(String yaml, Problems problems) throws IOException {
        Path table =
                Files.writeString(folder.resolve(Codes.FILE), "# wasla-codes@1\nucum\t%\tpercent\nucum\t/min\trate\n");
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
    void aMonitorIsRead() throws IOException {
        Problems problems = new Problems();
        CodecReader.Codec codec = read(GOOD, problems).orElseThrow();
        assertEquals(List.of(), problems.list());
        assertEquals(new IntellivueSpec(List.of(131_328, 150_452), Map.of(2_720, "/min", 544, "%")), codec.talk());
        assertTrue(codec.simulator().isPresent());
    }

    @Test
    void nothingButTheNameIsNeeded() throws IOException {
        Problems problems = new Problems();
        CodecReader.Codec codec = read("codec: {intellivue: {}}", problems).orElseThrow();
        assertEquals(List.of(), problems.list());
        assertInstanceOf(IntellivueSpec.class, codec.talk());
        assertTrue(codec.simulator().isEmpty());
    }

    @Test
    void mistakesAreToldWithTheirLine() throws IOException {
        assertProblem("intellivue:", "intelliview:", "2: codec.intelliview is not known; did you mean 'intellivue'?");
        assertProblem("intellivue:", "other:", "codec names no codec; write codec: {NAME: {...}}");
        assertProblem("150452", "pleth", "waves[1] is 'pleth'; write a whole number");
        assertProblem("544", "percent", "units.percent is of no unit code; write a number");
        assertProblem("'%'", "percent", "units.544 is 'percent', no unit of the table");
        assertProblem("waves:", "wave:", "did you mean 'waves'?");
        assertProblem("simulator: {}", "simulator: {push: []}", "simulator.push is not known");
    }
}
