package org.wasla.gateway.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import org.wasla.gateway.files.Durable;
import org.wasla.gateway.vault.Safe;

/**
 * The key that a box signs with, born on it and never leaving it. Immutable. Its file is two lines of base64: the private
 * key (PKCS #8), locked where the box is encrypted, and the public one as {@link Ed25519} writes it; only its owner may read it.
 */
public final class BoxKey {
    private static final int FILE_BYTES_MAX = 1_000;
    private static final String ABOUT = "box.key";
    private static final String LOCKED = "wslk:";
    private final PrivateKey secret;
    private final PublicKey open;

    private BoxKey(PrivateKey secret, PublicKey open) {
        this.secret = secret;
        this.open = open;
    }

    /**
     * Reads the key, made when there is none.
     *
     * @param safe locks up its private half
     * @throws IOException also when the file is there and no key: a new one would cut what was signed off from the box
     */
    public static BoxKey open(Path file, Safe safe) throws IOException {
        try {
            BoxKey known = read(file, safe)
                    .orElseThrow(() -> new IOException(
                            file + " is no key of a box; put its copy back, or move it away" + " for a new one"));
            if (safe.isLocking()
                    && !Files.readString(file, StandardCharsets.ISO_8859_1).startsWith(LOCKED)) {
                known.lockUp(file, safe);
            }
            return known;
        } catch (NoSuchFileException first) {
            BoxKey key = fresh();
            key.write(file, safe);
            return key;
        }
    }

    /** On a disk that cannot be written now it stays as it is. */
    private void lockUp(Path file, Safe safe) throws IOException {
        if (Files.isWritable(file)) {
            write(file, safe);
        }
    }

    /** On a box that is not encrypted. */
    public static BoxKey open(Path file) throws IOException {
        return open(file, Safe.NONE);
    }

    /** What others check the signatures of a box with; empty when the file is no key of one. */
    public static Optional<PublicKey> publicHalf(Path file) throws IOException {
        String[] lines = lines(file);
        return lines.length == 2 ? Ed25519.key(lines[1]) : Optional.empty();
    }

    private static String[] lines(Path file) throws IOException {
        return Files.size(file) > FILE_BYTES_MAX
                ? new String[0]
                : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n");
    }

    /** Empty when the file is no such key. */
    public static Optional<BoxKey> read(Path file) throws IOException {
        return read(file, Safe.NONE);
    }

    /** The same, locked up. */
    public static Optional<BoxKey> read(Path file, Safe safe) throws IOException {
        String[] lines = lines(file);
        if (lines.length != 2) {
            return Optional.empty();
        }
        String own = safe.unlockLine(lines[0], ABOUT);
        try {
            PrivateKey secret = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(own)));
            return Ed25519.key(lines[1]).map(open -> new BoxKey(secret, open));
        } catch (GeneralSecurityException | IllegalArgumentException noKey) {
            return Optional.empty();
        }
    }

    static BoxKey fresh() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return new BoxKey(pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private void write(Path file, Safe safe) throws IOException {
        String own = safe.lockLine(Base64.getEncoder().encodeToString(secret.getEncoded()), ABOUT);
        String text = own + "\n" + Ed25519.text(open) + "\n";
        Durable.writeOwned(file, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A compact JWS of these bytes, as {@link Jws#sign} makes it. */
    public String sign(String keyId, String type, byte[] payload) {
        return Jws.sign(keyId, type, payload, secret);
    }

    PrivateKey secret() {
        return secret;
    }

    /** What others check the box's signatures with. */
    public PublicKey open() {
        return open;
    }

    @Override
    public String toString() {
        return "BoxKey[" + Ed25519.text(open) + "]";
    }
}
