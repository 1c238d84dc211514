package org.wasla.gateway.dicom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One name that slips through is a person exposed: secrets are planted wherever there is room, and none may come out. */
class DeidentifierTest {
    private static final String SECRET = "ZZSECRET";
    private static final String OWN_ROOT = "1.3.9999.";

    static final Deidentifier.Names NAMES = new Deidentifier.Names() {
        @Override
        public String uid(String uid) {
            return "2.25." + (1_000_000 + (uid.hashCode() >>> 1));
        }

        @Override
        public String patient(String id) {
            return "DEID-" + (id.hashCode() >>> 1);
        }
    };

    private static byte[] deidentified(byte[] data, String syntax) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deidentifier.write(new ByteArrayInputStream(data), data.length, syntax, NAMES, out);
        return out.toByteArray();
    }

    private static String syntax(Encoding encoding) {
        return switch (encoding) {
            case IMPLICIT_LITTLE -> Encoding.IMPLICIT_UID;
            case EXPLICIT_BIG -> Encoding.BIG_ENDIAN_UID;
            case EXPLICIT_LITTLE -> DataSetBytes.EXPLICIT_UID;
        };
    }

    /** An element with a secret in it, in what its representation allows. */
    private static void plant(DataSetBytes into, int tag, Vr vr) {
        switch (vr) {
            case SQ ->
                into.marked(
                        tag,
                        DataSetBytes.in(into.encoding())
                                .text(0x0010_4000, "LT", SECRET)
                                .text(0x0010_0010, "PN", SECRET));
            case UI -> into.text(tag, "UI", OWN_ROOT + Integer.toUnsignedString(tag));
            default -> into.padded(tag, vr.name(), (SECRET + "12345678").getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static DataSetBytes full(Encoding encoding) {
        DataSetBytes data = DataSetBytes.in(encoding).text(0x0008_0005, "CS", "ISO_IR 100");
        for (int tag : DeidentifyRules.tags()) {
            Vr vr = DeidentifyRules.vr(tag, Vr.UN);
            if (Integer.compareUnsigned(tag, Tags.PIXEL_DATA) < 0
                    && DeidentifyRules.action(tag, vr, false) != DeidentifyRules.Action.KEEP) {
                plant(data, tag, vr);
            }
        }
        return data;
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void nothingThatTheProfileNamesComesOut(Encoding encoding) throws IOException {
        byte[] out = deidentified(full(encoding).toArray(), syntax(encoding));
        String text = new String(out, StandardCharsets.ISO_8859_1);
        assertFalse(text.contains(SECRET), () -> "a secret stays at " + text.indexOf(SECRET));
        assertFalse(text.contains(OWN_ROOT), "a UID stays");
    }

    /** Makers' elements, unknown ones, and texts in places that no table names. */
    @ParameterizedTest
    @EnumSource(Encoding.class)
    void nothingThatTheProfileDoesNotNameComesOutAsText(Encoding encoding) throws IOException {
        DataSetBytes data = DataSetBytes.in(encoding)
                .text(0x0008_0060, "CS", "CT")
                .text(0x0008_0064, "CS", "Zzsecret " + SECRET.toLowerCase(java.util.Locale.ROOT));
        data.text(0x0009_0010, "LO", SECRET).text(0x0009_1001, "UT", SECRET);
        data.marked(0x0009_1002, DataSetBytes.in(encoding).text(0x0010_0010, "PN", SECRET));
        int tag = 0x0018_f000;
        for (Vr vr : Vr.values()) {
            tag += 2;
            boolean mayHoldLetters = vr != Vr.SQ && vr.width() <= 1 && vr != Vr.CS && vr != Vr.UI;
            if (mayHoldLetters) {
                data.padded(tag, vr.name(), SECRET.getBytes(StandardCharsets.US_ASCII));
            }
        }
        data.padded(0x0028_1f01, "UN", SECRET.getBytes(StandardCharsets.US_ASCII));
        data.padded(0x6000_3000, "OB", SECRET.getBytes(StandardCharsets.US_ASCII));
        String text = new String(deidentified(data.toArray(), syntax(encoding)), StandardCharsets.ISO_8859_1);
        assertFalse(text.toUpperCase(java.util.Locale.ROOT).contains(SECRET), () -> "stays at " + text.indexOf("Zz"));
        assertTrue(text.contains("CT"), "the modality is gone");
    }

    /** What a code means is a text too: kept for a finding, not for an institution. */
    @Test
    void codesThatNameWhoWasThereAreNotKept() throws IOException {
        DataSetBytes data = DataSetBytes.explicit()
                .sequence(0x0008_0082, DataSetBytes.explicit().text(0x0008_0104, "LO", SECRET))
                .sequence(0x0008_2218, DataSetBytes.explicit().text(0x0008_0104, "LO", "Chest"));
        String text = new String(deidentified(data.toArray(), DataSetBytes.EXPLICIT_UID), StandardCharsets.ISO_8859_1);
        assertFalse(text.contains(SECRET));
        assertTrue(text.contains("Chest"));
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void pixelsAndMeasuresStayAsTheyAre(Encoding encoding) throws IOException {
        byte[] pixels = new byte[200_000];
        new java.util.Random(7).nextBytes(pixels);
        DataSetBytes data = DataSetBytes.in(encoding)
                .text(0x0010_0020, "LO", "4711")
                .text(0x0018_0050, "DS", "2.50")
                .text(0x0020_000d, "UI", OWN_ROOT + "1")
                .sequence(
                        0x0008_1140,
                        DataSetBytes.in(encoding)
                                .text(0x0008_1150, "UI", "1.2.840.10008.5.1.4.1.1.2")
                                .text(0x0008_1155, "UI", OWN_ROOT + "1"))
                .numbers(0x0028_0010, "US", 2, 512)
                .element(Tags.PIXEL_DATA, "OW", pixels);
        DataSetBytes file = DataSetBytes.file(syntax(encoding), encoding);
        file.raw(deidentified(data.toArray(), syntax(encoding)));
        DataSetFile.Reading read = DataSetBytes.read(file.toArray());
        assertTrue(read.isWhole(), read.oddities().toString());
        assertEquals(List.of("2.50"), read.data().texts(0x0018_0050));
        assertEquals("512", read.data().text(0x0028_0010));
        assertEquals("DEID-" + ("4711".hashCode() >>> 1), read.data().text(0x0010_0020));
        assertEquals("YES", read.data().text(0x0012_0062));
        assertEquals("113100", read.data().item(0x0012_0064).text(0x0008_0100));
        DataSet image = read.data().item(0x0008_1140);
        assertEquals("1.2.840.10008.5.1.4.1.1.2", image.text(0x0008_1150));
        assertEquals(read.data().text(0x0020_000d), image.text(0x0008_1155), "references must hold");
        Element held = Objects.requireNonNull(read.data().element(Tags.PIXEL_DATA));
        byte[] all = file.toArray();
        assertArrayEquals(
                pixels, java.util.Arrays.copyOfRange(all, (int) held.at(), (int) (held.at() + held.length())));
    }

    @Test
    void piecesOfPixelsStayAsTheyAre() throws IOException {
        DataSetBytes data = DataSetBytes.explicit().text(0x0008_0060, "CS", "XA");
        data.header(Tags.PIXEL_DATA, "OB", DataSetReader.UNDEFINED)
                .item(0)
                .item(4)
                .raw(new byte[] {1, 2, 3, 4})
                .delimiter(Tags.SEQUENCE_END);
        byte[] out = deidentified(data.toArray(), "1.2.840.10008.1.2.4.50");
        byte[] tail = java.util.Arrays.copyOfRange(data.toArray(), 10, data.toArray().length);
        assertArrayEquals(tail, java.util.Arrays.copyOfRange(out, out.length - tail.length, out.length));
    }

    @Test
    void aDeflatedDataSetComesOutPlain() throws IOException {
        byte[] plain = DataSetBytes.explicit()
                .text(0x0008_0060, "CS", "CT")
                .text(0x0010_0010, "PN", SECRET)
                .toArray();
        byte[] out = deidentified(DataSetBytes.deflated(plain), Encoding.DEFLATED_UID);
        assertTrue(new String(out, StandardCharsets.ISO_8859_1).contains("CT"));
        assertFalse(new String(out, StandardCharsets.ISO_8859_1).contains(SECRET));
        assertEquals(Uids.EXPLICIT_LITTLE, Deidentifier.transferSyntax(Encoding.DEFLATED_UID));
    }

    /** Of a data set that is cut anywhere nothing is guessed, and no secret of it comes out before the end is known. */
    @Test
    void whatIsCutIsRefusedOrClean() throws IOException {
        byte[] whole = full(Encoding.EXPLICIT_LITTLE).toArray();
        List<Integer> taken = new ArrayList<>();
        for (int cut = 9; cut < whole.length; cut += 7) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try {
                Deidentifier.write(new ByteArrayInputStream(whole, 0, cut), cut, DataSetBytes.EXPLICIT_UID, NAMES, out);
                taken.add(cut);
            } catch (Deidentifier.NotUnderstood expected) {
                assertFalse(Objects.requireNonNull(expected.getMessage()).isEmpty());
            }
            assertFalse(out.toString(StandardCharsets.ISO_8859_1).contains(SECRET), "cut at " + cut);
        }
        // Where a cut falls between two elements, nobody can tell.
        assertTrue(taken.size() < whole.length / 7 / 4, taken.size() + " cuts taken for whole");
    }

    @Test
    void whatIsNestedTooDeepIsRefused() {
        DataSetBytes data = DataSetBytes.explicit();
        for (int i = 0; i < 100_000; i++) {
            data.header(0x0040_a730, "SQ", DataSetReader.UNDEFINED).item(DataSetReader.UNDEFINED);
        }
        IOException refused = assertThrows(
                Deidentifier.NotUnderstood.class, () -> deidentified(data.toArray(), DataSetBytes.EXPLICIT_UID));
        assertEquals("too-deep", refused.getMessage());
    }
}
