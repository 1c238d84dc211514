package org.wasla.gateway.identify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;

/** What the grammar of a profile proves, and what it does not: the kinds of profile that could win by accident. */
class IdentifierTest {
    private static final String HEAD = """
            wasla: 1
            id: %s
            version: 1.0.0
            device: {kind: any}
            dialogue: {listen: {quiet: 3s}}
            """;
    private static final String PROBE = "frame: {line: {end: CRLF}}\n"
            + "message: {id: row, pattern: 'T1=(?<t1>\\S+) T2=(?<t2>\\S+)'}\n"
            + "observe: [{field: t1, name: t1, number: '\\d\\d\\.\\d'}, {field: t2, name: t2, number: '\\d\\d\\.\\d'}]\n";
    private static final String ANY_LINE =
            "frame: {line: {end: CRLF}}\nmessage: {id: code, pattern: '(?<code>[ -~]+)'}\n";
    private static final String CATCH_ALL = "frame: {line: {end: CRLF}}\n"
            + "message: [{id: w, pattern: 'W=(?<w>\\d+)'}, {id: rest, pattern: '.*', skip: of no interest}]\n";
    private static final String UNCHECKED =
            "frame: {datagram: {max: 100}}\nmessage: {id: all, seq: [{id: a, pos: 0}]}\n";
    private static final String BLOCKS = "frame: {sync: {size: 5, fixed: [{pos: 0, mask: 0x80, is: 0x80},"
            + " {pos: 1, mask: 0x80, is: 0}, {pos: 2, mask: 0x80, is: 0}, {pos: 3, mask: 0x80, is: 0},"
            + " {pos: 4, mask: 0x80, is: 0}]}}\nmessage: {id: block, seq: [{id: a, pos: 3}, {id: b, pos: 4}]}\n";
    private static final String KNOCK = "frame: {block: {start: \"\\x02\", end: \"\\x03\"}}\n"
            + "message: {id: data, pattern: '\\x02(?<d>[A-Z]+)\\x03'}\nfingerprint: {found: '\\x05', least: 3}\n";

    @TempDir
    Path folder;

    private final List<Profile> profiles = new ArrayList<>();

    @BeforeEach
    void codes() throws IOException {
        Files.writeString(folder.resolve("wasla-codes.tsv"), "# codes@1\nucum\t%\tpercent\n");
    }

    private Profile profile(String id, String body) throws IOException {
        Path place = Files.createDirectories(folder.resolve(id));
        Files.writeString(place.resolve("profile.yaml"), HEAD.formatted(id) + body);
        Problems problems = new Problems();
        Profile profile = ProfileStore.open(List.of(folder)).read(place, problems);
        assertEquals(List.of(), problems.list());
        profiles.add(profile);
        return profile;
    }

    private static List<Chunk> heard(String... texts) {
        List<Chunk> chunks = new ArrayList<>();
        for (String text : texts) {
            chunks.add(new Chunk(chunks.size() * 1_000L, Bytes.latin1(text)));
        }
        return chunks;
    }

    private List<String> known(List<Chunk> heard) {
        return Identifier.known(Identifier.rank(profiles, heard)).stream()
                .map(candidate -> candidate.profile().id())
                .toList();
    }

