package org.wasla.gateway.vault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.KeyAgreement;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Who can open a backup: who knows a passphrase (PBKDF2 with HMAC-SHA-256), or who has the private half of an X25519 key.
 * Immutable. A backup begins with
 *
 * <pre>
 * "WASLABK1" | 1 | salt (16) | rounds (4) | zeros (12)      for a passphrase
 * "WASLABK1" | 2 | public key made for this backup (32)     for a key
 * </pre>
 *
 * and goes on with what {@link SealedOutput} writes.
 */
public final class BackupSeal {
    /** Shorter ones are found by trying. */
    public static final int PASSPHRASE_CHARS_MIN = 12;

    static final int HEAD_BYTES = 41;
    static final int ROUNDS = 600_000;
    private static final byte[] MAGIC = "WASLABK1".getBytes(StandardCharsets.US_ASCII);
    private static final byte PASSPHRASE = 1;
    private static final byte KEY = 2;
    private static final int SALT_BYTES = 16;
    private static final int RAW_BYTES = 32;
    private static final int ROUNDS_MAX = 10_000_000;
    private static final int FILE_BYTES_MAX = 10_000;
    private static final String CURVE = "X25519";
    /** What stands before the raw bytes in an encoded public key (RFC 8410, 4). */
    private static final byte[] CURVE_HEAD = HexFormat.of().parseHex("302a300506032b656e032100");

    private final @Nullable String passphrase;
    private final @Nullable PublicKey to;
    private final @Nullable PrivateKey with;

    private BackupSeal(@Nullable String passphrase, @Nullable PublicKey to, @Nullable PrivateKey with) {
        this.passphrase = passphrase;
        this.to = to;
        this.with = with;
    }

    /** Closes and opens. */
    public static BackupSeal passphrase(String passphrase) throws IOException {
        if (passphrase.length() < PASSPHRASE_CHARS_MIN) {
            throw new IOException("the passphrase has " + passphrase.length() + " characters; take at least "
                    + PASSPHRASE_CHARS_MIN + ", better six words");
        }
        return new BackupSeal(passphrase, null, null);
    }

    /** Only closes: the box that makes backups cannot read them. The file is PEM as {@code openssl pkey -pubout} writes it. */
    public static BackupSeal to(Path file) throws IOException {
        try {
            byte[] encoded = pem(file, "PUBLIC KEY");
            return new BackupSeal(
                    null, KeyFactory.getInstance(CURVE).generatePublic(new X509EncodedKeySpec(encoded)), null);
        } catch (GeneralSecurityException | IllegalArgumentException none) {
            throw new IOException(
                    file + " is no public X25519 key; make one: openssl genpkey -algorithm X25519 -out backup.key, then"
                            + " openssl pkey -in backup.key -pubout -out backup.pub",
                    none);
        }
    }

    /** Only opens. The file is PEM as {@code openssl genpkey -algorithm X25519} writes it. */
    public static BackupSeal with(Path file) throws IOException {
        try {
            byte[] encoded = pem(file, "PRIVATE KEY");
            return new BackupSeal(
                    null, null, KeyFactory.getInstance(CURVE).generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException | IllegalArgumentException none) {
            throw new IOException(
                    file + " is no private X25519 key; give the one whose public half the backup is for", none);
        }
    }

    private static byte[] pem(Path file, String what) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException(file + " is no file of a key; give one in PEM");
        }
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        return Base64.getDecoder()
                .decode(text.replaceAll("-----(BEGIN|END) " + what + "-----", "")
                        .replaceAll("\\s", ""));
    }

    private static byte[] head() {
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES).put(MAGIC);
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return head.put(PASSPHRASE).put(salt).putInt(ROUNDS).array();
    }

    /** Gives head and key of a new backup. */
    Opened close() {
        try {
            if (to == null) {
                byte[] head = head();
                return new Opened(head, key(head));
            }
            KeyPair own = KeyPairGenerator.getInstance(CURVE).generateKeyPair();
            byte[] encoded = own.getPublic().getEncoded();
            byte[] raw = Arrays.copyOfRange(encoded, encoded.length - RAW_BYTES, encoded.length);
            byte[] head =
                    ByteBuffer.allocate(HEAD_BYTES).put(MAGIC).put(KEY).put(raw).array();
            return new Opened(head, agreed(own.getPrivate(), to, head));
        } catch (GeneralSecurityException | IOException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** Gives the key of a backup that begins so. */
    byte[] key(byte[] head) throws IOException {
        if (head.length != HEAD_BYTES || !Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IOException("this is no backup of a wasla; give the file that wasla backup wrote");
        }
        try {
            ByteBuffer rest = ByteBuffer.wrap(head, MAGIC.length, HEAD_BYTES - MAGIC.length);
            byte kind = rest.get();
            if (kind == PASSPHRASE && passphrase != null) {
                byte[] salt = new byte[SALT_BYTES];
                rest.get(salt);
                return stretched(passphrase, salt, rest.getInt());
            }
            if (kind == KEY && with != null) {
                byte[] raw = new byte[RAW_BYTES];
                rest.get(raw);
                byte[] encoded = ByteBuffer.allocate(CURVE_HEAD.length + RAW_BYTES)
                        .put(CURVE_HEAD)
                        .put(raw)
                        .array();
                return agreed(
                        with, KeyFactory.getInstance(CURVE).generatePublic(new X509EncodedKeySpec(encoded)), head);
            }
            throw new IOException(
                    kind == PASSPHRASE
                            ? "this backup was made with a passphrase; write --with passphrase"
                            : "this backup was made for a key; write --with FILE of its private half");
        } catch (GeneralSecurityException noKey) {
            throw new IOException("the head of this backup is damaged", noKey);
        }
    }

    private static byte[] stretched(String passphrase, byte[] salt, int rounds)
            throws GeneralSecurityException, IOException {
        if (rounds < ROUNDS || rounds > ROUNDS_MAX) {
            throw new IOException("the head of this backup is damaged");
        }
        PBEKeySpec spec = new PBEKeySpec(passphrase.toCharArray(), salt, rounds, DataKey.BYTES * 8);
        return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(spec)
                .getEncoded();
    }

    private static byte[] agreed(PrivateKey own, PublicKey other, byte[] head) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance(CURVE);
        agreement.init(own);
        agreement.doPhase(other, true);
        return Hkdf.derive(agreement.generateSecret(), head, "wasla backup 1", DataKey.BYTES);
    }

    /** What a backup begins with and is locked with. */
    static final class Opened {
        private final byte[] head;
        private final byte[] key;

        Opened(byte[] head, byte[] key) {
            this.head = head;
            this.key = key;
        }

        byte[] head() {
            return head;
        }

        byte[] key() {
            return key;
        }
    }
}
