package org.wasla.gateway.message;

import java.util.Locale;
import org.wasla.gateway.frame.Bytes;

/**
 * The check that {@code {check}} stands for in bytes to send. Immutable.
 *
 * @param skip how many of the first bytes it leaves out, such as a start mark
 */
public record SendCheck(Kind kind, Form form, int skip) {
    /** How the bytes are put together, modulo 256: facts 2.3 (sum), 2.9 (inverted sum), 2.15 (exclusive or). */
    public enum Kind {
        SUM8,
        INVERTED_SUM8,
        XOR8
    }

    /** One byte, two upper-case hex digits, or five decimal digits. */
    public enum Form {
        BYTE,
        HEX,
        DECIMAL
    }

    /** @return the check of the bytes that stand before it */
    String of(String before) {
        int value = 0;
        for (int i = skip; i < before.length(); i++) {
            value = kind == Kind.XOR8 ? value ^ before.charAt(i) : value + before.charAt(i);
        }
        value = (kind == Kind.INVERTED_SUM8 ? 0xff - (value & 0xff) : value) & 0xff;
        return switch (form) {
            case BYTE -> Bytes.of(new byte[] {(byte) value}).latin1();
            case HEX -> String.format(Locale.ROOT, "%02X", value);
            case DECIMAL -> String.format(Locale.ROOT, "%05d", value);
        };
    }
}
