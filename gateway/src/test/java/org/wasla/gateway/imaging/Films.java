package org.wasla.gateway.imaging;

import java.io.ByteArrayOutputStream;
import org.wasla.gateway.dicom.DataSetBytes;

/** What a scanner sends when it prints. Invented. Stateless. */
final class Films {
    static final int IMAGE_BOXES = 0x2010_0510;
    static final int ANNOTATION_BOXES = 0x2010_0520;

    private Films() {}

    static DataSetBytes session() {
        return DataSetBytes.explicit()
                .text(0x2000_0010, "IS", "1")
                .text(0x2000_0030, "CS", "BLUE FILM")
                .text(0x2000_0050, "LO", "INVENTED LABEL");
    }

    static DataSetBytes film(String session, String format) {
        return DataSetBytes.explicit()
                .text(0x2010_0010, "ST", format)
                .text(0x2010_0030, "CS", "ANNOTATION")
                .text(0x2010_0050, "CS", "14INX17IN")
                .sequence(
                        0x2010_0500,
                        DataSetBytes.explicit()
                                .text(0x0008_1150, "UI", "1.2.840.10008.5.1.1.1")
                                .text(0x0008_1155, "UI", session));
    }

    /** Of 12 bits in 16. */
    static DataSetBytes module(int rows, int columns) {
        return DataSetBytes.explicit()
                .numbers(0x0028_0002, "US", 2, 1)
                .text(0x0028_0004, "CS", "MONOCHROME2")
                .numbers(0x0028_0010, "US", 2, rows)
                .numbers(0x0028_0011, "US", 2, columns)
                .numbers(0x0028_0100, "US", 2, 16)
                .numbers(0x0028_0101, "US", 2, 12)
                .numbers(0x0028_0102, "US", 2, 11)
                .numbers(0x0028_0103, "US", 2, 0);
    }

    static DataSetBytes picture(int position, DataSetBytes image) {
        return DataSetBytes.explicit()
                .numbers(0x2020_0010, "US", 2, position)
                .text(0x2020_0020, "CS", "NORMAL")
                .sequence(0x2020_0110, image);
    }

    /** Bytes that may be no data set. */
    static DataSetBytes raw(byte[] bytes) {
        return DataSetBytes.explicit().raw(bytes);
    }

    /** Up to the first pixel. */
    static byte[] pictureHead(int position, int rows, int columns) {
        byte[] module = module(rows, columns).toArray();
        int pixels = 2 * rows * columns;
        int item = module.length + 12 + pixels;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(DataSetBytes.explicit()
                .numbers(0x2020_0010, "US", 2, position)
                .text(0x2020_0020, "CS", "NORMAL")
                .toArray());
        head(out, 0x2020_0110, "SQ", item + 8);
        out.writeBytes(new byte[] {(byte) 0xfe, (byte) 0xff, 0, (byte) 0xe0});
        little(out, item);
        out.writeBytes(module);
        head(out, 0x7fe0_0010, "OW", pixels);
        return out.toByteArray();
    }

    private static void head(ByteArrayOutputStream out, int tag, String vr, int length) {
        out.writeBytes(new byte[] {
            (byte) (tag >> 16),
            (byte) (tag >> 24),
            (byte) tag,
            (byte) (tag >> 8),
            (byte) vr.charAt(0),
            (byte) vr.charAt(1),
            0,
            0
        });
        little(out, length);
    }

    private static void little(ByteArrayOutputStream out, int value) {
        for (int i = 0; i < 4; i++) {
            out.write(value >> 8 * i);
        }
    }
}
