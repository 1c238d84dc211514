package org.wasla.gateway.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A person's private key as {@code openssl genpkey -algorithm ed25519} writes it: PKCS #8 in PEM. Stateless. */
public final class PemKey {
    private static final int FILE_BYTES_MAX = 10_000;
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----\\s*");

    private PemKey() {}

    /** Empty when the file is no such key; what is in it is told to nobody. */
    public static Optional<PrivateKey> read(Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            return Optional.empty();
        }
        Matcher pem = PEM.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        if (!pem.matches()) {
            return Optional.empty();
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
            return Optional.of(KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der)));
        } catch (GeneralSecurityException | IllegalArgumentException noKey) {
            return Optional.empty();
        }
    }
}
