package org.wasla.gateway.imaging;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.wasla.gateway.dicom.Deidentifier;
import org.wasla.gateway.files.Durable;
import org.wasla.gateway.vault.Safe;

/**
 * Names for what must not say whose it is, by HMAC-SHA-256 under a key that never leaves the box: the same name for the
 * same, and no way back without the key. Thread-safe.
 */
final class UidKey implements Deidentifier.Names {
    private static final String FILE = "deidentify.key";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 32;
    private static final int UUID_BYTES = 16;
    private static final int PATIENT_BYTES = 8;
    private final SecretKeySpec key;

    UidKey(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** Of a store that is not encrypted. */
    static UidKey open(Path dir) throws IOException {
        return open(dir, Safe.NONE);
    }

    /** The key of a store; made, for the owner only, when there is none. */
    static UidKey open(Path dir, Safe safe) throws IOException {
        Path file = dir.resolve(FILE);
        if (!Files.exists(file)) {
            byte[] fresh = new byte[BYTES];
            new SecureRandom().nextBytes(fresh);
            String text = safe.lockLine(HexFormat.of().formatHex(fresh), FILE) + "\n";
            Durable.writeOwned(file, text.getBytes(StandardCharsets.US_ASCII));
        }
        try {
            byte[] key = HexFormat.of()
                    .parseHex(safe.unlockLine(
                            Files.readString(file, StandardCharsets.ISO_8859_1).strip(), FILE));
            if (key.length == BYTES) {
                return new UidKey(key);
            }
        } catch (IllegalArgumentException noHex) {
            // told below
        }
        throw new IOException(file + " holds no key; put back the one that was there, or remove it for a new one");
    }

    /** A UUID-derived UID (PS3.5 annex B.2). */
    @Override
    public String uid(String uid) {
        byte[] uuid = Arrays.copyOf(digest("uid\0" + uid), UUID_BYTES);
        // Version 8, one's own; the variant of RFC 9562.
        uuid[6] = (byte) (uuid[6] & 0x0f | 0x80);
        uuid[8] = (byte) (uuid[8] & 0x3f | 0x80);
        return "2.25." + new BigInteger(1, uuid);
    }

    @Override
    public String patient(String id) {
        return "DEID-" + HexFormat.of().formatHex(digest("patient\0" + id), 0, PATIENT_BYTES);
    }

    private byte[] digest(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
