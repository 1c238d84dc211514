package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetBytes;

/** What an object says as records: whole, in pieces that fit, and nobody's. */
class ObjectRecordsTest {
    private static List<String> records(DataSetBytes object) {
        return Report.json(Report.extract(object)).lines().toList();
    }

    private static DataSetBytes comment(String text) {
        return Report.text("TEXT", "DCM 121106 Comment", 0x0040_a160, "UT", text);
    }

    private static DataSetBytes head(String sopClass, String modality) {
        return DataSetBytes.explicit()
                .text(0x0008_0005, "CS", "ISO_IR 192")
                .text(0x0008_0016, "UI", sopClass)
                .text(0x0008_0018, "UI", "2.25.3")
                .text(0x0008_0060, "CS", modality);
    }

    @Test
    void aMeasurementIsAResultOfTheExamination() {
        assertEquals(
                List.of("{\"v\":1,\"id\":\"gw.00000000.dicom-x.res.1\",\"gw\":\"gw\",\"ep\":\"00000000\","
                        + "\"dev\":\"dicom-x\",\"k\":\"res\",\"seq\":1,\"t\":0,"
                        + "\"exam\":{\"study\":\"2.25.1\",\"acc\":\"A1\",\"ser\":{\"uid\":\"2.25.2\",\"mod\":\"SR\"},"
                        + "\"inst\":{\"uid\":\"2.25.3\",\"class\":\"1.2.840.10008.5.1.4.1.1.88.33\","
                        + "\"ts\":\"1.2.840.10008.1.2.1\"},\"marks\":[\"report\"]},"
                        + "\"res\":[{\"n\":\"psv\",\"r\":\"LN:11726-7\",\"l\":\"11726-7\",\"txt\":\"PSV\",\"v\":82.40,"
                        + "\"u\":\"cm/s\",\"at\":\"1.1\",\"mod\":{\"lat\":\"SCT:7771000|Left\"}}]}"),
                records(Report.report(
                        "DCM 125100 Vascular",
                        Report.number(
                                "LN 11726-7 PSV",
                                "UCUM cm/s speed",
                                "82.40",
                                Report.modifier("SCT 272741003 Laterality", "SCT 7771000 Left")))));
    }

    /** Operators write the patient into comments; the object itself says what must not stand there. */
    @Test
    void aTextWithThePatientsOwnIdOrNameIsWithheld() {
        String json = String.join(
                "",
                records(Report.report(
                        "DCM 126000 Report",
                        comment("seen by secret-7 at noon"),
                        comment("Mme ESSAI va bien"),
                        comment("essais en cours"))));
        assertEquals(2, json.split("\"q\":\"na\",\"why\":\"identity\"", -1).length - 1, json);
        assertTrue(json.contains("\"s\":\"essais en cours\""), json);
        assertFalse(json.toLowerCase(java.util.Locale.ROOT).contains("secret"), json);
        DataSetBytes named = head("1.2.840.10008.5.1.4.1.1.2", "CT")
                .text(0x0008_1030, "LO", "SECRET-7 thorax")
                .text(0x0010_0010, "PN", "Familyname^Given")
                .text(0x0010_0020, "LO", "SECRET-7")
                .text(0x0018_0060, "DS", "120")
                .text(0x0018_1030, "LO", "FAMILYNAME_1")
                .text(0x0020_0010, "SH", "SECRET-7");
        String image = String.join("", records(named));
        assertTrue(image.contains("\"n\":\"kvp\""), image);
        assertFalse(image.contains("SECRET") || image.contains("FAMILY"), image);
        Studies.Known known = ObjectRecords.known(Report.extract(named));
        assertFalse(known.toString().contains("SECRET") || known.toString().contains("FAMILY"), known.toString());
    }

    @Test
    void manyResultsBecomeSeveralRecords() {
        DataSetBytes[] many = IntStream.range(0, 2 * ObjectRecords.RESULTS_MAX + 1)
                .mapToObj(i -> Report.number("SCT 81827009 Diameter", "UCUM mm length", String.valueOf(i)))
                .toArray(DataSetBytes[]::new);
        List<String> records = records(Report.report("DCM 126000 Report", many));
        assertEquals(3, records.size());
        assertTrue(records.get(2).contains("\"part\":3,\"parts\":3}"), records.get(2));
        assertTrue(records.get(2).endsWith(",\"v\":400,\"u\":\"mm\",\"at\":\"1.401\"}]}"), records.get(2));
    }

    /** What fits no buffer must not stop the desk. */
    @Test
    void longTextsDoNotMakeLongRecords() {
        DataSetBytes[] long1 = IntStream.range(0, 20)
                .mapToObj(i -> comment("\u0007".repeat(15_000)))
                .toArray(DataSetBytes[]::new);
        for (String record : records(Report.report("DCM 126000 Report", long1))) {
            assertTrue(record.getBytes(StandardCharsets.UTF_8).length < 1_000_000, "too long for the buffer");
        }
        String longer = records(Report.report("DCM 126000 Report", comment("x".repeat(17_000))))
                .get(0);
        assertTrue(longer.contains("\"q\":\"na\",\"why\":\"too-long\""), longer);
    }

    @Test
    void aDocumentIsAPointer() {
        DataSetBytes document = head("1.2.840.10008.5.1.4.1.1.104.1", "DOC")
                .element(0x0042_0011, "OB", "%PDF-1.4".getBytes(StandardCharsets.US_ASCII))
                .text(0x0042_0012, "LO", "application/pdf");
        List<String> records = records(document);
        assertEquals(1, records.size());
        assertTrue(
                records.get(0)
                        .matches(".*\"doc\":\\{\"type\":\"application/pdf\",\"file\":\"objects/1.dcm\",\"at\":\\d+,"
                                + "\"length\":8\\},\"marks\":\\[\"document\"\\]\\},\"res\":\\[\\]\\}"),
                records.get(0));
    }

    @Test
    void slicesOfOneSeriesAreToldOnceAndProjectionsEach() {
        Headers headers = new Headers();
        for (String modality : List.of("CT", "DX")) {
            DataSetBytes image = head("1.2.840.10008.5.1.4.1.1.2", modality)
                    .text(0x0018_0060, "DS", "120")
                    .text(0x0020_000e, "UI", "2.25.2")
                    .numbers(0x0028_0010, "US", 2, 512);
            DataSet data = DataSetBytes.read(image.asFile()).data();
            assertFalse(headers.isTold(data));
            headers.tell(data);
            assertEquals(modality.equals("CT"), headers.isTold(data));
        }
    }
}
