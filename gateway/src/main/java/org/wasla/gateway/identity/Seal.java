package org.wasla.gateway.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.wasla.gateway.vault.Hkdf;

/**
 * Seals text for one registry, so that nobody else can read it, this box neither: X25519 (RFC 7748), HKDF-SHA-256 (RFC
 * 5869) and AES-256-GCM. Thread-safe. What comes out is Base64 for URLs, without padding, of
 *
 * <pre>
 * 1 byte    version, 1
 * 4 bytes   first of the SHA-256 of the registry's raw public key: which key opens it
 * 32 bytes  raw public key made for this text alone
 * rest      AES-256-GCM of the text and its tag of 16 bytes
 * </pre>
 *
 * Key and nonce are the first 32 and the next 12 bytes of HKDF over the shared secret, with both public keys as salt (the one
 * made for the text first) and {@value #INFO} as info. The 37 bytes in front, and what the text belongs to, are authenticated
 * with it. Blanks fill the text to a multiple of {@value #BLOCK_BYTES} bytes: its length tells nothing of a number.
 */
public final class Seal {
    static final String INFO = "wasla registry 1";
    static final int BLOCK_BYTES = 64;
    private static final byte VERSION = 1;
    private static final int NAME_BYTES = 4;
    private static final int RAW_BYTES = 32;
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String ALGORITHM = "X25519";

    private final PublicKey registry;

    private Seal(PublicKey registry) {
        this.registry = registry;
    }

    /** Reads a public key, PEM as {@code openssl pkey -pubout} writes it; empty when it is none for X25519. */
    public static Optional<Seal> of(String pem) {
        String body = pem.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "").replaceAll("\\s", "");
        try {
            byte[] encoded = Base64.getDecoder().decode(body);
            Seal seal = new Seal(KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded)));
            // A key of small order shows only when it is used.
            seal.sealed(new byte[0], new byte[0]);
            return Optional.of(seal);
        } catch (GeneralSecurityException | IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    /** @param of what the text belongs to; it opens for nothing else */
    public String seal(String text, String of) {
        byte[] clear = text.getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(clear, (clear.length / BLOCK_BYTES + 1) * BLOCK_BYTES);
        Arrays.fill(padded, clear.length, padded.length, (byte) ' ');
        try {
            byte[] sealed = sealed(padded, of.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private byte[] sealed(byte[] text, byte[] of) throws GeneralSecurityException {
        KeyPair own = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        KeyAgreement agreement = KeyAgreement.getInstance(ALGORITHM);
        agreement.init(own.getPrivate());
        agreement.doPhase(registry, true);
        byte[] ours = raw(own.getPublic());
        byte[] theirs = raw(registry);
        byte[] derived = Hkdf.derive(agreement.generateSecret(), joined(ours, theirs), INFO, KEY_BYTES + NONCE_BYTES);
        byte[] name = MessageDigest.getInstance("SHA-256").digest(theirs);
        byte[] head = joined(new byte[] {VERSION}, Arrays.copyOf(name, NAME_BYTES), ours);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(derived, 0, KEY_BYTES, "AES"),
                new GCMParameterSpec(TAG_BITS, derived, KEY_BYTES, NONCE_BYTES));
        cipher.updateAAD(head);
        cipher.updateAAD(of);
        return joined(head, cipher.doFinal(text));
    }

    /** The key's last bytes: what stands before them names the algorithm (RFC 8410, 4). */
    private static byte[] raw(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - RAW_BYTES, encoded.length);
    }

    private static byte[] joined(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }
}
