package org.wasla.gateway.vault;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keys out of a secret: HKDF with SHA-256 (RFC 5869, 2). Stateless. */
public final class Hkdf {
    private static final String MAC = "HmacSHA256";
    private static final int MAC_BYTES = 32;

    private Hkdf() {}

    /**
     * @param salt empty for none
     * @param info what the key is for
     * @param length in bytes, at most 8,160
     */
    public static byte[] derive(byte[] secret, byte[] salt, String info, int length) {
        return derive(secret, salt, info.getBytes(StandardCharsets.UTF_8), length);
    }

    static byte[] derive(byte[] secret, byte[] salt, byte[] info, int length) {
        byte[] key = mac(salt.length == 0 ? new byte[MAC_BYTES] : salt, secret);
        byte[] block = new byte[0];
        ByteBuffer out = ByteBuffer.allocate(length);
        for (int i = 1; out.hasRemaining(); i++) {
            block = mac(key, block, info, new byte[] {(byte) i});
            out.put(block, 0, Math.min(block.length, out.remaining()));
        }
        return out.array();
    }

    private static byte[] mac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
