package org.wasla.gateway.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.dicom.Oddity.Kind;

/** The forms of PS3.5 section 7, right and wrong: what is read, and what is said about it. */
class DataSetReaderTest {
    private static final String NAME = "Essai^Un";

    /** A data set with every kind of value; what it holds is the same in every encoding. */
    private static DataSetBytes everything(Encoding encoding) {
        return DataSetBytes.in(encoding)
                .text(0x0008_0005, "CS", "ISO_IR 192")
                .text(0x0008_0008, "CS", "ORIGINAL\\\\AXIAL")
                .text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.7")
                .numbers(0x0008_1161, "UL", 4, 1, 4_000_000_000L)
                .text(0x0010_0010, "PN", NAME)
                .sequence(
                        0x0040_0275,
                        DataSetBytes.in(encoding).text(0x0040_0007, "LO", "thorax"),
                        DataSetBytes.in(encoding).text(0x0040_0007, "LO", "abdomen"))
                .marked(0x0040_a730, DataSetBytes.in(encoding).text(0x0040_a040, "CS", "NUM"))
                .numbers(0x0020_9165, "AT", 2, 0x0018, 0x9324)
                .numbers(0x0028_0010, "US", 2, 512)
                .numbers(0x0028_0103, "US", 2, 1)
                .numbers(0x0028_0106, "SS", 2, -7)
                .numbers(0x0018_9309, "FD", 8, Double.doubleToLongBits(1.375))
                .numbers(0x0018_9306, "FD", 8, Double.doubleToLongBits(Double.NaN))
                .text(0x0018_0060, "DS", "120.50")
                .text(0x0040_a160, "UT", "a line\\another");
    }

    @Test
    void everyEncodingGivesTheSame() {
        for (Encoding encoding : Encoding.values()) {
            DataSetFile.Reading read = everything(encoding).read();
            assertEquals(
                    List.of(new Oddity(Kind.OUT_OF_ORDER, 0, 1).what()), kinds(read), "only the order: " + encoding);
            DataSet data = read.data();
            assertEquals(List.of("ORIGINAL", "", "AXIAL"), data.texts(0x0008_0008));
            assertEquals(List.of("1", "4000000000"), data.texts(0x0008_1161));
            assertEquals(NAME, data.text(0x0010_0010));
            assertEquals("abdomen", data.items(0x0040_0275).get(1).text(0x0040_0007));
            assertEquals("NUM", data.item(0x0040_a730).text(0x0040_a040));
            assertEquals("00189324", data.text(0x0020_9165));
            assertEquals("512", data.text(0x0028_0010));
            assertEquals("-7", data.text(0x0028_0106), "US or SS follows the pixels: " + encoding);
            assertEquals("1.375", data.text(0x0018_9309));
            assertEquals("NaN", data.text(0x0018_9306));
            assertEquals("120.50", data.text(0x0018_0060));
            assertEquals(List.of("a line\\another"), data.texts(0x0040_a160), "prose has one value");
            assertTrue(read.isWhole());
        }
    }

    @Test
    void whatIsNotThereIsNullAndNotZero() {
        DataSet data =
                DataSetBytes.explicit().text(0x0018_0060, "DS", "").read().data();
        assertNull(data.text(0x0018_0060));
        assertNull(data.text(0x0018_1151));
        assertEquals(List.of(), data.texts(0x0018_0060));
        assertEquals(List.of(), data.items(0x0018_0060));
    }

    /** CP-246: what is UN without a length is a sequence in implicit little endian, whatever stands around it. */
    @Test
    void sequenceMarkedUnknownIsReadInImplicitForm() {
        DataSetBytes inner = DataSetBytes.in(Encoding.IMPLICIT_LITTLE).text(0x0008_0100, "", "113838");
        for (Encoding encoding : List.of(Encoding.EXPLICIT_LITTLE, Encoding.EXPLICIT_BIG)) {
            DataSetBytes implicit = DataSetBytes.in(Encoding.IMPLICIT_LITTLE)
                    .item(DataSetReader.UNDEFINED)
                    .raw(inner.toArray())
                    .delimiter(Tags.ITEM_END)
                    .delimiter(Tags.SEQUENCE_END);
            DataSetFile.Reading read = DataSetBytes.in(encoding)
                    .text(0x0008_0060, "CS", "CT")
                    .header(0x0009_1001, "UN", DataSetReader.UNDEFINED)
                    .raw(implicit.toArray())
                    .text(0x0010_0010, "PN", NAME)
                    .read();
            assertEquals(List.of(Kind.SEQUENCE_AS_UNKNOWN), kinds(read));
            assertEquals("113838", read.data().item(0x0009_1001).text(0x0008_0100));
            assertEquals(NAME, read.data().text(0x0010_0010));
        }
    }

