package org.wasla.gateway.vault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.files.Durable;

/**
 * The data key of a box on disk, wrapped (AES key wrap, RFC 3394) under a key that is derived from what {@link KeySource}
 * gives, twice: {@value #NAME} and {@value #COPY}. One thread. A file is one line,
 *
 * <pre>
 * wasla-data-key 1 ID SALT WRAPPED CRC     hex of 4, 16, 40 and 4 bytes
 * </pre>
 */
public final class KeyFile {
    public static final String NAME = "data.key";
    public static final String COPY = "data.key.copy";
    /** Says that something here is encrypted, and with which key. */
    public static final String MARK = "encrypted";

    private static final Pattern FORM =
            Pattern.compile("(wasla-data-key 1 ([0-9a-f]{8}) ([0-9a-f]{32}) ([0-9a-f]{80})) ([0-9a-f]{8})\\s*");
    private static final int SALT_BYTES = 16;
    private static final int FILE_BYTES_MAX = 1_000;
    private static final String WRAP = "AESWrap";

    private final Path folder;
    private final KeySource source;
    private final Map<String, String> environment;

    /** @param environment where {@code CREDENTIALS_DIRECTORY} may stand */
    KeyFile(Path folder, KeySource source, Map<String, String> environment) {
        this.folder = folder;
        this.source = source;
        this.environment = environment;
    }

    /**
     * The key of a folder, made when nothing there was ever encrypted; one of its two files is made anew from the other. Null
     * when the source is none.
     *
     * @throws IOException when the secret is not to be had, does not open the key, or the key is lost
     */
    public static @Nullable DataKey open(Path folder, KeySource source) throws IOException {
        return source.isNone() ? null : new KeyFile(folder, source, System.getenv()).open();
    }

    /** The same, and nothing is made or repaired; null also when nothing is encrypted yet. */
    public static @Nullable DataKey find(Path folder, KeySource source) throws IOException {
        return source.isNone() ? null : new KeyFile(folder, source, System.getenv()).find();
    }

    /** Writes a key into a folder, wrapped with what its new board offers. Files that are there are replaced. */
    public static void write(Path folder, KeySource source, DataKey key) throws IOException {
        KeyFile file = new KeyFile(folder, source, System.getenv());
        file.write(List.of(COPY, NAME), file.line(key));
    }

    /** One of the two files, read. */
    private static final class Wrapped {
        private final String text;
        private final String id;
        private final byte[] salt;
        private final byte[] wrapped;

        Wrapped(String text, String id, byte[] salt, byte[] wrapped) {
            this.text = text;
            this.id = id;
            this.salt = salt;
            this.wrapped = wrapped;
        }

        String text() {
            return text;
        }

        String id() {
            return id;
        }

        byte[] salt() {
            return salt;
        }

        byte[] wrapped() {
            return wrapped;
        }
    }

    DataKey open() throws IOException {
        Wrapped first = read(NAME);
        Wrapped second = read(COPY);
        DataKey key = unwrapped(first, second);
        if (key == null) {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            DataKey fresh = DataKey.fresh();
            write(List.of(COPY, NAME), line(fresh));
            return fresh;
        }
        String good = good(first, second).text();
        if (first == null || !first.text().equals(good)) {
            write(List.of(NAME), good);
        }
        if (second == null || !second.text().equals(good)) {
            write(List.of(COPY), good);
        }
        return key;
    }

    @Nullable
    DataKey find() throws IOException {
        return unwrapped(read(NAME), read(COPY));
    }

    private static Wrapped good(@Nullable Wrapped first, @Nullable Wrapped second) {
        if (first != null) {
            return first;
        }
        if (second != null) {
            return second;
        }
        throw new IllegalStateException("there is no key");
    }

    /** Null when there never was one. */
    private @Nullable DataKey unwrapped(@Nullable Wrapped first, @Nullable Wrapped second) throws IOException {
        if (first == null && second == null) {
            boolean isThere = Files.exists(folder.resolve(NAME)) || Files.exists(folder.resolve(COPY));
            Optional<String> mark = mark(folder);
            if (isThere || mark.isPresent()) {
                throw new IOException("the key of " + folder + " is " + (isThere ? "damaged" : "lost")
                        + ": nothing there can be read without it; put " + NAME
                        + mark.map(id -> " of the key " + id).orElse("")
                        + " back from a backup, or move the folder away and start anew");
            }
            return null;
        }
        byte[] secret = source.secret(environment);
        Wrapped wrapped = good(first, second);
        try {
            Cipher cipher = Cipher.getInstance(WRAP);
            cipher.init(Cipher.UNWRAP_MODE, kek(secret, wrapped.salt()));
            DataKey key = new DataKey(
                    cipher.unwrap(wrapped.wrapped(), "AES", Cipher.SECRET_KEY).getEncoded());
            if (key.id().equals(wrapped.id())) {
                return key;
            }
        } catch (InvalidKeyException wrong) {
            throw wrong();
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
        throw wrong();
    }

    private WrongKeyException wrong() {
        return new WrongKeyException("the key does not open this buffer: what " + source.text()
                + " gives is not what " + folder.resolve(NAME) + " was wrapped with; give the secret that it was made"
                + " with, or restore a backup (nothing was changed)");
    }

    private static SecretKeySpec kek(byte[] secret, byte[] salt) {
        return new SecretKeySpec(Hkdf.derive(secret, salt, "wasla data key 1", DataKey.BYTES), "AES");
    }

    private String line(DataKey key) throws IOException {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        try {
            Cipher cipher = Cipher.getInstance(WRAP);
            cipher.init(Cipher.WRAP_MODE, kek(source.secret(environment), salt));
            byte[] wrapped = cipher.wrap(new SecretKeySpec(key.bytes(), "AES"));
            HexFormat hex = HexFormat.of();
            String text = "wasla-data-key 1 " + key.id() + " " + hex.formatHex(salt) + " " + hex.formatHex(wrapped);
            return text + " " + crc(text) + "\n";
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static String crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return String.format("%08x", crc.getValue());
    }

    /** Null when the file is none of a key. */
    private @Nullable Wrapped read(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file) || Files.size(file) > FILE_BYTES_MAX) {
            return null;
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        Matcher line = FORM.matcher(text);
        if (!line.matches() || !crc(line.group(1)).equals(line.group(5))) {
            return null;
        }
        HexFormat hex = HexFormat.of();
        return new Wrapped(text, line.group(2), hex.parseHex(line.group(3)), hex.parseHex(line.group(4)));
    }

    /** The id of the key that something in a folder is encrypted with; empty when nothing says so. */
    public static Optional<String> mark(Path folder) throws IOException {
        Path file = folder.resolve(MARK);
        if (!Files.isRegularFile(file) || Files.size(file) > FILE_BYTES_MAX) {
            return Optional.empty();
        }
        String id = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
        return id.matches("[0-9a-f]{8}") ? Optional.of(id) : Optional.empty();
    }

    /** Notes that from now on something in a folder is encrypted. Returns when that would survive the plug being pulled. */
    public static void mark(Path folder, String id) throws IOException {
        new KeyFile(folder, KeySource.NONE, Map.of()).write(List.of(MARK), id + "\n");
    }

    /** One after the other, each whole or not at all. */
    private void write(List<String> names, String text) throws IOException {
        for (String name : names) {
            Durable.writeOwned(folder.resolve(name), text.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
