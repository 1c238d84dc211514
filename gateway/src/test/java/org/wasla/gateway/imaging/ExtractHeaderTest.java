package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.dicom.DataSetBytes;

/** What headers, documents and performed steps say. */
class ExtractHeaderTest {
    private static DataSetBytes image() {
        return DataSetBytes.explicit()
                .text(0x0008_0005, "CS", "ISO_IR 192")
                .text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY")
                .text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.1")
                .text(0x0008_0018, "UI", "2.25.3")
                .text(0x0008_0020, "DA", "20260616")
                .text(0x0008_0030, "TM", "101500.25")
                .text(0x0008_0050, "SH", "A1")
                .text(0x0008_0060, "CS", "CR")
                .text(0x0008_0201, "SH", "+0100")
                .sequence(0x0008_1032, Report.code("99L", "RX1", "Thorax"))
                .text(0x0010_0020, "LO", "SECRET-7")
                .text(0x0018_0060, "DS", "117")
                .text(0x0018_1151, "IS", "")
                .text(0x0018_115e, "DS", "0.42")
                .text(0x0018_1405, "IS", "300\\400")
                .text(0x0020_000d, "UI", "2.25.1")
                .text(0x0020_000e, "UI", "2.25.2")
                .text(0x0040_8302, "DS", "0.1");
    }

    @Test
    void factsOfStudySeriesAndInstance() {
        Extract extract = Report.extract(image());
        assertEquals(
                Map.of("uid", "2.25.1", "acc", "A1", "proc", "99L:RX1|Thorax", "t", "2026-06-16T10:15:00.25+01:00"),
                extract.study());
        assertEquals(Map.of("uid", "2.25.2", "mod", "CR"), extract.series());
        assertEquals("ORIGINAL\\PRIMARY", extract.instance().get("type"));
        assertEquals("1.2.840.10008.1.2.1", extract.instance().get("ts"));
        assertFalse(Report.json(extract).contains("SECRET"));
    }

    /** Where there is no dose report the header has it, in the units of the standard; an empty value is none. */
    @Test
    void doseOfTheHeader() {
        assertEquals(
                List.of("1 kvp=117 kV", "2 dap=0.42 dGy.cm2", "3 entrance-dose=0.1 mGy"),
                Report.lines(Report.extract(image())));
    }

    /** Half a mGy is 0 in whole dGy: a zero that nobody measured. */
    @Test
    void aFigureThatWasRoundedAwayIsNotToldWhereTheFinerOneIsThere() {
        DataSetBytes rounded = DataSetBytes.explicit()
                .text(0x0018_1152, "IS", "0")
                .text(0x0018_1153, "IS", "400")
                .numbers(0x0040_0302, "US", 2, 0)
                .text(0x0040_8302, "DS", "0.5");
        assertEquals(List.of("1 exposure=400 uA.s", "2 entrance-dose=0.5 mGy"), Report.lines(Report.extract(rounded)));
        DataSetBytes none = DataSetBytes.explicit().text(0x0018_1152, "IS", "0").text(0x0018_1153, "IS", "0");
        assertEquals(List.of("1 exposure=0 mA.s", "2 exposure=0 uA.s"), Report.lines(Report.extract(none)));
    }

    /** Magnetic resonance has no dose, and a technique all the same. */
    @Test
    void techniqueOfMagneticResonance() {
        DataSetBytes image = DataSetBytes.explicit()
                .text(0x0018_0010, "LO", "Gadolinium")
                .text(0x0018_0024, "SH", "*tse2d")
                .text(0x0018_0080, "DS", "4000")
                .text(0x0018_0081, "DS", "92")
                .text(0x0018_0087, "DS", "1.5")
                .text(0x0018_1314, "DS", "150");
        Extract extract = Report.extract(image);
        assertEquals(Map.of("contrast", "Gadolinium", "sequence", "*tse2d"), extract.series());
        assertEquals(
                List.of(
                        "1 repetition-time=4000 ms",
                        "2 echo-time=92 ms",
                        "3 field-strength=1.5 T",
                        "4 flip-angle=150 deg"),
                Report.lines(extract));
    }

    /** What was injected is the dose of a scintigraphy. */
    @Test
    void activityOfARadiopharmaceutical() {
        DataSetBytes injected =
                DataSetBytes.explicit().text(0x0018_0031, "LO", "FDG").text(0x0018_1074, "DS", "290000000");
        Extract extract = Report.extract(DataSetBytes.explicit().sequence(0x0054_0016, injected));
        assertEquals(List.of("1.1 activity=290000000 Bq"), Report.lines(extract));
        assertEquals("FDG", extract.series().get("pharmaceutical"));
    }

