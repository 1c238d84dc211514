package org.wasla.gateway.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What is sealed by our own hand keeps to the standards, and by a key that is none nothing is sealed. */
class SealTest {
    private static String pem(byte[] encoded) {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(encoded)
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static PublicKey key(String algorithm) throws Exception {
        return KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPublic();
    }

    // RFC 5869, A.1 and A.2: the JDK of today has no HKDF of its own to compare with.
    @Test
    void hkdfIsThatOfTheStandard() throws Exception {
        HexFormat hex = HexFormat.of();
        byte[] first = Seal.hkdf(
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
        byte[] second = Seal.hkdf(
                Arrays.copyOfRange(bytes, 0, 0x50),
                Arrays.copyOfRange(bytes, 0x60, 0xb0),
                Arrays.copyOfRange(bytes, 0xb0, 0x100),
                82);
        assertTrue(hex.formatHex(second).startsWith("b11e398dc80327a1c8e7f78c596a4934"));
        assertTrue(hex.formatHex(second).endsWith("cc30c58179ec3e87c14c01d5c1f3434f1d87"));
    }

    @Test
    void onlyAPublicKeyForX25519Seals() throws Exception {
        assertTrue(Seal.of(pem(key("X25519").getEncoded())).isPresent());
        assertFalse(Seal.of(pem(key("Ed25519").getEncoded())).isPresent());
        assertFalse(Seal.of(pem(key("X448").getEncoded())).isPresent());
        assertFalse(Seal.of("").isPresent());
        assertFalse(Seal.of("-----BEGIN PUBLIC KEY-----\n%%%\n").isPresent());
        byte[] cut = Arrays.copyOf(key("X25519").getEncoded(), 40);
        assertFalse(Seal.of(pem(cut)).isPresent());
    }

    // RFC 7748, 6.1: with a point of small order everybody would know the secret.
    @Test
    void aKeyOfSmallOrderIsNone() throws Exception {
        byte[] encoded = key("X25519").getEncoded();
        Arrays.fill(encoded, encoded.length - 32, encoded.length, (byte) 0);
        assertFalse(Seal.of(pem(encoded)).isPresent());
    }

    @Test
    void theSameTextIsNeverSealedTheSameAndItsLengthTellsNothing() throws Exception {
        Seal seal = Seal.of(pem(key("X25519").getEncoded())).orElseThrow();
        String once = seal.seal("1", "p:0");
        assertNotEquals(once, seal.seal("1", "p:0"));
        assertEquals(once.length(), seal.seal("1".repeat(60), "p:0").length());
        assertTrue(once.matches("[A-Za-z0-9_-]{100,}"), once);
    }
}
