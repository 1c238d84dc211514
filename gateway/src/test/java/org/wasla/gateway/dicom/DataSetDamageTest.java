package org.wasla.gateway.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Cuts, flips and noise: always an answer, never a value that was not sent. */
class DataSetDamageTest {
    private static final int RUNS = 1_000;

    private static DataSetBytes sample(Encoding encoding) {
        DataSetBytes code = DataSetBytes.in(encoding)
                .text(0x0008_0100, "SH", "113838")
                .text(0x0008_0102, "SH", "DCM")
                .text(0x0008_0104, "LO", "DLP");
        DataSetBytes value = DataSetBytes.in(encoding)
                .sequence(0x0040_08ea, DataSetBytes.in(encoding).text(0x0008_0100, "SH", "mGy.cm"))
                .text(0x0040_a30a, "DS", "415.20");
        DataSetBytes item = DataSetBytes.in(encoding)
                .text(0x0040_a040, "CS", "NUM")
                .marked(0x0040_a043, code)
                .sequence(0x0040_a300, value);
        return DataSetBytes.in(encoding)
                .text(0x0008_0005, "CS", "ISO_IR 192")
                .text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.88.67")
                .numbers(0x0008_1161, "UL", 4, 1, 2, 3)
                .text(0x0010_0010, "PN", "Équipe^Épreuve=試^験")
                .numbers(0x0028_0010, "US", 2, 512)
                .marked(0x0040_a730, item, item)
                .header(Tags.PIXEL_DATA, "OB", DataSetReader.UNDEFINED)
                .item(2)
                .raw(new byte[2])
                .delimiter(Tags.SEQUENCE_END);
    }

    private static List<byte[]> files() {
        byte[] plain = sample(Encoding.EXPLICIT_LITTLE).toArray();
        return List.of(
                sample(Encoding.EXPLICIT_LITTLE).asFile(),
                DataSetBytes.file(Encoding.IMPLICIT_UID, Encoding.IMPLICIT_LITTLE)
                        .raw(sample(Encoding.IMPLICIT_LITTLE).toArray())
                        .toArray(),
                DataSetBytes.file(Encoding.BIG_ENDIAN_UID, Encoding.EXPLICIT_BIG)
                        .raw(sample(Encoding.EXPLICIT_BIG).toArray())
                        .toArray(),
                DataSetBytes.file(Encoding.DEFLATED_UID, Encoding.EXPLICIT_LITTLE)
                        .raw(DataSetBytes.deflated(plain))
                        .toArray());
    }

    /** Everything of the part must be in the whole, with the same value; a sequence may have fewer items. */
    private static void assertWithin(DataSet part, DataSet whole, String what) {
        for (Element element : part.elements()) {
            String absent = what + ": " + Tags.hex(element.tag()) + " is not in the whole";
            Element right = Objects.requireNonNull(whole.element(element.tag()), absent);
            if (element.value() instanceof Element.Value.Items items) {
                List<DataSet> all = whole.items(element.tag());
                assertTrue(items.items().size() <= all.size(), what);
                for (int i = 0; i < items.items().size(); i++) {
                    assertWithin(items.items().get(i), all.get(i), what);
                }
            } else {
                assertEquals(right.value(), element.value(), what);
            }
        }
    }

    @Test
    void aCutFileIsToldAndGivesNothingElse() {
        for (byte[] file : files()) {
            DataSetFile.Reading whole = DataSetBytes.read(file);
            assertEquals(List.of(), whole.oddities());
            int wholes = 0;
            for (int size = 0; size < file.length; size++) {
                DataSetFile.Reading part = DataSetBytes.read(Arrays.copyOf(file, size));
                assertWithin(part.data(), whole.data(), "cut at " + size);
                wholes += part.isWhole() ? 1 : 0;
            }
            // Only a cut between two elements of the data set itself looks like an end.
            assertTrue(wholes < whole.data().elements().size(), wholes + " cuts were not noticed");
        }
    }

    /** A stream that gives one byte at a time tells the same as one that gives all. */
    @Test
    void piecesOfAnySizeGiveTheSame() throws IOException {
        for (byte[] file : files()) {
            InputStream slow = new ByteArrayInputStream(file) {
                @Override
                public synchronized int read(byte[] into, int from, int length) {
                    return super.read(into, from, Math.min(1, length));
                }

                @Override
                public synchronized long skip(long count) {
                    return super.skip(Math.min(1, count));
                }
            };
            DataSetFile.Reading bytewise = DataSetFile.read(slow, file.length, "");
            assertEquals(List.of(), bytewise.oddities());
            assertEquals(json(DataSetBytes.read(file)), json(bytewise));
        }
    }

    @Test
    void noBitFlippedIsAnException() {
        for (byte[] file : files()) {
            for (int bit = 132 * 8; bit < file.length * 8; bit += 3) {
                byte[] flipped = file.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                assertTrue(json(DataSetBytes.read(flipped)).startsWith("{"), "bit " + bit);
            }
        }
    }

    @Test
    void noNoiseIsAnException() {
        byte[][] words = {
            {(byte) 0xfe, (byte) 0xff, 0, (byte) 0xe0},
            {(byte) 0xfe, (byte) 0xff, 0x0d, (byte) 0xe0},
            {(byte) 0xfe, (byte) 0xff, (byte) 0xdd, (byte) 0xe0},
            {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff},
            {0x40, 0, 0x30, (byte) 0xa7, 'S', 'Q', 0, 0},
            {0, 0, 0, 0},
            {'U', 'N', 0, 0},
            {(byte) 0xfe, (byte) 0xff, (byte) 0xff, 0x7f}
        };
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            byte[] file = files().get(seed % 4).clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                byte[] word = words[random.nextInt(words.length)];
                int at = 132 + random.nextInt(file.length - 132 - word.length);
                System.arraycopy(word, 0, file, at, word.length);
            }
            DataSetFile.Reading read = DataSetBytes.read(file);
            assertTrue(json(read).startsWith("{"), "seed " + seed);
        }
    }

    @Test
    void randomBytesAreAnswered() {
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            byte[] noise = new byte[random.nextInt(400)];
            random.nextBytes(noise);
            if (seed % 2 == 0 && noise.length > 140) {
                Arrays.fill(noise, 0, 128, (byte) 0);
                System.arraycopy("DICM\2\0".getBytes(StandardCharsets.US_ASCII), 0, noise, 128, 6);
            }
            assertTrue(json(DataSetBytes.read(noise)).startsWith("{"), "seed " + seed);
        }
    }

    private static String json(DataSetFile.Reading reading) {
        return DataSetJson.write(reading.data(), "file");
    }
}
