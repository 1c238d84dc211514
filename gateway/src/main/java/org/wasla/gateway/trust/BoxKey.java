package org.wasla.gateway.trust;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/**
 * The key that a box signs with, born on it and never leaving it. Immutable. Its file is two lines of base64: the private
 * key (PKCS #8) and the public one as {@link Ed25519} writes it; only its owner may read it.
 */
public final class BoxKey {
    private static final int FILE_BYTES_MAX = 1_000;
    private final PrivateKey secret;
    private final PublicKey open;

    private BoxKey(PrivateKey secret, PublicKey open) {
        this.secret = secret;
        this.open = open;
    }

    /**
     * Reads the key, made when there is none.
     *
     * @throws IOException also when the file is there and no key: a new one would cut what was signed off from the box
     */
    public static BoxKey open(Path file) throws IOException {
        try {
            return read(file)
                    .orElseThrow(() -> new IOException(
                            file + " is no key of a box; put its copy back, or move it away" + " for a new one"));
        } catch (NoSuchFileException first) {
            BoxKey key = fresh();
            key.write(file);
            return key;
        }
    }

    /** Empty when the file is no such key. */
    public static Optional<BoxKey> read(Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            return Optional.empty();
        }
        String[] lines = Files.readString(file, StandardCharsets.ISO_8859_1).split("\n");
        if (lines.length != 2) {
            return Optional.empty();
        }
        try {
            PrivateKey secret = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(lines[0])));
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

    private void write(Path file) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        String text = Base64.getEncoder().encodeToString(secret.getEncoded()) + "\n" + Ed25519.text(open) + "\n";
        try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            out.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        Revisions.sync(file.resolveSibling(""));
    }

    PrivateKey secret() {
        return secret;
    }

    /** Signs as {@link Jws#sign} does. */
    public String sign(String keyId, String type, byte[] payload) {
        return Jws.sign(keyId, type, payload, secret);
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
