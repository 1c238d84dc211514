package org.wasla.gateway.codec;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The FLOAT of IEEE 11073: an exponent of 8 bits, signed, and a mantissa of 24 bits, signed; the value is mantissa times
 * ten to the exponent (bedside.md 2.1). Stateless.
 */
final class IntellivueFloat {
    /** No sensor needs more; beyond it a number is damaged. */
    private static final int EXPONENT_MAX = 20;

    private static final int INFINITE = 0x7FFFFE;
    private static final int NOT_A_NUMBER = 0x7FFFFF;
    private static final int NOT_AT_THIS_RESOLUTION = 0x800000;
    private static final int RESERVED = 0x800001;
    private static final int MINUS_INFINITE = 0x800002;

    private IntellivueFloat() {}

    /** @return the number with the digits that its exponent gives (368 and -1: 36.8), or null when it is none */
    static @Nullable String text(long bits) {
        return switch ((int) bits & 0xFFFFFF) {
            case INFINITE, NOT_A_NUMBER, NOT_AT_THIS_RESOLUTION, RESERVED, MINUS_INFINITE -> null;
            default -> BigDecimal.valueOf((int) bits << 8 >> 8, -exponent(bits)).toPlainString();
        };
    }

    /** @return the flag for a FLOAT that is no number */
    static String flag(long bits) {
        return switch ((int) bits & 0xFFFFFF) {
            case INFINITE -> "overflow";
            case MINUS_INFINITE -> "underflow";
            default -> "na";
        };
    }

    static boolean isPlausible(long bits) {
        return Math.abs(exponent(bits)) <= EXPONENT_MAX;
    }

    private static int exponent(long bits) {
        return (byte) (bits >> 24);
    }
}
