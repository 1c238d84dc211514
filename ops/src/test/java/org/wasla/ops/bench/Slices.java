package org.wasla.ops.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Makes images as a scanner would send them: DICOM files, explicit little endian, invented patients, noise for pixels. */
final class Slices {
    private static final String ROOT_UID = "2.25.4711";
    private static final int LONG_FORM = 12;

    private Slices() {}

    /**
     * One of the three loads of the fact sheet.
     *
     * @param sopClass storage class, known to every receiver
     * @param bytes pixels of one image
     */
    record Load(String name, int images, String sopClass, String modality, int bytes) {}

    /** Writes the images of a load evenly into so many folders, numbered on from the first. */
    static void write(Path folder, Load load, int folders, int first) throws IOException {
        Random random = new Random(load.bytes());
        byte[] pixels = new byte[load.bytes()];
        random.nextBytes(pixels);
        for (int f = 0; f < folders; f++) {
            Files.createDirectories(folder.resolve("part-" + f));
        }
        for (int i = 0; i < load.images(); i++) {
            Path file = folder.resolve("part-" + i % folders).resolve("image-" + i + ".dcm");
            Files.write(file, image(load, first + i, pixels));
        }
    }

    /** Writes one image whose pixels are a hole in the file, which takes no room on the sender's side. */
    static void writeLarge(Path file, Load load, long pixelBytes) throws IOException {
        byte[] head = image(load, 0, new byte[0]);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(head, 0, head.length - Integer.BYTES);
            out.writeInt(Integer.reverseBytes((int) pixelBytes));
            out.setLength(out.length() + pixelBytes);
        }
    }

    private static byte[] image(Load load, int number, byte[] pixels) throws IOException {
        String uid = ROOT_UID + "." + load.bytes() + "." + (number + 1);
        ByteArrayOutputStream meta = new ByteArrayOutputStream();
        longForm(meta, 0x0002, 0x0001, "OB", new byte[] {0, 1});
        text(meta, 0x0002, 0x0002, "UI", load.sopClass());
        text(meta, 0x0002, 0x0003, "UI", uid);
        text(meta, 0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1");
        text(meta, 0x0002, 0x0012, "UI", ROOT_UID);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[128]);
        out.write("DICM".getBytes(StandardCharsets.US_ASCII));
        number(out, 0x0002, 0x0000, "UL", meta.size(), 4);
        meta.writeTo(out);
        text(out, 0x0008, 0x0016, "UI", load.sopClass());
        text(out, 0x0008, 0x0018, "UI", uid);
        text(out, 0x0008, 0x0020, "DA", "20260616");
        text(out, 0x0008, 0x0060, "CS", load.modality());
        text(out, 0x0010, 0x0010, "PN", "INVENTED^PATIENT");
        text(out, 0x0010, 0x0020, "LO", "TEST-0001");
        text(out, 0x0020, 0x000D, "UI", ROOT_UID + "." + load.bytes() + ".0.1");
        text(out, 0x0020, 0x000E, "UI", ROOT_UID + "." + load.bytes() + ".0.2");
        text(out, 0x0020, 0x0013, "IS", Integer.toString(number + 1));
        number(out, 0x0028, 0x0002, "US", 1, 2);
        text(out, 0x0028, 0x0004, "CS", "MONOCHROME2");
        number(out, 0x0028, 0x0010, "US", 1, 2);
        number(out, 0x0028, 0x0011, "US", Math.min(0xFFFF, load.bytes() / 2), 2);
        number(out, 0x0028, 0x0100, "US", 16, 2);
        number(out, 0x0028, 0x0101, "US", 16, 2);
        number(out, 0x0028, 0x0102, "US", 15, 2);
        number(out, 0x0028, 0x0103, "US", 0, 2);
        longForm(out, 0x7FE0, 0x0010, "OW", pixels);
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, int group, int element, String vr, String text)
            throws IOException {
        String even = text.length() % 2 == 0 ? text : text + (vr.equals("UI") ? "\0" : " ");
        shortForm(out, group, element, vr, even.getBytes(StandardCharsets.US_ASCII));
    }

    private static void number(ByteArrayOutputStream out, int group, int element, String vr, int value, int size)
            throws IOException {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (value >>> 8 * i);
        }
        shortForm(out, group, element, vr, bytes);
    }

    private static void shortForm(ByteArrayOutputStream out, int group, int element, String vr, byte[] value)
            throws IOException {
        tag(out, group, element, vr);
        little(out, value.length, 2);
        out.write(value);
    }

    private static void longForm(ByteArrayOutputStream out, int group, int element, String vr, byte[] value)
            throws IOException {
        tag(out, group, element, vr);
        little(out, 0, 2);
        little(out, value.length, LONG_FORM - 8);
        out.write(value);
    }

    private static void tag(ByteArrayOutputStream out, int group, int element, String vr) throws IOException {
        little(out, group, 2);
        little(out, element, 2);
        out.write(vr.getBytes(StandardCharsets.US_ASCII));
    }

    private static void little(ByteArrayOutputStream out, int value, int size) {
        for (int i = 0; i < size; i++) {
            out.write(value >>> 8 * i);
        }
    }
}
