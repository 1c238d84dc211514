package org.wasla.gateway.vault;

import java.security.SecureRandom;
import java.util.HexFormat;

/** The 256 random bits that lock up what a box keeps; from them comes a key for each purpose. Immutable. */
public final class DataKey {
    static final int BYTES = 32;
    private static final int ID_BYTES = 4;

    private final byte[] key;
    private final String id;

    DataKey(byte[] key) {
        this.key = key.clone();
        this.id = HexFormat.of().formatHex(Hkdf.derive(key, new byte[0], "wasla data key id", ID_BYTES));
    }

    /** Random, and written nowhere yet. */
    public static DataKey fresh() {
        byte[] key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        return new DataKey(key);
    }

    /** Eight hex digits that tell one key from another and say nothing of it. */
    public String id() {
        return id;
    }

    /** @param purpose what it locks opens only with a safe for the same */
    public Safe safe(String purpose) {
        return new Safe(id, Hkdf.derive(key, new byte[0], "wasla " + purpose, BYTES));
    }

    /** The key itself in hex: only for what is locked up as a whole, as a backup is. */
    public String secretText() {
        return HexFormat.of().formatHex(key);
    }

    /** @param text as {@link #secretText} gives it */
    public static DataKey ofSecretText(String text) {
        return new DataKey(HexFormat.of().parseHex(text));
    }

    /** The key itself, to be wrapped. */
    byte[] bytes() {
        return key.clone();
    }

    /** Never the key. */
    @Override
    public String toString() {
        return "DataKey[" + id + "]";
    }
}
