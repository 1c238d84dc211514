package org.wasla.gateway.render;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Data items of CBOR (RFC 8949, section 3), one after another, each with the shortest head. One thread. */
final class CborWriter {
    static final int UNSIGNED = 0;
    static final int NEGATIVE = 1;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int ARRAY = 4;
    static final int MAP = 5;
    static final int TAG = 6;
    static final int FALSE = 0xf4;
    static final int TRUE = 0xf5;
    static final int NULL = 0xf6;
    /** Tags of section 3.4.3 and 3.4.4. */
    static final int POSITIVE_BIGNUM = 2;

    static final int NEGATIVE_BIGNUM = 3;
    static final int DECIMAL_FRACTION = 4;
    /** Lengths and numbers below stand in the first byte; then come 1, 2, 4 or 8 bytes, told by this and the next three. */
    static final int ONE_BYTE = 24;

    private static final int HEAD_BYTES_MAX = 9;
    private byte[] bytes = new byte[512];
    private int length;

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    /** A single byte: false, true or null. */
    void simple(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
    }

    private void head(int major, long value) {
        reserve(HEAD_BYTES_MAX);
        int more = headBytes(value) - 1;
        bytes[length++] = (byte) (major << 5 | (more == 0 ? (int) value : firstBits(more)));
        for (int i = more - 1; i >= 0; i--) {
            bytes[length++] = (byte) (value >>> 8 * i);
        }
    }

    private static int firstBits(int more) {
        return ONE_BYTE + Integer.numberOfTrailingZeros(more);
    }

    private static int headBytes(long value) {
        return value >>> 32 != 0 ? 9 : value >= 1 << 16 ? 5 : value >= 1 << 8 ? 3 : value >= ONE_BYTE ? 2 : 1;
    }

    void whole(long value) {
        head(value < 0 ? NEGATIVE : UNSIGNED, value < 0 ? ~value : value);
    }

    void whole(BigInteger value) {
        boolean isNegative = value.signum() < 0;
        BigInteger rest = isNegative ? value.not() : value;
        if (rest.bitLength() <= Long.SIZE) {
            head(isNegative ? NEGATIVE : UNSIGNED, rest.longValue());
            return;
        }
        byte[] digits = rest.toByteArray();
        head(TAG, isNegative ? NEGATIVE_BIGNUM : POSITIVE_BIGNUM);
        int sign = digits[0] == 0 ? 1 : 0;
        bytes(Arrays.copyOfRange(digits, sign, digits.length));
    }

    /** A decimal fraction (section 3.4.4), which keeps the digits: exponent and mantissa. */
    void decimal(BigDecimal value) {
        head(TAG, DECIMAL_FRACTION);
        head(ARRAY, 2);
        whole(-(long) value.scale());
        whole(value.unscaledValue());
    }

    void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        head(TEXT, utf8.length);
        append(utf8);
    }

    void bytes(byte[] content) {
        head(BYTES, content.length);
        append(content);
    }

    private void append(byte[] content) {
        reserve(content.length);
        System.arraycopy(content, 0, bytes, length, content.length);
        length += content.length;
    }

    /** Begins an array or a map whose size is not known yet. @return its place, for {@link #end} */
    int begin() {
        reserve(1);
        return length++;
    }

    /** @param count items of an array, pairs of a map */
    void end(int place, int major, int count) {
        int contentEnd = length;
        int more = headBytes(count) - 1;
        reserve(more);
        System.arraycopy(bytes, place + 1, bytes, place + 1 + more, contentEnd - place - 1);
        length = place;
        head(major, count);
        length = contentEnd + more;
    }
}
