package org.wasla.gateway.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
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
