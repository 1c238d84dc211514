package org.wasla.gateway.message;

import java.math.BigDecimal;
import java.util.Locale;

/** How the bits of a field become text, and the way back. */
public enum SeqForm {
    UNSIGNED,
    /** Two's complement. */
    SIGNED,
    /**
     * FLOAT of IEEE 11073-20601: 32 bits, exponent (8) and mantissa (24), both signed; mantissa * 10^exponent with the
     * digits that this gives. What is no number is a text that is none.
     */
    FLOAT,
    /** SFLOAT of IEEE 11073-20601: as FLOAT, exponent (4) and mantissa (12). */
    SFLOAT,
    /** Two decimal digits a byte; a half byte that is none shows as A to F. */
    BCD,
    /** Bytes without a meaning, written so that no number can be read into them: {@code 0x0a2f}. */
    HEX,
    /** One character a byte, up to the first NUL; blanks at its end are dropped. */
    STR;

    private static final String HEX_MARK = "0x";

    /** Whether the bits are one number; else each byte stands for itself. */
    boolean isNumber() {
        return isWhole() || this == FLOAT || this == SFLOAT;
    }

    /** Whether it is a whole number. */
    public boolean isWhole() {
        return this == UNSIGNED || this == SIGNED;
    }

    /** @param bits the number's {@code width} bits, at most 32, unsigned */
    String text(long bits, int width) {
        return switch (this) {
            case FLOAT -> decimal(bits, 24, 8);
            case SFLOAT -> decimal(bits, 12, 4);
            default -> Long.toString(whole(bits, width));
        };
    }

    /** @return the number of these bits, of a form that is whole */
    long whole(long bits, int width) {
        return this == SIGNED ? signed(bits, width) : bits;
    }

    private static long signed(long bits, int width) {
        return bits << 64 - width >> 64 - width;
    }

    private static String decimal(long bits, int mantissaBits, int exponentBits) {
        long mantissa = signed(bits, mantissaBits);
        long most = (1L << mantissaBits - 1) - 1;
        if (mantissa == most) {
            return "NaN";
        }
        if (mantissa == most - 1) {
            return "+INF";
        }
        if (mantissa == -most + 1) {
            return "-INF";
        }
        if (mantissa <= -most) {
            // "Not at this resolution", and the value behind it that the standard keeps for later.
            return "NRes";
        }
        int exponent = (int) signed(bits >> mantissaBits, exponentBits);
        return BigDecimal.valueOf(mantissa, -exponent).toPlainString();
    }

    String text(byte[] octets) {
        StringBuilder text = new StringBuilder(this == HEX ? HEX_MARK : "");
        for (byte octet : octets) {
            if (this == STR && octet == 0) {
                break;
            }
            if (this == STR) {
                text.append((char) (octet & 0xff));
            } else {
                text.append(String.format(Locale.ROOT, this == BCD ? "%02X" : "%02x", octet));
            }
        }
        return this == STR ? text.toString().stripTrailing() : text.toString();
    }

    /** @return the bits of a number's text; an empty one is 0 */
    long bits(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        if (isWhole()) {
            return Long.parseLong(text);
        }
        BigDecimal value = new BigDecimal(text);
        int mantissaBits = this == FLOAT ? 24 : 12;
        long mantissa = value.unscaledValue().longValue() & (1L << mantissaBits) - 1;
        return (long) -value.scale() << mantissaBits | mantissa;
    }

    /** @return the byte at the index of a text that is written as bytes; what the text lacks is 0 */
    int octet(String text, int index) {
        if (this == STR) {
            return index < text.length() ? text.charAt(index) : 0;
        }
        int at = 2 * index + (text.startsWith(HEX_MARK) ? HEX_MARK.length() : 0);
        return at + 2 <= text.length() ? Integer.parseInt(text, at, at + 2, 16) : 0;
    }
}
