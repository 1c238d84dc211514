package org.wasla.gateway.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.dicom.Element.Value;
import org.wasla.gateway.dicom.Oddity.Kind;

/** Each limit at its bound and one beyond: the reader holds little, whatever a file holds. */
class DataSetLimitsTest {
    private static byte[] nested(int levels) {
        DataSetBytes bytes = DataSetBytes.explicit().text(0x0008_0060, "CS", "CT");
        for (int i = 0; i < levels; i++) {
            bytes.header(0x0040_a730, "SQ", DataSetReader.UNDEFINED).item(DataSetReader.UNDEFINED);
        }
        bytes.text(0x0040_a040, "CS", "TEXT");
        for (int i = 0; i < levels; i++) {
            bytes.delimiter(Tags.ITEM_END).delimiter(Tags.SEQUENCE_END);
        }
        return bytes.text(0x0040_db00, "CS", "1500").asFile();
    }

    private static int depth(DataSet data) {
        int depth = 0;
        DataSet level = data;
        while (!level.items(0x0040_a730).isEmpty()) {
            level = level.item(0x0040_a730);
            depth++;
        }
        return depth;
    }

    @Test
    void whatLiesTooDeepIsReadOver() {
        DataSetFile.Reading deepest = DataSetBytes.read(nested(DataSetReader.DEPTH_MAX));
        assertEquals(List.of(), deepest.oddities());
        assertEquals(DataSetReader.DEPTH_MAX, depth(deepest.data()));
        for (int levels : new int[] {DataSetReader.DEPTH_MAX + 1, 50_000}) {
            DataSetFile.Reading read = DataSetBytes.read(nested(levels));
            assertEquals(Kind.TOO_DEEP, read.oddities().get(0).what());
            assertTrue(read.isWhole());
            assertEquals(DataSetReader.DEPTH_MAX, depth(read.data()));
            assertEquals("1500", read.data().text(0x0040_db00), "what follows is read");
        }
    }

    @Test
    void itemsBeyondTheLimitEndReading() {
        DataSetBytes items = DataSetBytes.explicit().header(0x0040_a730, "SQ", DataSetReader.UNDEFINED);
        for (int i = 0; i < DataSetReader.ITEMS_MAX; i++) {
            items.item(0);
        }
        byte[] fits = DataSetBytes.explicit()
                .raw(items.toArray())
                .delimiter(Tags.SEQUENCE_END)
                .asFile();
        assertTrue(DataSetBytes.read(fits).isWhole());
        byte[] over = DataSetBytes.explicit()
                .raw(items.toArray())
                .item(0)
                .delimiter(Tags.SEQUENCE_END)
                .asFile();
        assertTrue(DataSetBytes.read(over).has(Kind.TOO_MANY_ITEMS));
    }

    @Test
    void elementsBeyondTheLimitEndReading() {
        DataSetBytes elements = DataSetBytes.explicit().text(0x0008_0060, "CS", "CT");
        for (int i = 1; i < DataSetReader.ELEMENTS_MAX; i++) {
            elements.header(0x0011_0000 + 0x1000 + i % 0x1000, "SH", 0);
        }
        assertTrue(DataSetBytes.read(elements.asFile()).isWhole());
        DataSetFile.Reading over =
                DataSetBytes.read(elements.text(0x7fe0_0001, "OB", "").asFile());
        assertTrue(over.has(Kind.TOO_MANY_ELEMENTS));
        assertFalse(over.isWhole());
    }

    @Test
    void largeValuesStayInTheFile() {
        for (int over : new int[] {0, 2}) {
            byte[] file = DataSetBytes.explicit()
                    .text(0x0008_0060, "CS", "CT")
                    .element(0x0042_0011, "OB", new byte[DataSetReader.VALUE_BYTES_MAX + over])
                    .text(0x0042_0012, "LO", "application/pdf")
                    .asFile();
            Element document = element(DataSetBytes.read(file).data(), 0x0042_0011);
            assertEquals(over > 0, document.value() instanceof Value.Elsewhere);
            assertEquals(DataSetReader.VALUE_BYTES_MAX + over, document.length());
            assertEquals('B', file[(int) document.at() - 7], "the place is that of the value");
        }
        DataSetBytes many = DataSetBytes.explicit().text(0x0008_0060, "CS", "CT");
        for (int i = 0; i < 20; i++) {
            many.element(0x0009_1000 + i, "OB", new byte[1 << 20]);
        }
        List<Element> elements = DataSetBytes.read(many.asFile()).data().elements();
        assertInstanceOf(Value.Binary.class, elements.get(1).value());
        assertInstanceOf(Value.Elsewhere.class, elements.get(20).value());
    }

    @Test
    void pixelsAreNeverHeldHoweverFew() {
        DataSet data = DataSetBytes.explicit()
                .text(0x0008_0060, "CS", "CT")
                .element(Tags.PIXEL_DATA, "OW", new byte[2])
                .read()
                .data();
        assertInstanceOf(Value.Elsewhere.class, element(data, Tags.PIXEL_DATA).value());
    }

    @Test
    void deflatedDataSetsAreReadWithinTheirLimits() {
        byte[] plain = DataSetBytes.explicit()
                .text(0x0008_0060, "CS", "SR")
                .text(0x0040_a160, "UT", "measured ".repeat(500))
                .toArray();
        byte[] deflated = DataSetBytes.deflated(plain);
        DataSetFile.Reading read = DataSetBytes.read(file(deflated));
        assertEquals(List.of(), read.oddities());
        assertEquals("measured ".repeat(500).strip(), read.data().text(0x0040_a160));
        for (int cut = 1; cut < deflated.length; cut++) {
            DataSetFile.Reading part = DataSetBytes.read(file(Arrays.copyOf(deflated, deflated.length - cut)));
            assertFalse(part.isWhole(), "cut by " + cut);
        }
        byte[] damaged = deflated.clone();
        Arrays.fill(damaged, 20, damaged.length, (byte) 0xff);
        assertFalse(DataSetBytes.read(file(damaged)).isWhole());
    }

    @Test
    void aDeflateBombIsNotBlownUp() {
        byte[] bomb = DataSetBytes.deflated(DataSetBytes.explicit()
                .text(0x0008_0060, "CS", "SR")
                .element(0x0009_1001, "OB", new byte[8 << 20])
                .text(0x0040_db00, "CS", "1500")
                .toArray());
        DataSetFile.Reading read = DataSetBytes.read(file(bomb));
        assertEquals(
                List.of(Kind.INFLATE_TOO_LARGE),
                read.oddities().stream().map(Oddity::what).toList());
        assertTrue(read.oddities().get(0).at() < 2 << 20, read.oddities().toString());
        assertEquals("SR", read.data().text(0x0008_0060));
    }

    private static Element element(DataSet data, int tag) {
        return Objects.requireNonNull(data.element(tag));
    }

    private static byte[] file(byte[] deflated) {
        return DataSetBytes.file(Encoding.DEFLATED_UID, Encoding.EXPLICIT_LITTLE)
                .raw(deflated)
                .toArray();
    }
}
