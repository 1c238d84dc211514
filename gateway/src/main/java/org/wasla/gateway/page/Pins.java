package org.wasla.gateway.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.wasla.gateway.files.Durable;
import org.wasla.gateway.frame.Bytes;

/**
 * The hashes of the page's PINs, one a role. Immutable. In the file a line a role, {@code viewer} or {@code installer}:
 *
 * <pre>installer pbkdf2-sha256 ROUNDS SALT HASH</pre>
 *
 * with salt and hash in base64 (PBKDF2 of RFC 8018 with HMAC-SHA-256).
 */
public final class Pins {
    public static final int LENGTH_MIN = 6;
    public static final int LENGTH_MAX = 64;
    private static final String KIND = "pbkdf2-sha256";
    private static final int ROUNDS = 120_000;
    private static final int ROUNDS_MAX = 10_000_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int FILE_BYTES_MAX = 4_000;
    private static final int PARTS = 5;

    private final Map<Role, Hash> hashes;

    private record Hash(int rounds, Bytes salt, Bytes hash) {
        static Hash of(char[] pin, int rounds) {
            byte[] salt = new byte[SALT_BYTES];
            new SecureRandom().nextBytes(salt);
            return new Hash(rounds, Bytes.of(salt), Bytes.of(derived(pin, salt, rounds)));
        }

        boolean fits(char[] pin) {
            return MessageDigest.isEqual(hash.toArray(), derived(pin, salt.toArray(), rounds));
        }

        String line(Role role) {
            Base64.Encoder base64 = Base64.getEncoder();
            return String.join(
                    " ",
                    role.wire(),
                    KIND,
                    String.valueOf(rounds),
                    base64.encodeToString(salt.toArray()),
                    base64.encodeToString(hash.toArray()));
        }
    }

    private Pins(Map<Role, Hash> hashes) {
        this.hashes = new EnumMap<>(Role.class);
        this.hashes.putAll(hashes);
    }

    /** @throws IOException saying what is wrong with the file, and never what is in it */
    public static Pins read(Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException("is too large for a file of PINs; make it anew with wasla page pin");
        }
        Map<Role, Hash> hashes = new EnumMap<>(Role.class);
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            if (!line.isBlank()) {
                add(line.strip().split(" "), hashes);
            }
        }
        if (hashes.isEmpty()) {
            throw new IOException("holds no PIN; make one with wasla page pin");
        }
        return new Pins(hashes);
    }

    private static void add(String[] parts, Map<Role, Hash> hashes) throws IOException {
        try {
            Role role = Role.valueOf(parts[0].toUpperCase(Locale.ROOT));
            int rounds = parts.length == PARTS && parts[1].equals(KIND) ? Integer.parseInt(parts[2]) : 0;
            if (role != Role.NOBODY && rounds > 0 && rounds <= ROUNDS_MAX) {
                byte[] salt = Base64.getDecoder().decode(parts[3]);
                byte[] hash = Base64.getDecoder().decode(parts[4]);
                if (salt.length == SALT_BYTES && hash.length == HASH_BYTES) {
                    hashes.put(role, new Hash(rounds, Bytes.of(salt), Bytes.of(hash)));
                    return;
                }
            }
        } catch (IllegalArgumentException noSuchLine) {
            // told below
        }
        throw new IOException("has a line that is no hash of a PIN; make the file anew with wasla page pin");
    }

    /**
     * Puts a PIN into a file, in the place of the same role's older one. Its owner may read it, and the group of the folder
     * where the folder is closed to others. A first PIN that it replaces is forgotten.
     */
    public static void write(Path file, Role role, char[] pin) throws IOException {
        write(file, role, pin, ROUNDS);
        if (role == Role.INSTALLER) {
            Files.deleteIfExists(first(file));
        }
    }

    /**
     * Makes the first PIN of the installer, another one for every box, and keeps it in clear beside the file, for its owner
     * alone.
     */
    public static void make(Path file) throws IOException {
        String pin = String.format(Locale.ROOT, "%08d", new SecureRandom().nextInt(100_000_000));
        write(file, Role.INSTALLER, pin.toCharArray());
        Durable.writeOwned(first(file), (pin + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** Where the first PIN of a file stands in clear, until another one replaces it. */
    public static Path first(Path file) {
        return file.resolveSibling(file.getFileName() + ".first");
    }

    /** @param rounds how slow it is to try one */
    static void write(Path file, Role role, char[] pin, int rounds) throws IOException {
        Map<Role, Hash> hashes = Files.exists(file) ? new EnumMap<>(read(file).hashes) : new EnumMap<>(Role.class);
        hashes.put(role, Hash.of(pin, rounds));
        List<String> lines = new ArrayList<>();
        hashes.forEach((each, hash) -> lines.add(hash.line(each)));
        Durable.writeForGroup(file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** The highest role whose PIN this is; takes as long for a wrong one as for a right one. */
    Role role(char[] pin) {
        Role found = Role.NOBODY;
        for (Map.Entry<Role, Hash> each : hashes.entrySet()) {
            // Every hash is computed: how long it takes tells nothing of which one fits.
            boolean fits = each.getValue().fits(pin);
            found = fits && each.getKey().mayBe(found) ? each.getKey() : found;
        }
        return found;
    }

    private static byte[] derived(char[] pin, byte[] salt, int rounds) {
        PBEKeySpec spec = new PBEKeySpec(pin, salt, rounds, HASH_BYTES * 8);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        } finally {
            spec.clearPassword();
        }
    }

    @Override
    public String toString() {
        return "Pins" + Arrays.toString(hashes.keySet().toArray());
    }
}
