package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.JsonTree;
import org.wasla.gateway.dicom.Samples;

/** Damaged objects: always an answer in good JSON, and from a cut one no measurement that the whole one does not have. */
class ExtractDamageTest {
    private static DataSetBytes sample() {
        return Report.report(
                "DCM 113701 Dose",
                Report.container(
                        "DCM 113819 Acquisition",
                        Report.modifier("SCT 363698007 Site", "SCT 39607008 Lung"),
                        Report.number("DCM 113830 CTDIvol", "UCUM mGy dose", "3.23"),
                        Report.number("DCM 113838 DLP", "UCUM mGycm product", "155.97")),
                Report.empty("DCM 113813 Total"));
    }

    private static Extract read(byte[] file) {
        Extract extract = Extract.of(DataSetBytes.read(file));
        for (String record : Report.json(extract).lines().toList()) {
            assertNotNull(JsonTree.object(record.getBytes(StandardCharsets.UTF_8)));
        }
        ExtractStep step = ExtractStep.of(DataSetBytes.read(file).data());
        assertNotNull(step.facts());
        return extract;
    }

    @Test
    void aCutReportSaysNothingElseAndIsMarked() {
        byte[] file = sample().asFile();
        List<String> whole = Report.lines(read(file));
        assertEquals(3, whole.size());
        for (int size = 0; size < file.length; size++) {
            Extract part = read(Arrays.copyOf(file, size));
            assertTrue(whole.containsAll(Report.lines(part)), "cut at " + size + ": " + Report.lines(part));
        }
    }

    @Test
    void noFlippedBitIsAnException() {
        byte[] file = sample().asFile();
        for (int bit = 132 * 8; bit < file.length * 8; bit += 5) {
            byte[] flipped = file.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertNotNull(read(flipped).study(), "bit " + bit);
        }
    }

    @Test
    void noDamageOfARealObjectIsAnException() throws IOException {
        for (Path file : Samples.all()) {
            byte[] bytes = Files.readAllBytes(file);
            Random random = new Random(bytes.length);
            for (int i = 0; i < 6 && bytes.length < 40_000; i++) {
                byte[] damaged = i % 3 == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes.clone();
                for (int flips = 0; flips < i && damaged.length > 0; flips++) {
                    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                }
                assertNotNull(read(damaged).study(), Samples.name(file) + " run " + i);
            }
        }
    }

    /** Numbers as texts may be anything; what is no sane number is told as a text and never computed with. */
    @Test
    void monstrousNumbersAreNoNumbers() {
        for (String number : List.of("1e99999999999", "1E+2147483648", "NaN", "1e", "--1", "0x10", "1,5", "e5", ".")) {
            DataSetBytes group = DataSetBytes.explicit()
                    .numbers(0x003a_0005, "US", 2, 1)
                    .numbers(0x003a_0010, "UL", 4, 1)
                    .text(0x003a_001a, "DS", number)
                    .sequence(0x003a_0200, DataSetBytes.explicit().text(0x003a_0210, "DS", number))
                    .numbers(0x5400_1004, "US", 2, 16)
                    .text(0x5400_1006, "CS", "SS")
                    .element(0x5400_1010, "OW", new byte[2]);
            Extract extract = read(DataSetBytes.explicit()
                    .text(0x0008_0060, "CS", "ECG")
                    .text(0x0018_0060, "DS", number)
                    .sequence(0x5400_0100, group)
                    .asFile());
            assertEquals(List.of(), extract.channels().get(0).waves(), number);
            assertTrue(extract.measures().get(0).value() instanceof ExtractMeasure.Value.Missing, number);
        }
    }
}
