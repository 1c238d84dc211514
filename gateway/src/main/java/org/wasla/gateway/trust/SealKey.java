package org.wasla.gateway.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/**
 * The X25519 key (RFC 7748) that things are {@link Sealed} for. Immutable. Its file is two lines: the private key (PKCS #8,
 * base64) and the public one, 32 bytes in base64url; only its owner may read it.
 */
public final class SealKey {
    private static final int FILE_BYTES_MAX = 1_000;
    private final PrivateKey secret;
    private final PublicKey open;

    private SealKey(PrivateKey secret, PublicKey open) {
        this.secret = secret;
        this.open = open;
    }

    public static SealKey fresh() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
            return new SealKey(pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** Empty when the file is no such key. */
    public static Optional<SealKey> read(Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            return Optional.empty();
        }
        String[] lines = Files.readString(file, StandardCharsets.ISO_8859_1).split("\n");
        if (lines.length != 2) {
            return Optional.empty();
        }
        try {
            PrivateKey secret = KeyFactory.getInstance("X25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(lines[0])));
            return Sealed.key(lines[1]).map(open -> new SealKey(secret, open));
        } catch (GeneralSecurityException | IllegalArgumentException noKey) {
            return Optional.empty();
        }
    }

    /** @throws IOException also when the file is there: what was sealed for the key in it could not be opened any more */
    public void write(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        String text = Base64.getEncoder().encodeToString(secret.getEncoded()) + "\n" + text() + "\n";
        Files.writeString(file, text, StandardCharsets.ISO_8859_1, StandardOpenOption.DSYNC);
    }

    /** The public key, 32 bytes in base64url. */
    public String text() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Sealed.raw((XECPublicKey) open));
    }

    PrivateKey secret() {
        return secret;
    }

    PublicKey open() {
        return open;
    }

    @Override
    public String toString() {
        return "SealKey[" + text() + "]";
    }
}
