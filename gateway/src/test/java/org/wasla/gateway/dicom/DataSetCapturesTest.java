package org.wasla.gateway.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Objects of real devices, of other projects' bug reports, and broken on purpose. */
class DataSetCapturesTest {
    /** Objects of more bytes are cut at places of a seed only. */
    private static final int CUT_EVERYWHERE_BYTES = 4_000;

    /** What is odd about each object that is not as it should be; all others are read without a word. */
    private static final Map<String, String> ODD = Map.ofEntries(
            Map.entry("dimse/mpps_ncreate.implicit.ds.dcm", "no-preamble no-meta"),
            Map.entry("dimse/mpps_nset_completed.implicit.ds.dcm", "no-preamble no-meta"),
            Map.entry("dimse/mwl_cfind_query_ar127.implicit.ds.dcm", "no-preamble no-meta"),
            Map.entry("dimse/stgcmt_naction_2000.implicit.ds.dcm", "no-preamble no-meta"),
            Map.entry("dimse/stgcmt_naction_3.implicit.ds.dcm", "no-preamble no-meta"),
            Map.entry("img/SC_rgb_jpeg.dcm", "wrong-transfer-syntax"),
            Map.entry("odd/2021-02-19-MalaterreCP246.dcm", "known-tag-as-un"),
            Map.entry("odd/2026-05-06-Deeply-Nested-Sequence.dcm", "odd-length too-deep"),
            Map.entry("odd/3gb-bulk-data-truncated.dcm", "truncated"),
            Map.entry("odd/GH340.dcm", "no-preamble no-meta"),
            Map.entry("odd/MR_truncated.dcm", "truncated"),
            Map.entry("odd/UN_sequence.dcm", "sequence-as-un"),
            Map.entry("odd/bad_sequence.dcm", "known-tag-as-un"),
            Map.entry("odd/explicit_VR-UN.dcm", "known-tag-as-un"),
            Map.entry("odd/meta_missing_tsyntax.dcm", "no-transfer-syntax odd-length"),
            Map.entry("odd/no_meta.dcm", "no-preamble no-meta no-data-set"),
            Map.entry("odd/no_preamble_dicm_in_data.dcm", "no-preamble no-meta"),
            Map.entry("odd/syn_charset_absent_utf8.dcm", "charset-guessed"),
            Map.entry("odd/syn_deflate_bomb_64MB.dcm", "inflate-too-large"),
            Map.entry("odd/syn_deflate_cut.dcm", "truncated"),
            Map.entry("odd/syn_nested_400.dcm", "too-deep"),
            Map.entry("odd/syn_odd_vl.dcm", "odd-length"),
            Map.entry("odd/syn_out_of_order_dup.dcm", "out-of-order duplicate"),
            Map.entry("odd/syn_vl_beyond_end.dcm", "truncated"));

    @Test
    void everyObjectIsReadAndItsFaultsAreNamed() {
        Map<String, String> odd = new TreeMap<>();
        for (Path file : Samples.all()) {
            DataSetFile.Reading read = Samples.read(file);
            String faults =
                    read.oddities().stream().map(oddity -> oddity.what().wire()).collect(Collectors.joining(" "));
            odd.put(Samples.name(file), faults);
        }
        odd.values().removeIf(String::isEmpty);
        assertEquals(lines(ODD), lines(odd));
    }

    private static String lines(Map<String, String> map) {
        return new TreeMap<>(map)
                .entrySet().stream()
                        .map(each -> each.getKey() + ": " + each.getValue())
                        .collect(Collectors.joining("\n"));
    }

    /** It ends storescp, Orthanc, dcmdump and gdcmdump; here what stands before and behind it is read. */
    @Test
    void aHundredThousandNestedItemsAreReadOver() {
        DataSet data = Samples.read("odd/2026-05-06-Deeply-Nested-Sequence.dcm").data();
        assertEquals("1.2.840.10008.5.1.4.1.1.2", data.text(0x0008_0016));
        assertNotNull(data.element(Tags.PIXEL_DATA));
    }

    @Test
    void namesAreReadInTheirCharacterSets() {
        Map<String, String> names = Map.of(
                "charset/chrArab.dcm", "قباني^لنزار",
                "charset/chrFren.dcm", "Buc^Jérôme",
                "charset/chrGerm.dcm", "Äneas^Rüdiger",
                "charset/chrH31.dcm", "Yamada^Tarou=山田^太郎=やまだ^たろう",
                "charset/chrHbrw.dcm", "שרון^דבורה",
                "charset/chrX1.dcm", "Wang^XiaoDong=王^小東=");
        names.forEach(
                (file, name) -> assertEquals(name, Samples.read(file).data().text(0x0010_0010), file));
    }

    /** No cut makes an exception, and none gives an element that the whole does not have. */
    @Test
    void everyObjectMayBeCutAnywhere() throws IOException {
        for (Path file : Samples.all()) {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length > 100_000) {
                continue;
            }
            DataSet whole = DataSetBytes.read(bytes).data();
            Random random = new Random(bytes.length);
            boolean everywhere = bytes.length < CUT_EVERYWHERE_BYTES;
            int cuts = everywhere ? bytes.length / 41 : 10;
            for (int i = 0; i < cuts; i++) {
                int size = everywhere ? i * 41 : random.nextInt(bytes.length);
                DataSetFile.Reading part = DataSetBytes.read(Arrays.copyOf(bytes, size));
                boolean isTold = !part.has(Oddity.Kind.WRONG_TRANSFER_SYNTAX) && !part.has(Oddity.Kind.NO_META);
                for (Element element : isTold ? part.data().elements() : DataSet.EMPTY.elements()) {
                    boolean isSequence = element.value() instanceof Element.Value.Items;
                    Element right = whole.element(element.tag());
                    assertTrue(
                            right != null && (isSequence || right.value().equals(element.value())),
                            Samples.name(file) + " cut at " + size + ": " + Tags.hex(element.tag()));
                }
            }
        }
    }

    @Test
    void noFlippedBitOfARealObjectIsAnException() throws IOException {
        for (Path file : Samples.all()) {
            byte[] bytes = Files.readAllBytes(file);
            Random random = new Random(bytes.length);
            for (int i = 0; i < 6 && bytes.length < 50_000; i++) {
                byte[] flipped = bytes.clone();
                flipped[random.nextInt(Math.min(bytes.length, 4_000))] ^= (byte) (1 << random.nextInt(8));
                DataSetFile.Reading read = DataSetBytes.read(flipped);
                assertTrue(DataSetJson.write(read.data(), "").startsWith("{"), Samples.name(file) + " run " + i);
            }
        }
    }
}
