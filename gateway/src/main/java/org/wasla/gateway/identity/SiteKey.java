package org.wasla.gateway.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.wasla.gateway.patient.PatientId;
import org.wasla.gateway.vault.Safe;
import org.wasla.gateway.vault.WrongKeyException;

/**
 * The site's key: makes pseudonyms (HMAC-SHA-256, first 8 bytes) and locks up what is clear (AES-256-GCM). Thread-safe. Its
 * file is one line, {@code wasla-site-key <version> <hex of 32 bytes for pseudonyms> <hex of 32 bytes for encryption>},
 * locked where the box is encrypted.
 */
public final class SiteKey {
    private static final Pattern FORM =
            Pattern.compile("wasla-site-key ([1-9]\\d{0,8}) ([0-9a-f]{64}) ([0-9a-f]{64})\\s*");
    private static final String ABOUT = "site.key";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int REF_BYTES = 8;
    private static final int FILE_BYTES_MAX = 1_000;

    private final SecureRandom random = new SecureRandom();
    private final int version;
    private final byte[] naming;
    private final byte[] locking;

    private SiteKey(int version, byte[] naming, byte[] locking) {
        this.version = version;
        this.naming = naming;
        this.locking = locking;
    }

    /**
     * Empty when the file is none of a key.
     *
     * @throws org.wasla.gateway.vault.WrongKeyException when it is locked with another key than that of the safe
     */
    static Optional<SiteKey> read(Path file, Safe safe) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            return Optional.empty();
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        Matcher line = FORM.matcher(unlocked(text.strip(), safe));
        if (!line.matches()) {
            return Optional.empty();
        }
        HexFormat hex = HexFormat.of();
        return Optional.of(
                new SiteKey(Integer.parseInt(line.group(1)), hex.parseHex(line.group(2)), hex.parseHex(line.group(3))));
    }

    private static String unlocked(String text, Safe safe) throws IOException {
        try {
            return safe.unlockLine(text, ABOUT);
        } catch (WrongKeyException notOurs) {
            throw notOurs;
        } catch (IOException changed) {
            return "";
        }
    }

    /** A new one of this version, from 1 up. */
    static SiteKey fresh(int version) {
        SecureRandom random = new SecureRandom();
        byte[] naming = new byte[KEY_BYTES];
        byte[] locking = new byte[KEY_BYTES];
        random.nextBytes(naming);
        random.nextBytes(locking);
        return new SiteKey(version, naming, locking);
    }

    String text(Safe safe) {
        HexFormat hex = HexFormat.of();
        String text = "wasla-site-key " + version + " " + hex.formatHex(naming) + " " + hex.formatHex(locking);
        return safe.lockLine(text, ABOUT) + "\n";
    }

    /** Rises by one at every rotation. */
    public int version() {
        return version;
    }

    /** @return {@code p:} and 16 hex digits, the same for the same number of the same authority */
    public String patient(PatientId id) {
        return "p:" + digest("patient\0" + id.authority() + "\0" + id.value());
    }

    /** @return {@code o:} and 16 hex digits, for a person of the staff */
    public String staff(String name) {
        return "o:" + digest("staff\0" + name);
    }

    /** @return {@code x:} and 16 hex digits, for an id that another system gave an association */
    public String foreign(String id) {
        return "x:" + digest("association\0" + id);
    }

    private String digest(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(naming, "HmacSHA256"));
            byte[] all = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(all, 0, REF_BYTES);
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** @param of what the text belongs to; it opens for nothing else */
    String lock(String text, String of) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] locked = cipher(Cipher.ENCRYPT_MODE, nonce, of).doFinal(text.getBytes(StandardCharsets.UTF_8));
            byte[] whole = Arrays.copyOf(nonce, NONCE_BYTES + locked.length);
            System.arraycopy(locked, 0, whole, NONCE_BYTES, locked.length);
            return Base64.getEncoder().encodeToString(whole);
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** Empty when it was locked with another key, belongs to something else, or was changed. */
    Optional<String> unlock(String locked, String of) {
        try {
            byte[] whole = Base64.getDecoder().decode(locked);
            if (whole.length < NONCE_BYTES + TAG_BITS / 8) {
                return Optional.empty();
            }
            byte[] clear = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(whole, NONCE_BYTES), of)
                    .doFinal(whole, NONCE_BYTES, whole.length - NONCE_BYTES);
            return Optional.of(new String(clear, StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String of) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(locking, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(of.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    @Override
    public String toString() {
        return "SiteKey[" + version + "]";
    }
}
