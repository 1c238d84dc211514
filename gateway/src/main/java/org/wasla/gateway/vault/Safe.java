package org.wasla.gateway.vault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Locks bytes up for one purpose, so that nobody reads or changes them without the key: ChaCha20-Poly1305 (RFC 8439), which
 * needs no help of the processor. Thread-safe. What comes out is
 *
 * <pre>
 * magic WSLK (4) | id of the key (4) | salt (16) | count (8) | ciphertext | tag (16)
 * </pre>
 *
 * Each safe draws a salt when it is made, derives a key of its own from that, and counts what it locks from 0: the count is
 * the nonce. Nothing of that is ever read back from a disk, so that no power cut and no file that came back older than it
 * was can lead to the same key and nonce twice.
 */
public final class Safe {
    /** Locks nothing: what goes in comes out. */
    public static final Safe NONE = new Safe("", new byte[0]);

    private static final int MAGIC = 0x57534c4b;
    private static final String TEXT_MARK = "wslk:";
    private static final String ALGORITHM = "ChaCha20-Poly1305";
    private static final String KEY_ALGORITHM = "ChaCha20";
    private static final int ID_BYTES = 4;
    private static final int SALT_BYTES = 16;
    private static final int HEAD_BYTES = 4 + ID_BYTES + SALT_BYTES + 8;
    private static final int TAG_BYTES = 16;
    /** So many bytes are added. */
    public static final int MORE_BYTES = HEAD_BYTES + TAG_BYTES;

    private static final int NONCE_BYTES = 12;
    private static final int KEYS_MAX = 64;

    private final String id;
    private final byte[] key;
    private final byte[] salt = new byte[SALT_BYTES];
    private final AtomicLong count = new AtomicLong();
    private final @Nullable SecretKeySpec own;
    private final Map<String, SecretKeySpec> keys = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SecretKeySpec> eldest) {
            return size() > KEYS_MAX;
        }
    };

    Safe(String id, byte[] key) {
        this.id = id;
        this.key = key;
        if (id.isEmpty()) {
            own = null;
        } else {
            new SecureRandom().nextBytes(salt);
            own = derived(salt);
        }
    }

    /** Whether it locks anything. */
    public boolean isLocking() {
        return own != null;
    }

    /** Of its key; empty when it locks nothing. */
    public String id() {
        return id;
    }

    private SecretKeySpec derived(byte[] from) {
        return new SecretKeySpec(Hkdf.derive(key, from, "wasla session", DataKey.BYTES), KEY_ALGORITHM);
    }

    /** @param about what the bytes belong to; they open for nothing else */
    public byte[] lock(byte[] clear, int offset, int length, byte[] about) {
        if (own == null) {
            return Arrays.copyOfRange(clear, offset, offset + length);
        }
        long number = count.getAndIncrement();
        ByteBuffer out = ByteBuffer.allocate(length + MORE_BYTES);
        out.putInt(MAGIC).put(HexFormat.of().parseHex(id)).put(salt).putLong(number);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, own, number, about);
            cipher.doFinal(ByteBuffer.wrap(clear, offset, length), out);
            return out.array();
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** The whole of an array. */
    public byte[] lock(byte[] clear, String about) {
        return lock(clear, 0, clear.length, about.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether these bytes were locked by some safe. */
    public static boolean isLocked(byte[] bytes, int offset, int length) {
        return length >= MORE_BYTES && ByteBuffer.wrap(bytes, offset, 4).getInt() == MAGIC;
    }

    /**
     * What was locked; bytes that never were come back as they are, so that what was written before there was a key can be read.
     *
     * @throws WrongKeyException when another key locked them
     * @throws IOException when they are not as they were locked
     */
    public byte[] unlock(byte[] bytes, int offset, int length, byte[] about) throws IOException {
        if (!isLocked(bytes, offset, length)) {
            return Arrays.copyOfRange(bytes, offset, offset + length);
        }
        String by = HexFormat.of().formatHex(bytes, offset + 4, offset + 4 + ID_BYTES);
        if (!by.equals(id)) {
            throw new WrongKeyException(
                    id.isEmpty()
                            ? "it is encrypted with the key " + by
                                    + ", and buffer.key is empty; write where its key comes from"
                            : "it is encrypted with the key " + by + ", and this box has the key " + id
                                    + "; put back the data.key that belongs to it");
        }
        int saltAt = offset + 4 + ID_BYTES;
        long number = ByteBuffer.wrap(bytes, saltAt + SALT_BYTES, 8).getLong();
        byte[] of = Arrays.copyOfRange(bytes, saltAt, saltAt + SALT_BYTES);
        try {
            return cipher(Cipher.DECRYPT_MODE, known(of), number, about)
                    .doFinal(bytes, offset + HEAD_BYTES, length - HEAD_BYTES);
        } catch (GeneralSecurityException changed) {
            throw new IOException("what is encrypted is not as it was written", changed);
        }
    }

    /** The whole of an array. */
    public byte[] unlock(byte[] bytes, String about) throws IOException {
        return unlock(bytes, 0, bytes.length, about.getBytes(StandardCharsets.UTF_8));
    }

    /** One line of text, without line ends in it. */
    public String lockLine(String clear, String about) {
        return isLocking()
                ? TEXT_MARK
                        + Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(lock(clear.getBytes(StandardCharsets.UTF_8), about))
                : clear;
    }

    /** The line that was locked; one that never was comes back as it is. */
    public String unlockLine(String line, String about) throws IOException {
        if (!line.startsWith(TEXT_MARK)) {
            return line;
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(line.substring(TEXT_MARK.length()));
            return new String(unlock(bytes, about), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException noBase64) {
            throw new IOException("what is encrypted is not as it was written", noBase64);
        }
    }

    private SecretKeySpec known(byte[] of) {
        String name = HexFormat.of().formatHex(of);
        synchronized (keys) {
            return keys.computeIfAbsent(name, none -> derived(of));
        }
    }

    /** A new cipher each time: the JDK's refuses to open the same twice with one. */
    private static Cipher cipher(int mode, SecretKeySpec key, long number, byte[] about)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(ALGORITHM);
        byte[] nonce =
                ByteBuffer.allocate(NONCE_BYTES).putInt(0).putLong(number).array();
        cipher.init(mode, key, new IvParameterSpec(nonce));
        cipher.updateAAD(about);
        return cipher;
    }

    /** Never the key. */
    @Override
    public String toString() {
        return "Safe[" + id + "]";
    }
}
