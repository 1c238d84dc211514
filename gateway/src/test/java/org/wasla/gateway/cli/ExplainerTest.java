package org.wasla.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.message.ExchangeSpec;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;

/** A profile is written by looking at this: every byte is told once, where it stands and what became of it. */
class ExplainerTest {
    private static final String HEAD = """
            wasla: 1
            id: dev
            version: 1.0.0
            device: {kind: any}
            dialogue: {listen: {quiet: 3s}}
            """;
    private static final String TEXT = HEAD + """
            frame: {line: {end: CRLF, max: 32}}
            message:
              - {id: row, pattern: 'T1=(?<t1>\\d\\d\\.\\d) (?<pairs>.*)', pairs: {in: pairs, assign: '='}}
              - {id: title, pattern: 'T .*', skip: titles}
            observe: [{field: t1, name: temp, number: '\\d\\d\\.\\d', range: [10, 50]}]
            """;
    private static final String BINARY = HEAD + """
            frame: {block: {start: "\\x02", end: "\\x03", check: {sum: xor8, from: 1, pos: -2}}}
            message:
              - {id: pair, seq: [{id: low, pos: 1, mask: 0x0f}, {id: wide, pos: 2, type: u2be}]}
            """;

    @TempDir
    Path folder;

    private List<String> explained(String yaml, String capture) throws IOException {
        Files.writeString(folder.resolve("wasla-codes.tsv"), "# codes@1\nucum\t%\tpercent\n");
        Path place = Files.createDirectories(folder.resolve("dev"));
        Files.writeString(place.resolve("profile.yaml"), yaml);
        Problems problems = new Problems();
        Profile profile = ProfileStore.open(List.of(folder)).read(place, problems);
        assertEquals(List.of(), problems.list());
        Path file = Files.writeString(folder.resolve("a.cap"), capture);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Explainer.explain(
                profile, (ExchangeSpec) profile.talk(), file, new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static String hex(String text) {
        StringBuilder hex = new StringBuilder();
        text.chars().forEach(c -> hex.append(String.format("%02x", c)));
        return hex.toString();
    }

    @Test
    void aLineIsToldWithThePlacesOfItsFields() throws IOException {
        assertEquals(
                List.of(
                        "7 ms, to the device: 3f",
                        "9 ms, byte 0+20: line up to 0d0a; message 'row'",
                        "    54313d33362e3820413d3120424243373d780d0a",
                        "         3+4  t1 '36.8' -> temp 36.8",
                        "        10+1  A '1' -> 1",
                        "        17+1  BBC7 'x' -> \"x\""),
                explained(TEXT, "7 > 3f\n9 < " + hex("T1=36.8 A=1 BBC7=x\r\n") + "\n"));
    }

    @Test
    void whatFitsNoMessageIsToldUpToWhereItDoes() throws IOException {
        List<String> told = explained(TEXT, "0 < " + hex("T1=36,8 A=1\r\n") + "\n");
        assertEquals(
                "0 ms, byte 0+13: line up to 0d0a; format: the pattern of 'row' fits up to byte 5: 'T1=36', and not ',8 A=1'",
                told.get(0));
        told = explained(TEXT, "0 < " + hex("T1=99.8 A=1\r\n") + "\n");
        assertTrue(told.get(told.size() - 1).contains("refused, and nothing of it published: the field 't1'"));
        assertTrue(explained(TEXT, "0 < " + hex("T1 %\r\n") + "\n").get(0).contains("fits up to byte 2"));
        assertTrue(explained(TEXT, "0 < " + hex("T x\r\n") + "\n").get(0).endsWith("message 'title', skipped: titles"));
        assertTrue(explained(TEXT, "0 < " + hex("T1=36.8 A\r\n") + "\n")
                .get(0)
                .contains("message 'row' is no good: format"));
    }

    @Test
    void aBinaryFrameIsToldWithThePlacesOfItsFields() throws IOException {
        assertEquals(
                List.of(
                        "0 ms, byte 0+2: garbage; no frame begins here: look at frame, or at speed and parity",
                        "    ffff",
                        "0 ms, byte 2+6: block from 02 to 03, check right; message 'pair'",
                        "    022501002403",
                        "         1+1  low '5' -> 5",
                        "         2+2  wide '256' -> 256",
                        "     0+1 4+2  in no field",
                        "0 ms, byte 8+6: checksum; damaged, or look at check in frame: from, to, pos and type",
                        "    022501002503",
                        "0 ms, byte 14+2: cut; it began and did not end: cut off, or look at the end in frame",
                        "    0225"),
                explained(BINARY, "0 < ffff022501\n0 < 002403 022501002503 0225\n"));
    }

    @Test
    void everyByteIsToldOnceInAnyChunks() throws IOException {
        String bytes = hex("T1=36.8 A=1\r\n\r\nx\r\n" + "y".repeat(40) + "\r\nT1=36.8 B=2\r\nT1");
        List<String> whole = explained(TEXT, "0 < " + bytes + "\n");
        StringBuilder single = new StringBuilder();
        for (int i = 0; i < bytes.length(); i += 2) {
            single.append("0 < ").append(bytes, i, i + 2).append('\n');
        }
        long sum = 0;
        for (List<String> told : List.of(whole, explained(TEXT, single.toString()))) {
            long next = 0;
            for (String line : told) {
                if (line.startsWith("0 ms, byte ")) {
                    String[] place = line.substring(11, line.indexOf(':')).split("\\+");
                    assertEquals(next, Long.parseLong(place[0]), line);
                    next += Long.parseLong(place[1]);
                }
            }
            sum += next;
        }
        assertEquals(bytes.length(), sum);
    }
}
