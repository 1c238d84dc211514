package org.wasla.gateway.trust;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.wasla.gateway.vault.Hkdf;

/**
 * Bytes that one key alone can open. Stateless. The form is {@code HEADER.KEY.REST}, each in base64url without padding, as in
 * a compact JWE (RFC 7516), which knows no HKDF:
 *
 * <pre>
 * HEADER  JSON, not secret, not changeable: what it is and whose
 * KEY     32 bytes, an X25519 key made for this text alone
 * REST    AES-256-GCM of the bytes, and the tag of 16 bytes; authenticated with it: the text up to the second dot
 *
 * key of 32 bytes and nonce of 12 = HKDF-SHA-256 (RFC 5869) of the shared secret,
 *                                   salt KEY and the receiver's key, info "wasla sealed 1"
 * </pre>
 */
public final class Sealed {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final String INFO = "wasla sealed 1";
    private static final int RAW_BYTES = 32;
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int HIGH_BIT = 0x80;
    private static final int PARTS = 3;

    private Sealed() {}

    /** A public key from its 32 bytes in base64url; empty when the text is none. */
    public static Optional<PublicKey> key(String text) {
        try {
            byte[] raw = Base64.getUrlDecoder().decode(text);
            return raw.length == RAW_BYTES && ENCODER.encodeToString(raw).equals(text)
                    ? Optional.of(key(raw))
                    : Optional.empty();
        } catch (IllegalArgumentException | GeneralSecurityException noKey) {
            return Optional.empty();
        }
    }

    /** The number is written with its lowest byte first, and its highest bit does not count (RFC 7748, 5). */
    private static PublicKey key(byte[] raw) throws GeneralSecurityException {
        byte[] number = reversed(raw);
        number[0] &= (byte) ~HIGH_BIT;
        return KeyFactory.getInstance("X25519")
                .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, number)));
    }

    static byte[] raw(XECPublicKey key) {
        byte[] number = key.getU().toByteArray();
        byte[] raw = new byte[RAW_BYTES];
        for (int i = 0; i < Math.min(RAW_BYTES, number.length); i++) {
            raw[i] = number[number.length - 1 - i];
        }
        return raw;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    /**
     * @param header a JSON object
     * @param to whose it is to be
     */
    public static String seal(String header, byte[] bytes, PublicKey to) {
        try {
            KeyPair once = KeyPairGenerator.getInstance("X25519").generateKeyPair();
            byte[] open = raw((XECPublicKey) once.getPublic());
            String before = ENCODER.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                    + ENCODER.encodeToString(open);
            byte[] secrets = secrets(once.getPrivate(), to, open, raw((XECPublicKey) to));
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, secrets, before);
            return before + "." + ENCODER.encodeToString(cipher.doFinal(bytes));
        } catch (GeneralSecurityException noKey) {
            throw new IllegalArgumentException("nothing can be sealed for this key", noKey);
        }
    }

    /** @throws IOException when it is not for this key, or a bit of it was changed */
    public static byte[] open(String sealed, SealKey key) throws IOException {
        String[] parts = sealed.split("\\.", -1);
        if (parts.length != PARTS) {
            throw new IOException("no sealed text: it has " + parts.length + " parts");
        }
        try {
            byte[] once = Base64.getUrlDecoder().decode(parts[1]);
            if (once.length != RAW_BYTES) {
                throw new IOException("no sealed text: its key has " + once.length + " bytes");
            }
            byte[] secrets = secrets(key.secret(), key(once), once, raw((XECPublicKey) key.open()));
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, secrets, parts[0] + "." + parts[1]);
            return cipher.doFinal(Base64.getUrlDecoder().decode(parts[2]));
        } catch (GeneralSecurityException | IllegalArgumentException notOurs) {
            throw new IOException("it was sealed for another key, or was changed on its way", notOurs);
        }
    }

    /** What stands in front for everybody to read; nothing of it is sure before it was opened. */
    public static String header(String sealed) throws IOException {
        try {
            return new String(Base64.getUrlDecoder().decode(sealed.split("\\.", 2)[0]), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException noBase64) {
            throw new IOException("no sealed text", noBase64);
        }
    }

    private static Cipher cipher(int mode, byte[] secrets, String before) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode,
                new SecretKeySpec(secrets, 0, KEY_BYTES, "AES"),
                new GCMParameterSpec(TAG_BITS, secrets, KEY_BYTES, NONCE_BYTES));
        cipher.updateAAD(before.getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }

    /** Key and nonce. The agreement itself refuses keys whose secret everybody knows. */
    private static byte[] secrets(PrivateKey ours, PublicKey theirs, byte[] once, byte[] receiver)
            throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("X25519");
        agreement.init(ours);
        agreement.doPhase(theirs, true);
        byte[] salt = Arrays.copyOf(once, 2 * RAW_BYTES);
        System.arraycopy(receiver, 0, salt, RAW_BYTES, RAW_BYTES);
        return Hkdf.derive(agreement.generateSecret(), salt, INFO, KEY_BYTES + NONCE_BYTES);
    }
}
