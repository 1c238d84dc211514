package org.wasla.ops.demo;

/**
 * The content of two structured reports: a CT's radiation dose (PS3.16 TID 10011) and the measurements of an obstetric
 * ultrasound (TID 5000). Values are invented. Stateless.
 */
final class ScanReport {
    private static final int CONCEPT = 0x0040_a043;
    private static final int CONTENT = 0x0040_a730;
    private static final String PHANTOM = "DCM 113691 IEC Body Dosimetry Phantom";

    private ScanReport() {}

    /** Adds the content tree of a CT's dose report. */
    static ScanData dose(ScanData report, String study, String event) {
        return root(
                report,
                "10011",
                "DCM 113701 X-Ray Radiation Dose Report",
                code("HAS CONCEPT MOD", "DCM 121058 Procedure reported", "SRT P5-08000 Computed Tomography X-Ray"),
                code("HAS OBS CONTEXT", "DCM 121005 Observer Type", "DCM 121007 Device"),
                uid("HAS OBS CONTEXT", "DCM 121012 Device Observer UID", event),
                code("HAS OBS CONTEXT", "DCM 113705 Scope of Accumulation", "DCM 113014 Study")
                        .sequence(CONTENT, uid("HAS PROPERTIES", "DCM 110180 Study Instance UID", study)),
                container(
                        "DCM 113811 CT Accumulated Dose Data",
                        number("DCM 113812 Total Number of Irradiation Events", "1", "{events}"),
                        number("DCM 113813 CT Dose Length Product Total", "287.40", "mGy.cm")),
                container(
                        "DCM 113819 CT Acquisition",
                        text("DCM 125203 Acquisition Protocol", "Thorax 5 mm"),
                        code("CONTAINS", "DCM 123014 Target Region", "SRT T-D3000 Chest"),
                        code("CONTAINS", "DCM 113820 CT Acquisition Type", "SRT P5-08001 Spiral Acquisition"),
                        uid("CONTAINS", "DCM 113769 Irradiation Event UID", event),
                        container(
                                "DCM 113822 CT Acquisition Parameters",
                                number("DCM 113824 Exposure Time", "5.20", "s"),
                                number("DCM 113825 Scanning Length", "350", "mm"),
                                number("DCM 113828 Pitch Factor", "1.20", "{ratio}"),
                                container(
                                        "DCM 113831 CT X-Ray Source Parameters",
                                        number("DCM 113733 KVP", "120", "kV"),
                                        number("DCM 113734 X-Ray Tube Current", "210", "mA"))),
                        container(
                                "DCM 113829 CT Dose",
                                number("DCM 113830 Mean CTDIvol", "8.21", "mGy"),
                                code("CONTAINS", "DCM 113835 CTDIw Phantom Type", PHANTOM),
                                number("DCM 113838 DLP", "287.40", "mGy.cm"))));
    }

    /** Adds the content tree of the measurements of a fetus. */
    static ScanData fetus(ScanData report) {
        return root(
                report,
                "5000",
                "DCM 125000 OB-GYN Ultrasound Procedure Report",
                container(
                        "DCM 125008 Fetus Summary",
                        number("LN 18185-9 Gestational Age", "219", "d"),
                        number("LN 11727-5 Estimated Weight", "1650", "g")),
                container(
                        "DCM 125002 Fetal Biometry",
                        biometry("LN 11820-8 Biparietal Diameter", "7.81"),
                        biometry("LN 11984-2 Head Circumference", "28.40"),
                        biometry("LN 11979-2 Abdominal Circumference", "27.10"),
                        biometry("LN 11963-6 Femur Length", "5.92")));
    }

    private static ScanData biometry(String what, String value) {
        return container("DCM 125005 Biometry Group", number(what, value, "cm"));
    }

    private static ScanData root(ScanData report, String template, String title, ScanData... children) {
        return report.text(0x0040_a040, "CS", "CONTAINER")
                .sequence(CONCEPT, coded(title))
                .text(0x0040_a050, "CS", "SEPARATE")
                .sequence(0x0040_a372)
                .text(0x0040_a491, "CS", "COMPLETE")
                .text(0x0040_a493, "CS", "UNVERIFIED")
                .sequence(0x0040_a504, template(template))
                .sequence(CONTENT, children);
    }

    private static ScanData template(String template) {
        return new ScanData().text(0x0008_0105, "CS", "DCMR").text(0x0040_db00, "CS", template);
    }

    private static ScanData item(String relationship, String type, String concept) {
        return new ScanData()
                .text(0x0040_a010, "CS", relationship)
                .text(0x0040_a040, "CS", type)
                .sequence(CONCEPT, coded(concept));
    }

    private static ScanData container(String concept, ScanData... children) {
        return item("CONTAINS", "CONTAINER", concept)
                .text(0x0040_a050, "CS", "SEPARATE")
                .sequence(CONTENT, children);
    }

    private static ScanData text(String concept, String text) {
        return item("CONTAINS", "TEXT", concept).text(0x0040_a160, "UT", text);
    }

    private static ScanData uid(String relationship, String concept, String uid) {
        return item(relationship, "UIDREF", concept).text(0x0040_a124, "UI", uid);
    }

    private static ScanData code(String relationship, String concept, String value) {
        return item(relationship, "CODE", concept).sequence(0x0040_a168, coded(value));
    }

    private static ScanData number(String concept, String value, String unit) {
        ScanData measured = new ScanData()
                .sequence(0x0040_08ea, coded("UCUM " + unit + " " + unit))
                .text(0x0040_a30a, "DS", value);
        return item("CONTAINS", "NUM", concept).sequence(0x0040_a300, measured);
    }

    /** @param named scheme, code and meaning, parted by blanks */
    private static ScanData coded(String named) {
        String[] parts = named.split(" ", 3);
        return new ScanData()
                .text(0x0008_0100, "SH", parts[1])
                .text(0x0008_0102, "SH", parts[0])
                .text(0x0008_0104, "LO", parts[2]);
    }
}
