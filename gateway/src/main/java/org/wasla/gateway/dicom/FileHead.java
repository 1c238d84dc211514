package org.wasla.gateway.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;

/**
 * What stands before the data set in a DICOM file (PS3.10 section 7.1): 128 free bytes, {@code DICM}, and group 0002 in
 * explicit VR little endian. Immutable.
 *
 * @param sender the title that the object came from; "" when not told
 * @param bytes how many bytes it takes in the file
 */
public record FileHead(String sopClass, String instance, String transferSyntax, String sender, int bytes) {
    public static final int PREAMBLE_BYTES = 128;
    /** More than any head that was met, and what {@link #read} needs at most. */
    public static final int BYTES_MAX = 64 << 10;

    private static final int META_AT = PREAMBLE_BYTES + 4;

    /** The head with an empty preamble. */
    public static byte[] write(String sopClass, String instance, String transferSyntax, String sender) {
        ByteArrayOutputStream meta = new ByteArrayOutputStream();
        element(meta, 0x0001, "OB", new byte[] {0, 1});
        element(meta, 0x0002, "UI", uid(sopClass));
        element(meta, 0x0003, "UI", uid(instance));
        element(meta, 0x0010, "UI", uid(transferSyntax));
        element(meta, 0x0012, "UI", uid(Uids.IMPLEMENTATION));
        element(meta, 0x0013, "SH", even(Uids.VERSION, ' '));
        if (!sender.isEmpty()) {
            element(meta, 0x0016, "AE", even(sender, ' '));
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(new byte[PREAMBLE_BYTES]);
        all.writeBytes(new byte[] {'D', 'I', 'C', 'M'});
        byte[] length = new byte[4];
        for (int i = 0; i < 4; i++) {
            length[i] = (byte) (meta.size() >> 8 * i);
        }
        element(all, 0x0000, "UL", length);
        all.writeBytes(meta.toByteArray());
        return all.toByteArray();
    }

    private static void element(ByteArrayOutputStream out, int number, String vr, byte[] value) {
        out.write(2);
        out.write(0);
        out.write(number);
        out.write(number >> 8);
        out.writeBytes(vr.getBytes(StandardCharsets.US_ASCII));
        if (vr.equals("OB")) {
            out.write(0);
            out.write(0);
        }
        out.write(value.length);
        out.write(value.length >> 8);
        if (vr.equals("OB")) {
            out.write(0);
            out.write(0);
        }
        out.writeBytes(value);
    }

    private static byte[] uid(String text) {
        return even(text, '\0');
    }

    private static byte[] even(String text, char padding) {
        return (text.length() % 2 == 0 ? text : text + padding).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Reads the beginning of a file; null when it is no DICOM file or its group 0002 is not whole in these bytes. */
    public static @Nullable FileHead read(Bytes file) {
        if (file.size() < META_AT
                || !file.slice(PREAMBLE_BYTES, META_AT).latin1().equals("DICM")) {
            return null;
        }
        String[] found = {"", "", "", ""};
        int at = META_AT;
        while (file.size() - at >= 8 && file.at(at) == 2 && file.at(at + 1) == 0) {
            int number = file.at(at + 2) | file.at(at + 3) << 8;
            String vr = file.slice(at + 4, at + 6).latin1();
            boolean isLong = vr.equals("OB") || vr.equals("UN") || vr.equals("OW") || vr.equals("UT");
            int valueAt = at + (isLong ? 12 : 8);
            if (valueAt > file.size()) {
                return null;
            }
            long length = isLong ? four(file, at + 8) : file.at(at + 6) | file.at(at + 7) << 8;
            if (length > file.size() - valueAt) {
                return null;
            }
            int next = valueAt + (int) length;
            int place = place(number);
            if (place >= 0) {
                found[place] = Uids.strip(file.slice(valueAt, next).latin1()).strip();
            }
            at = next;
        }
        return new FileHead(found[0], found[1], found[2], found[3], at);
    }

    private static int place(int number) {
        return switch (number) {
            case 0x0002 -> 0;
            case 0x0003 -> 1;
            case 0x0010 -> 2;
            case 0x0016 -> 3;
            default -> -1;
        };
    }

    private static long four(Bytes bytes, int at) {
        return bytes.at(at) | bytes.at(at + 1) << 8 | bytes.at(at + 2) << 16 | (long) bytes.at(at + 3) << 24;
    }
}