    /** An accession number alone is not one of a kind where several departments have orders. */
    @Test
    void whoseAccessionNumberItIs() {
        DataSetBytes issuer = DataSetBytes.explicit().text(0x0040_0031, "UT", "RIS");
        Extract extract = Report.extract(
                DataSetBytes.explicit().text(0x0008_0050, "SH", "A1").sequence(0x0008_0051, issuer));
        assertEquals(Map.of("acc", "A1", "acc-issuer", "RIS"), extract.study());
    }

    @Test
    void capturesAndDocumentsAreMarked() {
        DataSetBytes capture = DataSetBytes.explicit().text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.7.2");
        assertEquals(List.of("secondary-capture"), Report.extract(capture).marks());
        DataSetBytes document = DataSetBytes.explicit()
                .text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.104.1")
                .element(0x0042_0011, "OB", "%PDF-1.4".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .text(0x0042_0012, "LO", "application/pdf");
        Extract extract = Report.extract(document);
        assertEquals(List.of("document"), extract.marks());
        Extract.Document pointer = java.util.Objects.requireNonNull(extract.document());
        assertEquals("application/pdf", pointer.type());
        String file = new String(document.asFile(), java.nio.charset.StandardCharsets.ISO_8859_1);
        int at = (int) pointer.at();
        assertEquals("%PDF-1.4", file.substring(at, at + (int) pointer.length()));
        assertFalse(Report.json(extract).contains("%PDF"));
    }

    @Test
    void timesAreAsPreciseAsTheyWereSent() {
        assertEquals("2026-06-16", ExtractFacts.iso("20260616", "+0100"));
        assertEquals("2026-06-16", ExtractFacts.iso("2026061610", null), "an hour alone is no time of ISO 8601");
        assertEquals("2026-06-16T10:15", ExtractFacts.iso("202606161015", null));
        assertEquals("2026-06-16T10:15:07+01:00", ExtractFacts.iso("20260616101507", "+0100"));
        assertEquals("2026-06-16T10:15:07.5-03:30", ExtractFacts.iso("20260616101507.5-0330", "+0100"));
        for (String wrong : List.of("2026", "2026-06-16", "20260616T1015", "yesterday", "202606161")) {
            assertNull(ExtractFacts.iso(wrong, null), wrong);
        }
    }

    @Test
    void performedStepsFromTheirStartToTheirEnd() {
        DataSetBytes request = DataSetBytes.explicit()
                .text(0x0008_0050, "SH", "A77")
                .text(0x0020_000d, "UI", "2.25.1")
                .text(0x0040_0009, "SH", "SPS-1")
                .text(0x0040_1001, "SH", "RP-1");
        DataSetBytes created = DataSetBytes.explicit()
                .text(0x0008_0060, "CS", "DX")
                .text(0x0010_0020, "LO", "SECRET-7")
                .text(0x0040_0241, "AE", "DX1")
                .text(0x0040_0244, "DA", "20260310")
                .text(0x0040_0245, "TM", "101500")
                .text(0x0040_0252, "CS", "IN PROGRESS")
                .sequence(0x0040_0270, request);
        ExtractStep start = ExtractStep.of(DataSetBytes.read(created.asFile()).data());
        assertEquals(
                Map.of("status", "IN PROGRESS", "mod", "DX", "ae", "DX1", "start", "2026-03-10T10:15:00"),
                start.facts());
        assertEquals(
                List.of(Map.of("study", "2.25.1", "acc", "A77", "requested-id", "RP-1", "scheduled-id", "SPS-1")),
                start.requests());
        DataSetBytes reference = DataSetBytes.explicit().text(0x0008_1155, "UI", "2.25.9");
        DataSetBytes completed = DataSetBytes.explicit()
                .text(0x0018_115e, "DS", "0.42")
                .text(0x0040_0252, "CS", "COMPLETED")
                .numbers(0x0040_0301, "US", 2, 2)
                .sequence(
                        0x0040_030e,
                        DataSetBytes.explicit().text(0x0018_0060, "DS", "117"),
                        DataSetBytes.explicit().text(0x0018_0060, "DS", "120"))
                .sequence(
                        0x0040_0340,
                        DataSetBytes.explicit()
                                .sequence(0x0008_1140, reference, reference)
                                .text(0x0020_000e, "UI", "2.25.2"));
        ExtractStep end = ExtractStep.of(DataSetBytes.read(completed.asFile()).data());
        assertEquals(Map.of("status", "COMPLETED"), end.facts());
        assertEquals(List.of(Map.of("uid", "2.25.2", "images", "2", "others", "0")), end.series());
        assertEquals(
                List.of("1 dap=0.42 dGy.cm2", "2 exposures=2 null", "1.1 kvp=117 kV", "2.1 kvp=120 kV"),
                end.dose().stream().map(Report::line).toList());
        assertFalse(start.toString().contains("SECRET"));
    }
}
