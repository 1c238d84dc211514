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
}
