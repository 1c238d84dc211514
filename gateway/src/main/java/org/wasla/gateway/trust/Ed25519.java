package org.wasla.gateway.trust;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** Public keys as 32 bytes in base64url, which is member {@code x} of a JWK (RFC 8037). Stateless. */
public final class Ed25519 {
    /** What stands before the 32 bytes in a SubjectPublicKeyInfo (RFC 8410, 4). */
    private static final byte[] BEFORE = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int KEY_BYTES = 32;

    private Ed25519() {}

    /** Empty when the text is no such key. */
    public static Optional<PublicKey> key(String text) {
        try {
            byte[] raw = Base64.getUrlDecoder().decode(text);
            if (raw.length != KEY_BYTES || !text(raw).equals(text)) {
                return Optional.empty();
            }
            byte[] whole = Arrays.copyOf(BEFORE, BEFORE.length + KEY_BYTES);
            System.arraycopy(raw, 0, whole, BEFORE.length, KEY_BYTES);
            return Optional.of(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(whole)));
        } catch (IllegalArgumentException | GeneralSecurityException noKey) {
            return Optional.empty();
        }
    }

    /** The key as {@link #key} reads it. */
    public static String text(PublicKey key) {
        byte[] whole = key.getEncoded();
        if (!key.getFormat().equals("X.509") || whole.length != BEFORE.length + KEY_BYTES) {
            throw new IllegalArgumentException("no Ed25519 key: " + key.getAlgorithm());
        }
        return text(Arrays.copyOfRange(whole, BEFORE.length, whole.length));
    }

    private static String text(byte[] raw) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(raw);
    }
}
