package org.wasla.gateway.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;
import java.util.Optional;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.command.Release;
import org.wasla.gateway.command.ReleaseReader;

/**
 * A bundle as it comes on a stick: a file of one line, the compact JWS of a key with the role {@code release}, whose
 * payload {@link ReleaseReader} reads. Immutable. There is no archive in it that would have to be unpacked, so that
 * neither names, links nor sizes lead anywhere, and every byte but blanks around the line is under the signature.
 */
public final class BundleFile {
    /** Of the whole file; of what is longer no more is read. */
    public static final int FILE_BYTES_MAX = DesiredReader.BYTES_MAX * 4 / 3 + 2_000;

    private final String signed;
    private final Jws jws;

    private BundleFile(String signed, Jws jws) {
        this.signed = signed;
        this.jws = jws;
    }

    /**
     * Reads the line and nothing of what it carries.
     *
     * @param problems gets why it is no bundle; then nothing is returned
     */
    public static Optional<BundleFile> read(Path file, List<String> problems) {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                problems.add("it is no plain file, or is not there; links are not followed: write the file's own path");
                return Optional.empty();
            }
            long size = Files.size(file);
            if (size > FILE_BYTES_MAX) {
                problems.add("it has " + size + " bytes, and a bundle at most " + FILE_BYTES_MAX);
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                byte[] bytes = in.readNBytes(FILE_BYTES_MAX);
                return parse(new String(bytes, StandardCharsets.ISO_8859_1), problems);
            }
        } catch (IOException unreadable) {
            problems.add("it cannot be read: " + unreadable.getMessage());
            return Optional.empty();
        }
    }

    /** @param problems gets why it is no bundle; then nothing is returned */
    public static Optional<BundleFile> parse(String text, List<String> problems) {
        String signed = text.strip();
        try {
            Jws jws = Jws.parse(signed);
            if (jws.type().equals(ReleaseReader.TYPE)) {
                return Optional.of(new BundleFile(signed, jws));
            }
            problems.add("it is no bundle: typ is not " + ReleaseReader.TYPE);
        } catch (Jws.Unreadable unreadable) {
            problems.add("it is no bundle: " + unreadable.getMessage());
        }
        return Optional.empty();
    }

    /**
     * Who signed it, when the key may release now. Whether two persons stand for each profile says {@link Vouch}.
     *
     * @param problems gets why not
     */
    public Optional<Keyring.Key> signer(Keyring keys, long nowS, List<String> problems) {
        return keys.signer(jws, ReleaseReader.TYPE, Role.RELEASE, nowS, problems);
    }

    /**
     * What it carries, whoever signed it: ask {@link #signer} first.
     *
     * @param problems gets what is wrong with it; then nothing is returned
     */
    public Optional<Release> release(List<String> problems) {
        return ReleaseReader.read(jws.payload(), problems);
    }

    /** The line. */
    public String signed() {
        return signed;
    }

    /** SHA-256 of what was signed, 64 hex digits: the bundle's name. */
    public String hash() {
        return DesiredReader.sha256(jws.payload());
    }

    /** Which key is said to have signed. */
    public String keyId() {
        return jws.keyId();
    }

    /** @return the line of a bundle that carries the release */
    public static String sign(Release release, String keyId, PrivateKey key) {
        return Jws.sign(keyId, ReleaseReader.TYPE, ReleaseReader.write(release), key);
    }
}
