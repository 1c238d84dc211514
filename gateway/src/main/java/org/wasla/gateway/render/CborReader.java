package org.wasla.gateway.render;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link CborWriter} writes, and nothing else: definite lengths, no floating point, no other tag. Whatever the
 * bytes are, it gives JSON or an {@link IOException} that says where; it never takes more memory than some 70 times
 * their length. One thread.
 */
final class CborReader {
    /** Longer fractions are written with an exponent. */
    private static final int PLACES_MAX = 64;

    private final byte[] bytes;
    private int at;

    CborReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The one item that all bytes are, which must be a map. */
    void record(JsonGenerator json) throws IOException {
        if (bytes.length == 0 || (bytes[0] & 0xff) >> 5 != CborWriter.MAP) {
            throw wrong("begins with no map");
        }
        item(json, 1);
        if (at != bytes.length) {
            throw wrong("has more bytes behind its end");
        }
    }

    private IOException wrong(String what) {
        return new IOException("CBOR " + what + ", at byte " + at + " of " + bytes.length);
    }

    private void item(JsonGenerator json, int depth) throws IOException {
        if (depth > Cbor.DEPTH_MAX) {
            throw wrong("is nested too deeply");
        }
        switch (major()) {
            case CborWriter.UNSIGNED, CborWriter.NEGATIVE -> whole(json);
            case CborWriter.BYTES -> samples(json);
            case CborWriter.TEXT -> json.writeString(text());
            case CborWriter.ARRAY -> array(json, depth);
            case CborWriter.MAP -> map(json, depth);
            case CborWriter.TAG -> tagged(json);
            default -> simple(json);
        }
    }

    private int first() throws IOException {
        if (at >= bytes.length) {
            throw wrong("ends in the middle");
        }
        return bytes[at] & 0xff;
    }

    private int major() throws IOException {
        return first() >> 5;
    }

    /** The number in a head, unsigned. */
    private long head() throws IOException {
        int low = first() & 0x1f;
        at++;
        if (low < CborWriter.ONE_BYTE) {
            return low;
        }
        int more = 1 << low - CborWriter.ONE_BYTE;
        if (low > CborWriter.ONE_BYTE + 3) {
            throw wrong("has a length that is not told at the start");
        }
        if (bytes.length - at < more) {
            throw wrong("ends in the middle");
        }
        long value = 0;
        for (int i = 0; i < more; i++) {
            value = value << 8 | bytes[at++] & 0xff;
        }
        return value;
    }

    /** @param bytesEach what each takes at least */
    private int count(int bytesEach) throws IOException {
        long count = head();
        if (count < 0 || count > (bytes.length - at) / bytesEach) {
            throw wrong("tells of more than it holds");
        }
        return (int) count;
    }

    private void array(JsonGenerator json, int depth) throws IOException {
        int count = count(1);
        json.writeStartArray();
        for (int i = 0; i < count; i++) {
            item(json, depth + 1);
        }
        json.writeEndArray();
    }

    private void map(JsonGenerator json, int depth) throws IOException {
        int count = count(2);
        json.writeStartObject();
        for (int i = 0; i < count; i++) {
            json.writeFieldName(name());
            item(json, depth + 1);
        }
        json.writeEndObject();
    }

    /** A number that is not in the table is of a later version: it is its own name, for consumers to pass over. */
    private String name() throws IOException {
        int major = major();
        if (major == CborWriter.TEXT) {
            return text();
        }
        if (major != CborWriter.UNSIGNED) {
            throw wrong("has a field whose name is no text and no number");
        }
        long key = head();
        String name = CborKeys.name(key);
        return name == null ? Long.toUnsignedString(key) : name;
    }

    private String text() throws IOException {
        int length = count(1);
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        boolean isSuspect = text.indexOf('\ufffd') >= 0;
        if (isSuspect
                && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), Arrays.copyOfRange(bytes, at, at + length))) {
            throw wrong("has a text that is not UTF-8");
        }
        at += length;
        return text;
    }

    private void samples(JsonGenerator json) throws IOException {
        int length = count(1);
        int[] samples = Differences.unpack(bytes, at, at + length);
        json.writeArray(samples, 0, samples.length);
        at += length;
    }

    private void whole(JsonGenerator json) throws IOException {
        boolean isNegative = major() == CborWriter.NEGATIVE;
        long value = head();
        if (value >= 0) {
            json.writeNumber(isNegative ? ~value : value);
        } else {
            json.writeNumber(wide(value, isNegative));
        }
    }

    private static BigInteger wide(long unsigned, boolean isNegative) {
        BigInteger value = new BigInteger(Long.toUnsignedString(unsigned));
        return isNegative ? value.not() : value;
    }

    private void tagged(JsonGenerator json) throws IOException {
        if ((bytes[at] & 0x1f) == CborWriter.DECIMAL_FRACTION) {
            json.writeNumber(decimal());
        } else {
            json.writeNumber(bignum());
        }
    }

    private String decimal() throws IOException {
        at++;
        if (major() != CborWriter.ARRAY || head() != 2) {
            throw wrong("has a decimal fraction without exponent and mantissa");
        }
        BigInteger exponent = integer();
        if (exponent.bitLength() >= Integer.SIZE || Math.abs(exponent.intValue()) > Cbor.EXPONENT_MAX) {
            throw wrong("has an exponent beyond " + Cbor.EXPONENT_MAX);
        }
        BigDecimal value = new BigDecimal(integer(), -exponent.intValue());
        return value.scale() >= 0 && value.scale() <= PLACES_MAX ? value.toPlainString() : value.toString();
    }

    private BigInteger integer() throws IOException {
        int major = major();
        if (major == CborWriter.UNSIGNED || major == CborWriter.NEGATIVE) {
            return wide(head(), major == CborWriter.NEGATIVE);
        }
        return bignum();
    }

    private BigInteger bignum() throws IOException {
        int tag = first() & 0x1f;
        boolean isBignum = tag == CborWriter.POSITIVE_BIGNUM || tag == CborWriter.NEGATIVE_BIGNUM;
        if (major() != CborWriter.TAG || !isBignum) {
            throw wrong("has a number or a tag that records do not use");
        }
        at++;
        if (major() != CborWriter.BYTES) {
            throw wrong("has a large number that is not made of bytes");
        }
        int length = count(1);
        if (length > Cbor.BIGNUM_BYTES_MAX) {
            throw wrong("has a number of more than " + Cbor.BIGNUM_BYTES_MAX + " bytes");
        }
        BigInteger value = new BigInteger(1, bytes, at, length);
        at += length;
        return tag == CborWriter.NEGATIVE_BIGNUM ? value.not() : value;
    }

    private void simple(JsonGenerator json) throws IOException {
        Boolean truth = truth();
        if (truth != null) {
            json.writeBoolean(truth);
        } else if (first() == CborWriter.NULL) {
            json.writeNull();
        } else {
            throw wrong("has a value that records do not use");
        }
        at++;
    }

    private @Nullable Boolean truth() throws IOException {
        return first() == CborWriter.TRUE ? Boolean.TRUE : first() == CborWriter.FALSE ? Boolean.FALSE : null;
    }
}
