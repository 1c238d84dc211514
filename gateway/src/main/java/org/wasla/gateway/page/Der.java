package org.wasla.gateway.page;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** The few forms of DER (ITU-T X.690) that a certificate needs. Stateless. */
final class Der {
    private static final int BOOLEAN = 0x01;
    private static final int INTEGER = 0x02;
    private static final int BITS = 0x03;
    private static final int OCTETS = 0x04;
    private static final int OBJECT = 0x06;
    private static final int UTF8 = 0x0c;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int EXPLICIT = 0xa0;
    private static final int IMPLICIT = 0x80;

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return tagged(SEQUENCE, parts);
    }

    static byte[] set(byte[]... parts) {
        return tagged(SET, parts);
    }

    static byte[] explicit(int number, byte[]... parts) {
        return tagged(EXPLICIT | number, parts);
    }

    static byte[] implicit(int number, byte[] content) {
        return tagged(IMPLICIT | number, content);
    }

    static byte[] integer(BigInteger value) {
        return tagged(INTEGER, value.toByteArray());
    }

    static byte[] truth() {
        return tagged(BOOLEAN, new byte[] {(byte) 0xff});
    }

    static byte[] octets(byte[] content) {
        return tagged(OCTETS, content);
    }

    static byte[] bits(byte[] content) {
        return tagged(BITS, new byte[1], content);
    }

    static byte[] text(String text) {
        return tagged(UTF8, text.getBytes(StandardCharsets.UTF_8));
    }

    /** @param time YYYYMMDDHHMMSSZ */
    static byte[] time(String time) {
        return tagged(GENERALIZED_TIME, time.getBytes(StandardCharsets.US_ASCII));
    }

    /** @param numbers an object identifier with dots */
    static byte[] object(String numbers) {
        String[] parts = numbers.split("\\.");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(40 * Integer.parseInt(parts[0]) + Integer.parseInt(parts[1]));
        for (int i = 2; i < parts.length; i++) {
            int value = Integer.parseInt(parts[i]);
            for (int shift = 28; shift > 0; shift -= 7) {
                if (value >>> shift != 0) {
                    out.write(0x80 | value >>> shift & 0x7f);
                }
            }
            out.write(value & 0x7f);
        }
        return tagged(OBJECT, out.toByteArray());
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length < 0x80) {
            out.write(length);
        } else {
            byte[] digits = BigInteger.valueOf(length).toByteArray();
            int from = digits[0] == 0 ? 1 : 0;
            out.write(0x80 | digits.length - from);
            out.write(digits, from, digits.length - from);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
