package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.dicom.DataSetBytes;

/** The walk over content trees (PS3.3 C.17.3): every leaf with what stands above it, and nothing of persons. */
class ExtractReportTest {
    private static final String SITE = "SCT 363698007 Site";
    private static final String SIDE = "SCT 272741003 Laterality";
    private static final String MM = "UCUM mm millimetre";

    @Test
    void whatHoldsForAContainerHoldsForAllBelowItAndNotBeside() {
        Extract extract = Report.extract(Report.report(
                "DCM 125100 Vascular",
                Report.container(
                        "DCM 121070 Findings",
                        Report.modifier(SITE, "SCT 32062004 Carotid"),
                        Report.modifier(SIDE, "SCT 7771000 Left"),
                        Report.number("LN 11726-7 PSV", "UCUM cm/s speed", "82.40"),
                        Report.container(
                                "DCM 125007 Group",
                                Report.number(
                                        "LN 11653-3 EDV",
                                        "UCUM cm/s speed",
                                        "23.1",
                                        Report.modifier("SCT 370129005 Method", "DCM 1 Doppler")),
                                Report.number("LN 12023-8 RI", "UCUM 1 none", ".71"))),
                Report.number("LN 11727-5 Weight", "UCUM g gram", "+1650")));
        String place = "site=SCT:32062004|Carotid, lat=SCT:7771000|Left";
        assertEquals(
                List.of(
                        "1.1.3 psv=82.40 cm/s {" + place + "}",
                        "1.1.4.1 edv=23.1 cm/s {" + place + ", mth=DCM:1|Doppler}",
                        "1.1.4.2 resistivity-index=0.71 1 {" + place + "}",
                        "1.2 fetal-weight=1650 g"),
                Report.lines(extract));
        assertEquals(
                List.of("DCM:121070", "DCM:125007"), extract.measures().get(1).within());
    }

    /** The side may be told of the site and not of the finding (TID 1500). */
    @Test
    void aModifierOfAModifierHoldsToo() {
        DataSetBytes site = Report.modifier(SITE, "SCT 64033007 Kidney")
                .sequence(0x0040_a730, Report.modifier(SIDE, "SCT 24028007 Right"));
        Extract extract = Report.extract(Report.report(
                "DCM 126000 Report",
                Report.container("DCM 125007 Group", site, Report.number("SCT 81827009 Diameter", MM, "10.0"))));
        assertEquals(
                List.of("1.1.2 diameter=10.0 mm {site=SCT:64033007|Kidney, lat=SCT:24028007|Right}"),
                Report.lines(extract));
    }

    /** An absent value is told as absent, with the reason; a value that is doubted is no value. */
    @Test
    void absentIsNeverZero() {
        Extract extract = Report.extract(Report.report(
                "DCM 113701 Dose",
                Report.empty("DCM 113738 Dose(RP)"),
                Report.doubted("DCM 113830 CTDIvol", "UCUM mGy dose", "0", "DCM 114006 failure"),
                Report.number("DCM 113838 DLP", "UCUM mGy.cm DLP", "n/a"),
                Report.number("DCM 113838 DLP", "UCUM mGy.cm DLP", "")));
        String json = Report.json(extract).replaceFirst("^\\{\"v\":1", "");
        assertFalse(json.contains("\"v\":"), json);
        assertTrue(json.contains("\"q\":\"na\",\"why\":\"empty\",\"at\":\"1.1\""), json);
        assertTrue(json.contains("\"q\":\"invalid\",\"why\":\"DCM:114006\",\"w\":\"0\",\"at\":\"1.2\""), json);
        assertTrue(json.contains("\"q\":\"invalid\",\"why\":\"no-number\",\"w\":\"n/a\",\"at\":\"1.3\""), json);
    }

    /** Spellings of eleven makers' dose reports; what is not understood is not called UCUM. */
    @Test
    void unitsAreUcumAndTheDevicesSpellingIsKept() {
        String[][] cases = {
            {"UCUM", "mGy.cm", "mGy.cm", null},
            {"UCUM", "mGycm", "mGy.cm", "mGycm"},
            {"UCUM", "Gym2", "Gy.m2", "Gym2"},
            {"UCUM", "uAs", "uA.s", "uAs"},
            {"UCUM", "X-ray sources", "{sources}", "X-ray sources"},
            {"UCUM", "{X-ray sources}", "{sources}", "{X-ray sources}"},
            {"UCUM", "[hnsf'U]", "[hnsf'U]", null},
            {"UCUM", "{0:2}", "{0:2}", null},
            {"UCUM", "two words", null, "UCUM:two words"},
            {"99LOCAL", "cm", null, "99LOCAL:cm"},
        };
        for (String[] each : cases) {
            ExtractUnit unit = ExtractUnit.of(new ExtractCode(each[0], each[1], null));
            assertEquals(new ExtractUnit(each[2], each[3]), unit, each[1]);
        }
        assertEquals(ExtractUnit.NONE, ExtractUnit.of(null));
    }

    @Test
    void namesAndIdentifiersOfPersonsAreLeftOut() {
        Extract extract = Report.extract(Report.report(
                "DCM 126000 Report",
                Report.text("PNAME", "DCM 121008 Observer", 0x0040_a123, "PN", "Secret^Reader"),
                Report.text("PNAME", "DCM 999999 Whoever", 0x0040_a123, "PN", "Secret^Other"),
                Report.text("TEXT", "DCM 121030 Subject", 0x0040_a160, "UT", "SECRET-8"),
                Report.text("DATE", "DCM 121031 Born", 0x0040_a121, "DA", "19010101"),
                Report.text("TEXT", "DCM 121106 Comment", 0x0040_a160, "UT", "évolutive")));
        String json = Report.json(extract);
        assertEquals(List.of("1.5 comment=évolutive"), Report.lines(extract));
        assertFalse(json.toUpperCase(java.util.Locale.ROOT).contains("SECRET"), json);
        assertFalse(json.contains("Essai"), json);
        assertEquals("SECRET-7", extract.identity().patientId());
        assertFalse(extract.toString().contains("SECRET"), "not by accident either");
    }

    @Test
    void codesAreCheckedBeforeTheyAreCalledLoincOrMdc() {
        assertEquals("11820-8", new ExtractCode("LN", "11820-8", null).loinc());
        assertNull(new ExtractCode("LN", "11820-7", null).loinc(), "a wrong check digit");
        assertNull(new ExtractCode("DCM", "11820-8", null).loinc());
        assertEquals(2 * 65536 + 16016, new ExtractCode("MDC", "2:16016", null).mdc());
        assertNull(new ExtractCode("MDC", "2:99999", null).mdc());
        assertNull(new ExtractCode("MDC", "16016", null).mdc());
    }

    @Test
    void itemsWithoutANameAreWalkedThrough() {
        DataSetBytes nameless = DataSetBytes.explicit()
                .text(0x0040_a040, "CS", "CONTAINER")
                .sequence(0x0040_a730, Report.number("SCT 81827009 Diameter", MM, "3"));
        Extract extract = Report.extract(Report.report("DCM 126000 Report", nameless));
        assertEquals(List.of("1.1.1 diameter=3 mm"), Report.lines(extract));
    }
}
