package org.wasla.ops.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Uids;

/**
 * Writes what a CT and an ultrasound send after an examination, as DICOM files: a series of images and a report. Patients
 * are the demo's invented ones, pixels are drawn. One thread.
 */
final class ScanObjects {
    static final int SLICES = 24;
    static final int FRAMES = 4;
    private static final String CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2";
    private static final String US_IMAGE = "1.2.840.10008.5.1.4.1.1.6.1";
    private static final String DOSE_REPORT = "1.2.840.10008.5.1.4.1.1.88.67";
    private static final String COMPREHENSIVE_REPORT = "1.2.840.10008.5.1.4.1.1.88.33";
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuuMMdd");
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HHmmss");
    private static final int SIDE = 128;

    private final LocalDateTime now;

    ScanObjects(LocalDateTime now) {
        this.now = now;
    }

    /** What all objects of an examination say. */
    private record Study(String uid, String accession, String what, String patient, String sex, String maker) {}

    /** PS3.5 annex B.2. */
    private static String uid() {
        UUID random = UUID.randomUUID();
        BigInteger high = new BigInteger(Long.toUnsignedString(random.getMostSignificantBits()));
        BigInteger low = new BigInteger(Long.toUnsignedString(random.getLeastSignificantBits()));
        return "2.25." + high.shiftLeft(Long.SIZE).or(low);
    }

    /** A chest: slices of one series, and the dose that they took. */
    void chest(Path folder) throws IOException {
        Study study = new Study(uid(), "DEMO-CT-1", "Thorax", "4711", "M", "Invented CT");
        String series = uid();
        for (int slice = 0; slice < SLICES; slice++) {
            String uid = uid();
            ScanData image = head(CT_IMAGE, uid, study, "CT", series, slice + 1, "Thorax 5 mm")
                    .number(0x0028_0002, 1)
                    .text(0x0028_0004, "CS", "MONOCHROME2")
                    .number(0x0028_0010, SIDE)
                    .number(0x0028_0011, SIDE)
                    .number(0x0028_0100, 16)
                    .number(0x0028_0101, 12)
                    .number(0x0028_0102, 11)
                    .number(0x0028_0103, 0)
                    .text(0x0028_1052, "DS", "-1024")
                    .text(0x0028_1053, "DS", "1")
                    .bytes(0x7fe0_0010, "OW", slice(slice));
            write(folder.resolve("%02d.dcm".formatted(slice)), CT_IMAGE, uid, image);
        }
        String uid = uid();
        ScanData report = head(DOSE_REPORT, uid, study, "SR", uid(), 1, "Dose Report");
        write(folder.resolve("dose.dcm"), DOSE_REPORT, uid, ScanReport.dose(report, study.uid(), uid()));
    }

    /** A fetus: images, and what was measured in them. */
    void fetus(Path folder) throws IOException {
        Study study = new Study(uid(), "DEMO-US-1", "Obstetric", "4712", "F", "Invented Ultrasound");
        String series = uid();
        for (int frame = 0; frame < FRAMES; frame++) {
            String uid = uid();
            ScanData image = head(US_IMAGE, uid, study, "US", series, frame + 1, "Biometry")
                    .number(0x0028_0002, 1)
                    .text(0x0028_0004, "CS", "MONOCHROME2")
                    .number(0x0028_0010, SIDE)
                    .number(0x0028_0011, SIDE)
                    .number(0x0028_0100, 8)
                    .number(0x0028_0101, 8)
                    .number(0x0028_0102, 7)
                    .number(0x0028_0103, 0)
                    .bytes(0x7fe0_0010, "OB", sector(frame));
            write(folder.resolve("%02d.dcm".formatted(frame)), US_IMAGE, uid, image);
        }
        String uid = uid();
        ScanData report = head(COMPREHENSIVE_REPORT, uid, study, "SR", uid(), 1, "Measurements");
        write(folder.resolve("measured.dcm"), COMPREHENSIVE_REPORT, uid, ScanReport.fetus(report));
    }

