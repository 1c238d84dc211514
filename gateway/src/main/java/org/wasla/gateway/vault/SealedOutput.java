package org.wasla.gateway.vault;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A stream in locked chunks (ChaCha20-Poly1305): number and end go into the nonce, the head into what is authenticated, so
 * that a chunk that is missing, moved, changed or cut off at the end is found. One thread. A chunk is
 *
 * <pre>
 * last or not (1) | length of what follows (4) | ciphertext and tag
 * </pre>
 */
public final class SealedOutput extends OutputStream {
    static final int CHUNK_BYTES = 64 << 10;
    static final int TAG_BYTES = 16;

    private final OutputStream out;
    private final BackupSeal.Opened opened;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int size;
    private long number;
    private boolean isEnded;

    /** Writes the head at once. The stream below stays the caller's. */
    public SealedOutput(OutputStream out, BackupSeal seal) throws IOException {
        this.out = out;
        this.opened = seal.close();
        out.write(opened.head());
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int left = length;
        while (left > 0) {
            if (size == CHUNK_BYTES) {
                put(false);
            }
            int taken = Math.min(left, CHUNK_BYTES - size);
            System.arraycopy(bytes, at, chunk, size, taken);
            size += taken;
            at += taken;
            left -= taken;
        }
    }

    private void put(boolean isLast) throws IOException {
        try {
            byte[] locked = cipher(Cipher.ENCRYPT_MODE, opened.key(), number, isLast, opened.head())
                    .doFinal(chunk, 0, size);
            out.write(ByteBuffer.allocate(5)
                    .put((byte) (isLast ? 1 : 0))
                    .putInt(locked.length)
                    .array());
            out.write(locked);
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
        number++;
        size = 0;
    }

    static Cipher cipher(int mode, byte[] key, long number, boolean isLast, byte[] head)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
        byte[] nonce =
                ByteBuffer.allocate(12).putInt(isLast ? 1 : 0).putLong(number).array();
        cipher.init(mode, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
        cipher.updateAAD(head);
        return cipher;
    }

    /** The last chunk: without it the stream counts as cut off. */
    public void end() throws IOException {
        if (!isEnded) {
            isEnded = true;
            put(true);
            out.flush();
        }
    }

    /** Ends nothing: what fails in the middle must not look whole. */
    @Override
    public void close() throws IOException {
        out.close();
    }
}
