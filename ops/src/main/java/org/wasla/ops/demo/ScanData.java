package org.wasla.ops.demo;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a data set in explicit VR little endian (PS3.5 section 7.1), as the demo's scanners do. One thread. */
final class ScanData {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    ScanData text(int tag, String vr, String value) {
        String even = value.length() % 2 == 0 ? value : value + (vr.equals("UI") ? '\0' : ' ');
        byte[] bytes = even.getBytes(StandardCharsets.US_ASCII);
        return vr.equals("UT") ? bytes(tag, vr, bytes) : shortForm(tag, vr, bytes);
    }

    /** An US number of two bytes. */
    ScanData number(int tag, int value) {
        return shortForm(tag, "US", new byte[] {(byte) value, (byte) (value >>> 8)});
    }

    ScanData bytes(int tag, String vr, byte[] value) {
        head(tag, vr);
        little(0, 2);
        little(value.length, 4);
        out.writeBytes(value);
        return this;
    }

    ScanData sequence(int tag, ScanData... items) {
        ScanData all = new ScanData();
        for (ScanData item : items) {
            all.little(0xfffe, 2);
            all.little(0xe000, 2);
            all.little(item.out.size(), 4);
            all.out.writeBytes(item.out.toByteArray());
        }
        return bytes(tag, "SQ", all.out.toByteArray());
    }

    private ScanData shortForm(int tag, String vr, byte[] value) {
        head(tag, vr);
        little(value.length, 2);
        out.writeBytes(value);
        return this;
    }

    private void head(int tag, String vr) {
        little(tag >>> 16, 2);
        little(tag & 0xffff, 2);
        out.writeBytes(vr.getBytes(StandardCharsets.US_ASCII));
    }

    private void little(int value, int size) {
        for (int i = 0; i < size; i++) {
            out.write(value >>> 8 * i);
        }
    }

    byte[] toArray() {
        return out.toByteArray();
    }
}