    @Test
    void knownTagMarkedUnknownIsWhatTheStandardSays() {
        DataSetFile.Reading read = DataSetBytes.in(Encoding.EXPLICIT_BIG)
                .text(0x0008_0060, "CS", "CT")
                .element(0x0028_0010, "UN", new byte[] {1, 2})
                .read();
        assertEquals("513", read.data().text(0x0028_0010), "the value is little endian as in the implicit form");
        assertEquals(List.of(Kind.KNOWN_AS_UNKNOWN), kinds(read));
    }

    @Test
    void unknownRepresentationsHaveEitherLength() {
        DataSetFile.Reading read = DataSetBytes.explicit()
                .text(0x0008_0060, "CS", "CT")
                .raw(new byte[] {8, 0, 0x61, 0, 'Z', 'Q', 2, 0, 'a', 'b'})
                .raw(new byte[] {8, 0, 0x70, 0, 'Z', 'Z', 0, 0, 2, 0, 0, 0, 'c', 'd'})
                .text(0x0010_0010, "PN", NAME)
                .read();
        assertEquals(List.of(Kind.UNKNOWN_VR), kinds(read));
        assertEquals(NAME, read.data().text(0x0010_0010));
    }

    @Test
    void implicitElementsAmongExplicitOnes() {
        DataSetFile.Reading read = DataSetBytes.explicit()
                .text(0x0008_0060, "CS", "CT")
                .raw(DataSetBytes.in(Encoding.IMPLICIT_LITTLE)
                        .text(0x0008_0070, "", "Maker")
                        .toArray())
                .text(0x0010_0010, "PN", NAME)
                .read();
        assertEquals(List.of(Kind.IMPLICIT_ELEMENT), kinds(read));
        assertEquals("Maker", read.data().text(0x0008_0070));
        assertEquals(NAME, read.data().text(0x0010_0010));
    }

    @Test
    void aLyingTransferSyntaxIsFoundOut() {
        for (Encoding told : Encoding.values()) {
            for (Encoding real : Encoding.values()) {
                String uid = told == Encoding.EXPLICIT_LITTLE
                        ? DataSetBytes.EXPLICIT_UID
                        : told == Encoding.EXPLICIT_BIG ? Encoding.BIG_ENDIAN_UID : Encoding.IMPLICIT_UID;
                byte[] file = DataSetBytes.file(uid, real)
                        .raw(everything(real).toArray())
                        .toArray();
                DataSetFile.Reading read = DataSetBytes.read(file);
                assertEquals(told != real, read.has(Kind.WRONG_TRANSFER_SYNTAX), told + " told, " + real);
                assertEquals(NAME, read.data().text(0x0010_0010));
            }
        }
        byte[] notDeflated = DataSetBytes.file(Encoding.DEFLATED_UID, Encoding.EXPLICIT_LITTLE)
                .raw(everything(Encoding.EXPLICIT_LITTLE).toArray())
                .toArray();
        assertTrue(DataSetBytes.read(notDeflated).has(Kind.WRONG_TRANSFER_SYNTAX));
        assertEquals(NAME, DataSetBytes.read(notDeflated).data().text(0x0010_0010));
    }

    @Test
    void encapsulatedPixelsAreListedAndNotHeld() {
        DataSetFile.Reading read = DataSetBytes.explicit()
                .text(0x0010_0010, "PN", NAME)
                .header(Tags.PIXEL_DATA, "OB", DataSetReader.UNDEFINED)
                .item(0)
                .item(4)
                .raw(new byte[] {1, 2, 3, 4})
                .item(2)
                .raw(new byte[] {5, 6})
                .delimiter(Tags.SEQUENCE_END)
                .text(0xfffc_fffc, "OB", "padding")
                .read();
        Element pixels = read.data().elements().get(1);
        assertEquals(
                List.of(0L, 4L, 2L),
                ((Element.Value.Fragments) pixels.value())
                        .pieces().stream()
                                .map(Element.Value.Fragments.Piece::length)
                                .toList());
        assertEquals(List.of(), read.oddities());
        assertEquals(2, read.data().elements().size());
    }

