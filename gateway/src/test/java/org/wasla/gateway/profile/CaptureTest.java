package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The capture format is fixed: technicians exchange these files. */
class CaptureTest {
    @TempDir
    Path folder;

    private List<String> read(String name, byte[] content) throws IOException {
        Path file = Files.write(folder.resolve(name), content);
        List<String> chunks = new ArrayList<>();
        Capture.read(
                file,
                (timeMs, fromDevice, bytes) -> chunks.add(
                        timeMs + (fromDevice ? " < " : " > ") + HexFormat.of().formatHex(bytes)));
        return chunks;
    }

    @Test
    void stepsCarryTimeDirectionAndBytes() throws IOException {
        String text = "# a comment\n# start 1970-01-01T00:00:10Z\n0 > 534e\n\n105 < 41 42  # AB\n2000 < \n";
        assertEquals(
                List.of("10000 > 534e", "10105 < 4142", "12000 < "),
                read("a.cap", text.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void anyOtherFileIsRawBytesFromTheDevice() throws IOException {
        assertEquals(List.of("0 < 300a3c"), read("a.txt", "0\n<".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(List.of(), read("empty.bin", new byte[0]));
    }

    @Test
    void aStepOfAnotherFormIsToldWithItsLine() {
        IOException wrong = assertThrows(
                IOException.class, () -> read("b.cap", "0 < 41\n5 < 4\n".getBytes(StandardCharsets.US_ASCII)));
        assertTrue(String.valueOf(wrong.getMessage()).contains("b.cap:2: "), wrong.getMessage());
        assertThrows(IOException.class, () -> read("c.cap", "hello\n".getBytes(StandardCharsets.US_ASCII)));
        assertThrows(IOException.class, () -> read("d.cap", "# start yesterday\n".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void aStartThatNoClockCanShowIsToldWithItsLine() {
        for (String start :
                new String[] {"+1000000000-12-31T23:59:59Z", "-1000000000-01-01T00:00:00Z", "1969-12-31T23:59:59Z"}) {
            byte[] content = ("# kept\n# start " + start + "\n0 < 41\n").getBytes(StandardCharsets.US_ASCII);
            IOException wrong = assertThrows(IOException.class, () -> read("e.cap", content), start);
            assertTrue(String.valueOf(wrong.getMessage()).contains("e.cap:2: no instant"), wrong.getMessage());
        }
    }

    /** Notes are typed into these files on whatever computer is at hand. */
    @Test
    void commentsMayBeOfAnyCharacterSetAndIndented() throws IOException {
        String text = "# r\u00e9a \u0085\n  # indented\n\t# start 1970-01-01T00:00:10Z\n5 < 41 # \u00e9\u0085\n";
        assertEquals(List.of("10005 < 41"), read("f.cap", text.getBytes(StandardCharsets.ISO_8859_1)));
        assertEquals(List.of("10005 < 41"), read("g.cap", text.getBytes(StandardCharsets.UTF_8)));
    }
}
