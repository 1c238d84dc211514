package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.message.Tally;

/** A pattern of a profile must not hold up its device's line; without the bound these tests would not end. */
class ProbeTest {
    private static final String PROFILE = """
            wasla: 1
            id: oxi
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: pulse oximeter}
            frame: {line: {end: LF}}
            dialogue: {listen: {quiet: 3s}}
            message: {id: row, pattern: 'S=(?<spo2>\\d+) N=(?<name>\\w+) E=(?<e>.*)'}
            observe:
              - {field: spo2, name: spo2, ucum: '%'}
              - {field: name, text: '.*'}
              - {field: e, text: '.*'}
            """;

    @TempDir
    Path folder;

    private Profile profile(String yaml) throws IOException {
        Path home = folder.resolve("oxi");
        Files.createDirectories(home.resolve("captures"));
        Files.writeString(home.resolve(ProfileReader.FILE), yaml);
        Path codes = Files.writeString(folder.resolve("codes.tsv"), "# codes@1\nucum\t%\tpercent\n");
        Problems problems = new Problems();
        Profile profile = new ProfileReader(Codes.read(codes)).read(home, problems);
        assertEquals(List.of(), problems.list());
        return profile;
    }

    private Path capture(String... lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append("0 < ")
                    .append(HexFormat.of().formatHex((line + "\n").getBytes(StandardCharsets.US_ASCII)))
                    .append('\n');
        }
        return Files.writeString(
                Files.createDirectories(folder.resolve("oxi/captures")).resolve("one.cap"), text);
    }

    private static String with(String pattern, String instead) {
        assertTrue(PROFILE.contains(pattern), pattern);
        return PROFILE.replace(pattern, instead);
    }

    @Test
    void aFrameThatAPatternGetsLostInIsCountedAndTheNextIsRead() throws Exception {
        Profile profile = profile(with("\\w+)", "(?:\\w+){1,30})"));
        Path lost = capture("S=97 N=ab E=1", "S=97 N=" + "a".repeat(80) + "!", "S=98 N=ab E=1");
        Tally.Counts counts = Trial.run(profile, "codes@1", lost, json -> {});
        assertEquals(2, counts.frames());
        assertEquals(Map.of("endless", 1L), counts.bad());
    }

    @Test
    void aTextOfAFieldToo() throws Exception {
        String rule = "{field: e, number: '((?:\\d+){1,30});'}";
        Profile profile = profile(with("{field: e, text: '.*'}", rule));
        Path lost = capture("S=97 N=ab E=1;", "S=97 N=ab E=" + "1".repeat(80) + "x");
        Tally.Counts counts = Trial.run(profile, "codes@1", lost, json -> {});
        assertEquals(1, counts.frames());
        assertEquals(Map.of("endless", 1L), counts.bad());
        assertTrue(Probe.finds(profile, "codes@1", capture("S=97 N=ab E=1;")), "as far as the trial goes");
    }

    /** The capture is harmless; what the line may send is not. */
    @Test
    void theTrialRefusesSuchAProfileByAHarmlessCapture() throws Exception {
        Path harmless = capture("S=97 N=ab E=1");
        for (String lost : List.of("(?:\\w+){1,30})", "(?:\\w|\\w\\w){1,40})", "(?:(?:\\w|\\w\\w)+)+)")) {
            Profile profile = profile(with("\\w+)", lost));
            Golden.test(profile, "codes@1", true);
            List<Golden.Result> results = Golden.test(profile, "codes@1", false);
            assertTrue(results.get(0).isEndless(), lost + " " + results);
        }
        Profile good = profile(PROFILE);
        assertFalse(Probe.finds(good, "codes@1", harmless));
        Golden.test(good, "codes@1", true);
        assertEquals("", Golden.test(good, "codes@1", false).get(0).difference());
    }
}
