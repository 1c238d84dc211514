package org.wasla.gateway.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The one way in which keys are made out of secrets keeps to the standard. */
class HkdfTest {
    // RFC 5869, A.1 and A.2: the JDK of today has no HKDF of its own to compare with.
    @Test
    void hkdfIsThatOfTheStandard() {
        HexFormat hex = HexFormat.of();
        byte[] first = Hkdf.derive(
                hex.parseHex("0b".repeat(22)),
                hex.parseHex("000102030405060708090a0b0c"),
                hex.parseHex("f0f1f2f3f4f5f6f7f8f9"),
                42);
        assertEquals(
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
                hex.formatHex(first));
        byte[] bytes = new byte[0x100];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        byte[] second = Hkdf.derive(
                Arrays.copyOfRange(bytes, 0, 0x50),
                Arrays.copyOfRange(bytes, 0x60, 0xb0),
                Arrays.copyOfRange(bytes, 0xb0, 0x100),
                82);
        assertTrue(hex.formatHex(second).startsWith("b11e398dc80327a1c8e7f78c596a4934"));
        assertTrue(hex.formatHex(second).endsWith("cc30c58179ec3e87c14c01d5c1f3434f1d87"));
    }
}
