package org.wasla.gateway.trust;

import java.util.Optional;

/**
 * Bytes as letters and digits that nobody mistakes for another: 0-9 and a-z without i, l, o, u; read in any case, with o as
 * 0, and i and l as 1. Stateless.
 */
final class Base32 {
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

    private Base32() {}

    static String of(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int held = 0;
        int bits = 0;
        for (byte each : bytes) {
            held = (held << 8 | each & 0xff) & 0xfff;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(DIGITS.charAt(held >> bits & 31));
            }
        }
        if (bits > 0) {
            text.append(DIGITS.charAt(held << 5 - bits & 31));
        }
        return text.toString();
    }

    /** As it is written by {@link #of}, of what somebody typed. */
    static String tidy(String typed) {
        return typed.replace('o', '0').replace('i', '1').replace('l', '1');
    }

    /** Empty when it is not so many bytes. */
    static Optional<byte[]> read(String text, int length) {
        byte[] bytes = new byte[length];
        int held = 0;
        int bits = 0;
        int at = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = DIGITS.indexOf(text.charAt(i));
            if (digit < 0) {
                return Optional.empty();
            }
            held = (held << 5 | digit) & 0xfff;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                if (at == length) {
                    return Optional.empty();
                }
                bytes[at] = (byte) (held >> bits);
                at++;
            }
        }
        return at == length && of(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
    }
}
