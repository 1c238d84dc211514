package org.wasla.gateway.trust;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes the few forms of DER (X.690) that a request for a certificate is made of. Stateless. */
final class Der {
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int UTF8_STRING = 0x0c;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;
    /** Context-specific, constructed, number 0. */
    static final int CONTEXT_0 = 0xa0;
    /** Context-specific, primitive, number 6. */
    static final int CONTEXT_6 = 0x86;

    private static final int OID = 0x06;
    private static final int LONG_FORM = 0x80;
    private static final int BASE_128 = 0x80;
    private static final int FIRST_ARC = 40;

    private Der() {}

    static byte[] of(int tag, byte[]... contents) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        for (byte[] each : contents) {
            inner.writeBytes(each);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = inner.size();
        if (length < LONG_FORM) {
            out.write(length);
        } else if (length <= 0xff) {
            out.write(LONG_FORM | 1);
            out.write(length);
        } else {
            out.write(LONG_FORM | 2);
            out.write(length >> 8);
            out.write(length);
        }
        out.writeBytes(inner.toByteArray());
        return out.toByteArray();
    }

    static byte[] text(int tag, String text) {
        return of(tag, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whole bytes: no bit of the last one is unused. */
    static byte[] bits(byte[] bytes) {
        return of(BIT_STRING, new byte[] {0}, bytes);
    }

    /** An object identifier in its dotted form. */
    static byte[] oid(String dotted) {
        List<Integer> arcs = new ArrayList<>();
        for (String each : dotted.split("\\.")) {
            arcs.add(Integer.valueOf(each));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(arcs.get(0) * FIRST_ARC + arcs.get(1));
        for (int arc : arcs.subList(2, arcs.size())) {
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arc >> shift > 0) {
                    out.write(BASE_128 | arc >> shift);
                }
            }
            out.write(arc & BASE_128 - 1);
        }
        return of(OID, out.toByteArray());
    }
}
