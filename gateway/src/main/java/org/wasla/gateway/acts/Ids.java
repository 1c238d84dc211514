package org.wasla.gateway.acts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names of acts: the first 96 bits of the SHA-256 of what makes an act that act. No key and no counter is in it, so that a
 * restart, another buffer or a new disk gives the same act the same name. Stateless.
 */
final class Ids {
    private static final int BYTES = 12;

    private Ids() {}

    /** @param parts in this order; the bounds between them count */
    static String of(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
                digest.update(bytes);
            }
            return "a-" + HexFormat.of().formatHex(digest.digest(), 0, BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** @return 64 bits of a name, enough to tell one box's acts apart */
    static long key(String id) {
        return HexFormat.fromHexDigitsToLong(id, 2, 18);
    }
}