    /** Elements stand in the order of their tags, as the standard wants it. */
    private ScanData head(
            String sopClass, String uid, Study study, String modality, String series, int number, String what) {
        String day = now.format(DAY);
        String clock = now.format(CLOCK);
        ScanData data = new ScanData()
                .text(0x0008_0005, "CS", "ISO_IR 192")
                .text(0x0008_0016, "UI", sopClass)
                .text(0x0008_0018, "UI", uid)
                .text(0x0008_0020, "DA", day)
                .text(0x0008_0023, "DA", day)
                .text(0x0008_0030, "TM", clock)
                .text(0x0008_0033, "TM", clock)
                .text(0x0008_0050, "SH", study.accession())
                .text(0x0008_0060, "CS", modality)
                .text(0x0008_0070, "LO", "Wasla demo")
                .text(0x0008_0090, "PN", "")
                .text(0x0008_1030, "LO", study.what())
                .text(0x0008_103e, "LO", what)
                .text(0x0008_1090, "LO", study.maker());
        if (modality.equals("SR")) {
            data.sequence(0x0008_1111);
        }
        data.text(0x0010_0010, "PN", "INVENTED^PATIENT")
                .text(0x0010_0020, "LO", study.patient())
                .text(0x0010_0021, "LO", "CHU")
                .text(0x0010_0030, "DA", "19800101")
                .text(0x0010_0040, "CS", study.sex());
        if (modality.equals("CT")) {
            data.text(0x0018_0015, "CS", "CHEST")
                    .text(0x0018_0050, "DS", "5")
                    .text(0x0018_0060, "DS", "120")
                    .text(0x0018_1030, "LO", what);
        }
        return data.text(0x0020_000d, "UI", study.uid())
                .text(0x0020_000e, "UI", series)
                .text(0x0020_0010, "SH", "1")
                .text(0x0020_0011, "IS", modality.equals("SR") ? "2" : "1")
                .text(0x0020_0013, "IS", Integer.toString(number));
    }

    /** A body with two lungs, which grow and shrink from slice to slice: Hounsfield units and 1024. */
    private static byte[] slice(int slice) {
        byte[] pixels = new byte[2 * SIDE * SIDE];
        double lung = 0.10 + 0.12 * Math.sin(Math.PI * (slice + 1) / (SLICES + 1));
        for (int i = 0; i < SIDE * SIDE; i++) {
            int row = i / SIDE;
            double x = (i % SIDE - SIDE / 2.0) / SIDE;
            double y = (row - SIDE / 2.0) / SIDE;
            double beside = Math.abs(x) - 0.2;
            boolean isBody = x * x / 0.19 + y * y / 0.1 < 1;
            boolean isLung = beside * beside + y * y / 2 < lung * lung;
            int value = !isBody ? 24 : isLung ? 200 : 1_064;
            pixels[2 * i] = (byte) value;
            pixels[2 * i + 1] = (byte) (value >>> 8);
        }
        return pixels;
    }

    /** A sector with an ellipse in grain. */
    private static byte[] sector(int frame) {
        byte[] pixels = new byte[SIDE * SIDE];
        for (int i = 0; i < pixels.length; i++) {
            double x = (i % SIDE - SIDE / 2.0) / SIDE;
            int row = i / SIDE;
            double y = (double) row / SIDE;
            double head = x * x / 0.05 + (y - 0.55) * (y - 0.55) / (0.02 + 0.004 * frame);
            boolean isSector = Math.abs(x) < 0.1 + 0.4 * y;
            int grain = (i * 7_919 + frame * 104_729) % 61;
            pixels[i] = (byte) (!isSector ? 0 : Math.abs(head - 1) < 0.12 ? 220 : grain);
        }
        return pixels;
    }

    private static void write(Path file, String sopClass, String uid, ScanData data) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(FileHead.write(sopClass, uid, Uids.EXPLICIT_LITTLE, ""));
        all.writeBytes(data.toArray());
        Files.write(file, all.toByteArray());
    }
}