    private static List<Chunk> probes(int lines) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            rows.add("T1=36.%d T2=37.%d\r\n".formatted(i % 10, (i + 3) % 10));
        }
        return heard(rows.toArray(new String[0]));
    }

    @Test
    void theProfileThatSaysMoreWins() throws IOException {
        profile("any-line", ANY_LINE);
        profile("catch-all", CATCH_ALL);
        profile("probe", PROBE);
        assertEquals(List.of("probe"), known(probes(5)));
    }

    @Test
    void whatTakesAnythingIsNoAnswerForAnything() throws IOException {
        profile("any-line", ANY_LINE);
        profile("catch-all", CATCH_ALL);
        profile("unchecked", UNCHECKED);
        assertEquals(List.of(), known(probes(300)));
        assertEquals(List.of(), known(heard("W=1\r\n", "hello\r\n", "there\r\n", "you\r\n")));
        assertEquals(List.of(), known(heard("\u0001\u0002\u0090", "\u00ff\u0000")));
    }

    @Test
    void twoThatFitAlikeAreBothToldWithTheOthersName() throws IOException {
        profile("probe-a", PROBE);
        profile("probe-b", PROBE);
        List<Candidate> known = Identifier.known(Identifier.rank(profiles, probes(5)));
        assertEquals(2, known.size());
        assertTrue(known.get(0).why().endsWith("hard to tell from probe-b"), known.toString());
        assertTrue(known.get(1).why().endsWith("hard to tell from probe-a"), known.toString());
    }

    @Test
    void oneShortMessageAloneIsNotEnough() throws IOException {
        profile("short", "frame: {line: {end: CR}}\nmessage: {id: w, pattern: 'W=(?<w>\\d)'}\n");
        assertEquals(List.of(), known(heard("W=1\r")));
        assertEquals(List.of("short"), known(heard("W=1\r", "W=2\r", "W=1\r", "W=1\r", "W=1\r", "W=4\r", "W=1\r")));
    }

    /** A format with one fixed bit a byte is sure after some hundred bytes, and not by accident. */
    @Test
    void fixedBitsAddUp() throws IOException {
        profile("blocks", BLOCKS);
        StringBuilder stream = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            stream.append((char) (0x80 + i % 16)).append((char) (i % 128)).append("\u0010H`");
        }
        assertEquals(List.of("blocks"), known(heard(stream.toString())));
        assertEquals(List.of(), known(heard(stream.substring(0, 10))));
    }

    @Test
    void aCapHolds() throws IOException {
        profile("probe", PROBE + "fingerprint: {most: 0.4}\n");
        List<Candidate> ranked = Identifier.rank(profiles, probes(5));
        assertEquals(0.4, ranked.get(0).confidence());
        assertEquals(List.of(), Identifier.known(ranked));
    }

    @Test
    void tooFewMessagesAreNoAnswerYet() throws IOException {
        profile("probe", PROBE + "fingerprint: {least: 4}\n");
        assertEquals(List.of(), known(probes(3)));
        assertEquals(List.of("probe"), known(probes(4)));
    }

    /** Facts 2.9: a pump rack says ENQ until it is answered; facts 2.3: a ventilator its call, each three seconds. */
    @Test
    void aCallThatWaitsForAnAnswerIsRecognisedByItself() throws IOException {
        profile("knock", KNOCK);
        assertEquals(List.of(), known(heard("\u0005", "\u0005")));
        assertEquals(List.of("knock"), known(heard("\u0005", "\u0005", "\u0005")));
        assertEquals(List.of(), known(heard("\u0005ab", "\u0005cde", "\u0005fghi", "jklm")));
        assertEquals(List.of(), Identifier.rank(profiles, heard("\u0005ab", "cde")));
        assertEquals(List.of("knock"), known(heard("\u0002AB\u0003", "\u0002FWQ\u0003", "\u0002AXYQT\u0003\u0002AB")));
    }

    @Test
    void aProbeNamesTheAnswersThatCount() throws IOException {
        Profile probe = profile("probe", PROBE);
        assertEquals(
                1, Identifier.answer(profiles, probes(3), probe, Set.of("row")).size());
        assertEquals(1, Identifier.answer(profiles, probes(3), probe, Set.of()).size());
        assertEquals(List.of(), Identifier.answer(profiles, probes(3), probe, Set.of("other")));
    }

    /** An answer of which nothing is published, such as an identity, is an answer all the same. */
    @Test
    void anAnswerMayBeOneThatIsSkipped() throws IOException {
        Profile pump = profile(
                "pump", "frame: {line: {end: CR}}\nmessage: {id: who, pattern: 'PUMP \\d{4} V\\d', skip: who it is}\n");
        List<Chunk> heard = heard("PUMP 1234 V5\r");
        assertEquals(List.of(), known(heard));
        assertTrue(
                Identifier.answer(profiles, heard, pump, Set.of("who")).get(0).confidence() >= Identifier.LEAST);
    }

    @Test
    void aBeaconIsKnownByPortAndText() throws IOException {
        profile(
                "monitor",
                UNCHECKED
                        + "fingerprint: {beacon: {port: 4600, found: '^MSH\\|.*ADT\\^A01', link: 'tcp:{host}:4601'}}\n");
        assertEquals(
                1,
                Identifier.beacon(profiles, 4600, "MSH|^~\\&|||||||ADT^A01|101|")
                        .size());
        assertEquals(
                0,
                Identifier.beacon(profiles, 4601, "MSH|^~\\&|||||||ADT^A01|101|")
                        .size());
        assertEquals(0, Identifier.beacon(profiles, 4600, "hello").size());
    }
}
