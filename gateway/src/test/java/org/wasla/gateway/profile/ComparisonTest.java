package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    private static final String PROFILE = """
            wasla: 1
            id: oxi
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: pulse oximeter}
            frame: {line: {end: LF}}
            dialogue: {listen: {quiet: 3s}}
            message: {id: row, pattern: 'S=(?<spo2>\\d+) P=(?<pulse>\\d+|-)'}
            observe:
              - {field: spo2, name: spo2, ucum: '%'}
              - {field: pulse, name: pulse, ucum: /min, absent: {text: '-', why: none, flag: na}}
            alarms: {field: spo2, found: '^8', id: low, text: low, source: spo2, priority: high}
            """;

    @TempDir
    Path folder;

    private final LiveBytes live = new LiveBytes(1_000, 60_000);

    private Profile profile(String yaml) throws IOException {
        Path home = Files.createDirectories(folder.resolve("oxi"));
        Files.writeString(home.resolve(ProfileReader.FILE), yaml);
        Path codes = Files.writeString(
                folder.resolve("codes.tsv"), "# codes@1\nucum\t%\tpercent\nucum\t/min\tper minute\nucum\tHz\thertz\n");
        Problems problems = new Problems();
        Profile profile = new ProfileReader(Codes.read(codes)).read(home, problems);
        assertEquals(List.of(), problems.list());
        return profile;
    }

    private void hear(String text, long timeMs) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        live.add(bytes, bytes.length, timeMs);
    }

    private Comparison with(String from, String to, String... expected) throws IOException {
        assertTrue(PROFILE.contains(from));
        live.clear();
        hear("S=98 P=7", 1_000);
        hear("2\nS=97 P=-\nS=8", 2_000);
        hear("5 P=70\n", 3_000);
        Profile old = profile(PROFILE);
        return Comparison.of(old, profile(PROFILE.replace(from, to)), "codes@1", live.chunks(), Set.of(expected));
    }

    @Test
    void theSameIsTheSame() throws Exception {
        Comparison same = with("1.0.0", "1.0.1");
        assertEquals(new Comparison(new Comparison.Messages(3, 3), List.of(), List.of()), same);
    }

    @Test
    void aWrongScaleNamesItsFieldAndNoValue() throws Exception {
        String scaled = "name: spo2, ucum: '%', scale: 0.1}";
        Comparison found = with("name: spo2, ucum: '%'}", scaled);
        assertEquals(List.of("spo2: 3 of 3 values differ, each 0.1 times what it was"), found.worse());
        assertEquals(List.of(), found.otherwise());
        assertEquals(List.of(), with("name: spo2, ucum: '%'}", scaled, "spo2").worse(), "it is meant");
    }

    @Test
    void otherUnitsNamesAndFlagsAreTold() throws Exception {
        assertEquals(
                List.of("pulse: unit /min becomes Hz"),
                with("ucum: /min", "ucum: Hz").worse());
        assertEquals(
                List.of("spo2: name spo2 becomes sao2"),
                with("name: spo2", "name: sao2").worse());
        assertEquals(
                List.of("pulse: 1 of 3 flags differ"),
                with("flag: na", "flag: off").worse());
    }

    @Test
    void lostMessagesValuesAndAlarmsAreTold() throws Exception {
        Comparison fewer = with("P=(?<pulse>\\d+|-)", "P=(?<pulse>\\d+)");
        assertTrue(fewer.worse().contains("messages: 3 become 2"), fewer.worse().toString());
        assertTrue(
                fewer.worse().contains("spo2: 1 of 3 values are gone"),
                fewer.worse().toString());
        Comparison silent = with("found: '^8'", "found: '^7'");
        assertEquals(List.of("alarm spo2: 1 of 1 values are gone"), silent.worse());
    }

    @Test
    void whatIsMoreIsNoFault() throws Exception {
        Comparison more = with("found: '^8'", "found: '^[89]'");
        assertEquals(
                List.of(),
                more.worse().stream().filter(line -> line.contains("gone")).toList());
    }

    @Test
    void oldAndTooManyBytesAreForgotten() {
        LiveBytes kept = new LiveBytes(10, 1_000);
        byte[] six = new byte[6];
        kept.add(six, 6, 1_000);
        kept.add(six, 0, 1_000);
        kept.add(six, -1, 1_000);
        kept.add(six, 4, 1_500);
        assertEquals(2, kept.chunks().size());
        kept.add(six, 1, 1_600);
        assertEquals(2, kept.chunks().size(), "eleven bytes are too many");
        kept.add(six, 1, 2_550);
        assertEquals(2, kept.chunks().size(), "older than a second");
        kept.clear();
        assertEquals(List.of(), kept.chunks());
    }
}
