package org.wasla.gateway.message;

import java.nio.charset.StandardCharsets;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.NumberForm;
import org.wasla.gateway.frame.Sum;

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
        Sum sum = switch (kind) {
            case SUM8 -> new Sum.Add(8, false);
            case INVERTED_SUM8 -> new Sum.Add(8, true);
            case XOR8 -> new Sum.Xor();
        };
        NumberForm number = switch (form) {
            case BYTE -> new NumberForm(NumberForm.Kind.BE, 1);
            case HEX -> new NumberForm(NumberForm.Kind.HEX, 2);
            case DECIMAL -> new NumberForm(NumberForm.Kind.DECIMAL, 5);
        };
        byte[] bytes = before.getBytes(StandardCharsets.ISO_8859_1);
        byte[] text = new byte[number.width()];
        number.write(text, 0, sum.of(bytes, Math.min(skip, bytes.length), bytes.length, Bytes.NONE));
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
