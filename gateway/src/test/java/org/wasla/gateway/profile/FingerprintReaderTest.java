package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.frame.Bytes;

/** How a device is recognised beside its grammar: every key, and one mistake in each. */
class FingerprintReaderTest {
    private static final String GOOD = """
            fingerprint:
              least: 5
              most: 0.4
              found: '\\x05'
              probe: [{send: "ID\\r", answer: row}, {send: "?"}]
              beacon: {port: 24005, group: 224.0.1.23, found: '^M1', link: 'udp:{host}'}
            """;

    @TempDir
    Path folder;

    private Profile read(String fingerprint, Problems problems) throws IOException {
        Files.writeString(folder.resolve("codes.tsv"), "# codes@1\nucum\t%\tpercent\n");
        Files.writeString(folder.resolve(ProfileReader.FILE), """
                wasla: 1
                id: my-device
                version: 1.0.0
                device: {kind: any}
                frame: {line: {end: CR}}
                dialogue: {listen: {quiet: 3s}}
                message: {id: row, pattern: '(?<a>\\d+)'}
                """ + fingerprint);
        return new ProfileReader(Codes.read(folder.resolve("codes.tsv"))).read(folder, problems);
    }

    @Test
    void everyKeyIsRead() throws IOException {
        Problems problems = new Problems();
        Fingerprint read = read(GOOD, problems).fingerprint();
        assertEquals(List.of(), problems.list());
        assertEquals(5, read.least());
        assertEquals(0.4, read.most());
        assertEquals("\\x05", String.valueOf(read.knock()));
        assertEquals(
                List.of(
                        new Fingerprint.Probe(Bytes.latin1("ID\r"), Set.of("row")),
                        new Fingerprint.Probe(Bytes.latin1("?"), Set.of())),
                read.probes());
        Fingerprint.Beacon beacon = Objects.requireNonNull(read.beacon());
        assertEquals(24_005, beacon.port());
        assertEquals("224.0.1.23", beacon.group());
        assertEquals("udp:{host}", beacon.link());
    }

    @Test
    void withoutTheBlockTheGrammarSaysItAll() throws IOException {
        assertEquals(Fingerprint.NONE, read("", new Problems()).fingerprint());
    }

    @Test
    void eachMistakeIsTold() throws IOException {
        for (String[] mistake : new String[][] {
            {"least: 5", "least: 0"},
            {"most: 0.4", "most: 1.5"},
            {"most: 0.4", "most: 0"},
            {"found: '\\x05'", "found: '.*'"},
            {"found: '\\x05'", "found: '['"},
            {"answer: row", "answer: column"},
            {"send: \"?\"", "ask: \"?\""},
            {"send: \"?\"", "send: \"\""},
            {"port: 24005", "port: 0"},
            {"group: 224.0.1.23", "group: 10.0.0.1"},
            {"link: 'udp:{host}'", "line: x"},
        }) {
            assertTrue(GOOD.contains(mistake[0]), "the test replaces '" + mistake[0] + "'");
            Problems problems = new Problems();
            read(GOOD.replace(mistake[0], mistake[1]), problems);
            assertTrue(!problems.isEmpty(), "the reader accepts " + mistake[1]);
        }
    }
}
