package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.dicom.DataSetFile;
import org.wasla.gateway.dicom.Samples;
import org.wasla.gateway.observation.RecordBody.Wave;

/** What objects of real devices say. */
class ExtractCapturesTest {
    private static Extract extract(String file) {
        return Extract.of(Samples.read(file));
    }

    /** Every measure of these names, in the order of the object. */
    private static String said(String file, String... names) {
        List<String> wanted = List.of(names);
        return extract(file).measures().stream()
                .filter(measure -> measure.name() != null && wanted.contains(measure.name()))
                .map(measure -> Report.line(measure).replaceFirst("^\\S+ ", "").replaceFirst(" \\{[a-z-]+=.*", ""))
                .collect(Collectors.joining("; "));
    }

    @Test
    void doseOfComputedTomography() {
        String[] names = {"events", "dlp-total"};
        assertEquals(
                "events=4 {events}; dlp-total=724.52 mGy.cm (mGycm)",
                said("dose/CT-RDSR-Siemens_Flash-TAP-SS.dcm", names));
        assertEquals("events=6 {events}; dlp-total=415.82 mGy.cm (mGycm)", said("dose/CT-ESR-GE_Optima.dcm", names));
        assertEquals(
                "ctdi-vol=0.14 mGy; ctdi-vol=1.2 mGy; ctdi-vol=3.61 mGy; ctdi-vol=9.91 mGy",
                said("dose/CT-RDSR-Siemens_Flash-TAP-SS.dcm", "ctdi-vol"));
        for (String maker : List.of("Philips_BigBore4DCT", "SpectrumDynamics", "Toshiba_DoseCheck")) {
            String total = said("dose/CT-RDSR-" + maker + ".dcm", "dlp-total");
            assertTrue(total.matches("dlp-total=\\d+(\\.\\d+)? mGy\\.cm( \\(mGycm\\))?"), maker + ": " + total);
        }
    }

    @Test
    void doseOfProjectionRadiography() {
        assertEquals(
                "dap-total=1.07E-05 Gy.m2; dap=1.07E-05 Gy.m2",
                said("dose/DX-RDSR-Canon_CXDI.dcm", "dap-total", "dap"));
        assertEquals(
                "dap-total=1.6e-005 Gy.m2 (Gym2); dose-rp-total=0.00252 Gy; fluoro-time-total=28 s",
                said("dose/RF-RDSR-Siemens-Zee.dcm", "dap-total", "dose-rp-total", "fluoro-time-total"));
        assertEquals(
                "fluoro-time-total=11.18 s; dap-total=1.3316568E-6 Gy.m2",
                said("dose/RF-RDSR-GE-OECEliteMiniView.dcm", "dap-total", "fluoro-time-total"));
        assertTrue(said("dose/DX-RDSR-Carestream_DRXEvolution.dcm", "dap-total").startsWith("dap-total="));
    }

    @Test
    void doseOfNuclearMedicine() {
        Extract extract = extract("dose/NM-RRDSR-Siemens.dcm");
        assertEquals("activity=394 MBq", said("dose/NM-RRDSR-Siemens.dcm", "activity"));
        ExtractMeasure organ = extract.measures().stream()
                .filter(measure -> "organ-dose".equals(measure.name()))
                .findFirst()
                .orElseThrow();
        assertEquals(Map.of("site", "SRT:T-B3000|Adrenal gland", "lat", "SRT:G-A102|Right and left"), organ.context());
    }

    @Test
    void doseOfHeadersWithoutAReport() {
        assertEquals("dap=0.81 dGy.cm2", said("img/PX-Im-NewTom_Go.dcm", "dap"));
        assertEquals(
                "organ-dose=0.01373 dGy; entrance-dose=5.071 mGy",
                said("img/MG-Im-GE-SenDS-scaled.dcm", "organ-dose", "entrance-dose")
                        .replace("entrance-dose=0 dGy; ", ""));
    }

    @Test
    void measurementsOfUltrasoundAndOfRegions() {
        assertEquals(
                "lvef=38 %; lvid-diastolic=6.1 cm; lvid-systolic=4.9 cm",
                said("sr/syn_us_echo_tid5200.dcm", "lvef", "lvid-diastolic", "lvid-systolic"));
        assertEquals(
                "bpd=7.81 cm; head-circumference=28.4 cm; femur-length=5.92 cm; fetal-weight=1650 g",
                said("sr/syn_us_obgyn_tid5000.dcm", "bpd", "head-circumference", "femur-length", "fetal-weight"));
        assertEquals("psv=82.4 cm/s; psv=77.9 cm/s", said("sr/syn_us_vascular_tid5100.dcm", "psv"));
        assertEquals(
                "diameter=10.0 mm; diameter=20.0 mm; volume=200.0 mm3",
                said("sr/sr_document_with_multiple_groups.dcm", "diameter", "volume"));
    }

    @Test
    void aTwelveLeadElectrocardiogram() {
        Extract extract = extract("ecg/waveform_ecg.dcm");
        assertEquals(
                "ecg-rr=982 ms; ecg-pr=161 ms; ecg-qrs=75 ms; ecg-qt=368 ms; ecg-qtc=370 ms",
                said("ecg/waveform_ecg.dcm", "ecg-rr", "ecg-pr", "ecg-qrs", "ecg-qt", "ecg-qtc"));
        assertEquals(24, extract.channels().size(), "twelve of the rhythm, twelve of the median beat");
        List<Wave> first = extract.channels().get(0).waves();
        assertEquals(
                10_000, first.stream().mapToInt(wave -> wave.samples().size()).sum());
        assertEquals(List.of(80, 65), first.get(0).samples().subList(0, 2), "those of lead I alone");
        assertEquals("ecg-i", first.get(0).what().name());
        assertEquals(
                "MEDIAN BEAT", extract.channels().get(23).waves().get(0).what().method());
        Wave ambulatory =
                extract("ecg/syn_ambulatory_ecg.dcm").channels().get(0).waves().get(1);
        assertEquals(5_000, ambulatory.first());
        assertEquals(2_680, ambulatory.samples().size());
    }

    @Test
    void performedSteps() {
        ExtractStep start = ExtractStep.of(
                Samples.read("dimse/mpps_ncreate.implicit.ds.dcm").data());
        assertEquals("IN PROGRESS", start.facts().get("status"));
        assertEquals("A77", start.requests().get(0).get("acc"));
        ExtractStep end = ExtractStep.of(
                Samples.read("dimse/mpps_nset_completed.implicit.ds.dcm").data());
        assertEquals("COMPLETED", end.facts().get("status"));
        assertEquals("1", end.series().get(0).get("images"));
        assertTrue(end.dose().stream().map(Report::line).toList().contains("1.3 tube-current=320000 uA"));
    }

    /** Of every object: an answer, the patient's name and number in none of them. */
    @Test
    void nothingOfThePatientIsWritten() {
        for (Path file : Samples.all()) {
            DataSetFile.Reading reading = Samples.read(file);
            Extract extract = Extract.of(reading);
            String json = Report.json(extract);
            for (String secret : new String[] {
                reading.data().text(0x0010_0010), extract.identity().patientId()
            }) {
                // Some give the study the number of the patient.
                boolean isSecret = secret != null
                        && secret.length() > 4
                        && !extract.study().containsValue(secret);
                assertFalse(isSecret && json.contains("\"" + secret + "\""), Samples.name(file));
            }
        }
    }
}
