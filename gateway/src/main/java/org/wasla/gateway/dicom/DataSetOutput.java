package org.wasla.gateway.dicom;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes elements in one encoding (PS3.5 section 7.1). One thread. */
final class DataSetOutput {
    private final OutputStream out;
    private final Encoding encoding;

    DataSetOutput(OutputStream out, Encoding encoding) {
        this.out = out;
        this.encoding = encoding;
    }

    /** A text in even length. */
    static byte[] even(String text, char padding) {
        String whole = text.length() % 2 == 0 ? text : text + padding;
        return whole.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A whole element. */
    void write(int tag, Vr vr, byte[] value) throws IOException {
        header(tag, vr, value.length);
        out.write(value);
    }

    /** What stands before a value. */
    void header(int tag, Vr vr, long length) throws IOException {
        tag(tag);
        if (encoding.isImplicit()) {
            u4(length);
            return;
        }
        out.write(vr.name().getBytes(StandardCharsets.US_ASCII));
        if (vr.hasLongForm()) {
            u2(0);
            u4(length);
        } else {
            u2((int) length);
        }
    }

    void tag(int tag) throws IOException {
        u2(tag >>> 16);
        u2(tag);
    }

    private void u2(int value) throws IOException {
        boolean big = encoding.isBigEndian();
        out.write(big ? value >>> 8 : value);
        out.write(big ? value : value >>> 8);
    }

    void u4(long value) throws IOException {
        boolean big = encoding.isBigEndian();
        u2((int) (big ? value >>> 16 : value));
        u2((int) (big ? value : value >>> 16));
    }

    void bytes(byte[] bytes) throws IOException {
        out.write(bytes);
    }
}