    @Test
    void missingAndStrayDelimiters() {
        DataSetBytes item = DataSetBytes.explicit().text(0x0008_0100, "SH", "A");
        DataSetFile.Reading missing = DataSetBytes.explicit()
                .header(0x0040_a730, "SQ", DataSetReader.UNDEFINED)
                .item(DataSetReader.UNDEFINED)
                .raw(item.toArray())
                .item(DataSetReader.UNDEFINED)
                .raw(item.toArray())
                .delimiter(Tags.SEQUENCE_END)
                .text(0x0040_db00, "CS", "1500")
                .read();
        assertEquals(List.of(Kind.MISSING_DELIMITER), kinds(missing));
        assertEquals(2, missing.data().items(0x0040_a730).size());
        assertEquals("1500", missing.data().text(0x0040_db00));
        DataSetFile.Reading stray = DataSetBytes.explicit()
                .text(0x0008_0060, "CS", "CT")
                .delimiter(Tags.ITEM_END)
                .delimiter(Tags.SEQUENCE_END)
                .text(0x0010_0010, "PN", NAME)
                .read();
        assertEquals(List.of(Kind.STRAY_DELIMITER), kinds(stray));
        assertEquals(NAME, stray.data().text(0x0010_0010));
    }

    @Test
    void lengthsThatContradictEachOtherEndReading() {
        DataSetFile.Reading read = DataSetBytes.explicit()
                .text(0x0008_0060, "CS", "CT")
                .header(0x0040_a730, "SQ", 16)
                .item(8)
                .header(0x0008_0100, "SH", 40)
                .text(0x0010_0010, "PN", "x".repeat(60))
                .read();
        assertEquals(List.of(Kind.LENGTH_CONTRADICTS), kinds(read));
        assertFalse(read.isWhole());
        assertNull(read.data().text(0x0010_0010));
        assertEquals("CT", read.data().text(0x0008_0060), "what stood before is kept");
    }

    @Test
    void foreignGroupsAndGroupLengthsAreNoData() {
        DataSetFile.Reading read = DataSetBytes.explicit()
                .numbers(0x0008_0000, "UL", 4, 10)
                .text(0x0008_0060, "CS", "CT")
                .text(0x0002_0013, "SH", "LATE")
                .text(0x0000_0002, "UI", "1.2")
                .read();
        assertTrue(read.has(Kind.FOREIGN_GROUP));
        assertEquals(1, read.data().elements().size());
    }

    @Test
    void ofATagThatComesTwiceTheFirstCounts() {
        DataSetFile.Reading read = DataSetBytes.explicit()
                .text(0x0010_0020, "LO", "first")
                .text(0x0008_0060, "CS", "CT")
                .text(0x0010_0020, "LO", "second")
                .read();
        assertTrue(read.has(Kind.DUPLICATE));
        assertEquals("first", read.data().text(0x0010_0020));
        assertEquals("CT", read.data().text(0x0008_0060));
    }

    @Test
    void filesWithoutPreambleOrHeader() {
        byte[] file = everything(Encoding.EXPLICIT_LITTLE).asFile();
        byte[] noPreamble = java.util.Arrays.copyOfRange(file, 128, file.length);
        byte[] noMark = java.util.Arrays.copyOfRange(file, 132, file.length);
        for (byte[] each : List.of(noPreamble, noMark)) {
            assertTrue(DataSetBytes.read(each).has(Kind.NO_PREAMBLE));
            assertEquals(NAME, DataSetBytes.read(each).data().text(0x0010_0010));
        }
        for (Encoding encoding : Encoding.values()) {
            DataSetFile.Reading bare = DataSetBytes.read(everything(encoding).toArray());
            assertTrue(bare.has(Kind.NO_META));
            assertEquals(NAME, bare.data().text(0x0010_0010));
        }
        for (String other : List.of("", "x", "<html><body>not an object of any kind</body></html>")) {
            DataSetFile.Reading nothing = DataSetBytes.read(other.getBytes(StandardCharsets.US_ASCII));
            assertTrue(nothing.has(Kind.NO_DATA_SET), other);
            assertFalse(nothing.isWhole());
        }
    }

    private static List<Kind> kinds(DataSetFile.Reading read) {
        return read.oddities().stream().map(Oddity::what).toList();
    }

    /** Films begin with group 2010, whose bytes the other way round are a lower one: what was agreed upon decides. */
    @Test
    void aMessageThatBeginsWithAHighGroupIsReadAsAgreed() throws java.io.IOException {
        byte[] bytes = DataSetBytes.explicit()
                .text(0x2010_0010, "ST", "STANDARD\\1,1")
                .text(0x2010_0150, "ST", "x".repeat(10_000))
                .toArray();
        DataSetFile.Reading read =
                DataSetFile.read(new java.io.ByteArrayInputStream(bytes), bytes.length, Uids.EXPLICIT_LITTLE, "");
        assertEquals("STANDARD\\1,1", read.data().text(0x2010_0010));
        assertEquals(java.util.List.of(), read.oddities());
    }
}
