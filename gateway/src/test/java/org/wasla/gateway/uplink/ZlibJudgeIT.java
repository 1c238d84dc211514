package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.render.Cbor;
import org.wasla.gateway.render.RecordFiles;

/** Python's zlib, with the dictionary as the contract publishes it, reads what we deflate, and we read what it deflates. */
class ZlibJudgeIT {
    /** One in so many records: all kinds and most profiles are among them. */
    private static final int EVERY = 5;

    /** A line is what we deflated and what it was; out comes the same, deflated there. */
    private static final String JUDGE = """
            import sys, zlib
            words = open(sys.argv[1], 'rb').read()
            for number, line in enumerate(open(sys.argv[2]), 1):
                form, ours, plain = line.split()
                plain = bytes.fromhex(plain)
                zdict = {'zdict': words} if form == 'deflate-d1' else {}
                inflater = zlib.decompressobj(**zdict)
                read = inflater.decompress(bytes.fromhex(ours)) + inflater.flush()
                if read != plain or not inflater.eof or inflater.unused_data:
                    sys.exit(f'line {number} is another')
                deflater = zlib.compressobj(9, **zdict)
                print((deflater.compress(plain) + deflater.flush()).hex())
            """;

    @TempDir
    Path dir;

    @Test
    void anotherZlibReadsOursAndWeReadIts() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "python3 is not installed");
        List<byte[]> plain = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        List<String> records = RecordFiles.all();
        for (int i = 0; i < records.size(); i += EVERY) {
            byte[] json = records.get(i).getBytes(StandardCharsets.UTF_8);
            for (byte[] form : List.of(json, Cbor.of(json))) {
                for (boolean withDictionary : new boolean[] {false, true}) {
                    plain.add(form);
                    lines.add((withDictionary ? "deflate-d1 " : "deflate ")
                            + HexFormat.of().formatHex(Zlib.deflate(form, withDictionary)) + " "
                            + HexFormat.of().formatHex(form));
                }
            }
        }
        Path in = Files.write(dir.resolve("in.txt"), lines);
        Path out = dir.resolve("out.txt");
        Process python = new ProcessBuilder(
                        "/usr/bin/python3",
                        "-c",
                        JUDGE,
                        RecordFiles.CONTRACT.resolve("deflate-d1.dict").toString(),
                        in.toString())
                .redirectOutput(out.toFile())
                .redirectError(dir.resolve("err.txt").toFile())
                .start();
        assertEquals(0, python.waitFor(), () -> read(dir.resolve("err.txt")));
        List<String> theirs = Files.readAllLines(out);
        assertEquals(plain.size(), theirs.size());
        for (int i = 0; i < theirs.size(); i++) {
            assertArrayEquals(plain.get(i), Zlib.inflate(HexFormat.of().parseHex(theirs.get(i))));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException none) {
            return none.toString();
        }
    }
}
