package org.wasla.gateway.frame;

/**
 * How a whole number stands in a frame: bytes in either order, or digits as text. Immutable.
 *
 * @param width how many bytes it takes: 1 to 4 in binary, 1 to 8 as digits
 */
public record NumberForm(Kind kind, int width) {
    /** Hex digits are of one case: a letter of the other is a damaged one. */
    public enum Kind {
        BE,
        LE,
        HEX,
        SMALL_HEX,
        DECIMAL
    }

    private static final String DIGITS = "0123456789ABCDEF";
    private static final String SMALL_DIGITS = "0123456789abcdef";

    public NumberForm {
        boolean binary = kind == Kind.BE || kind == Kind.LE;
        if (width < 1 || width > (binary ? 4 : 8)) {
            throw new IllegalArgumentException("1 to 4 bytes, or 1 to 8 digits");
        }
    }

    /** @return the number, or -1 when what stands there is no digit */
    long read(byte[] buffer, int at) {
        long value = 0;
        for (int i = 0; i < width; i++) {
            int digit = digit(buffer[at + (kind == Kind.LE ? width - 1 - i : i)] & 0xff);
            if (digit < 0) {
                return -1;
            }
            value = value * base() + digit;
        }
        return value;
    }

    /** What is too large for the width loses its front. */
    public void write(byte[] buffer, int at, long value) {
        long rest = value;
        for (int i = width - 1; i >= 0; i--) {
            int digit = (int) Math.floorMod(rest, (long) base());
            int place = at + (kind == Kind.LE ? width - 1 - i : i);
            buffer[place] = (byte) (base() == 256 ? digit : digits().charAt(digit));
            rest = Math.floorDiv(rest, (long) base());
        }
    }

    private int base() {
        return switch (kind) {
            case BE, LE -> 256;
            case HEX, SMALL_HEX -> 16;
            case DECIMAL -> 10;
        };
    }

    private int digit(int character) {
        if (base() == 256) {
            return character;
        }
        int digit = digits().indexOf(character);
        return digit < base() ? digit : -1;
    }

    private String digits() {
        return kind == Kind.SMALL_HEX ? SMALL_DIGITS : DIGITS;
    }
}
