package org.wasla.gateway.vault;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

/** Reads what {@link SealedOutput} wrote; throws at the first chunk that is not as it was. One thread. */
public final class SealedInput extends InputStream {
    private final DataInputStream in;
    private final byte[] head;
    private final byte[] key;
    private byte[] chunk = new byte[0];
    private int at;
    private long number;
    private boolean isLast;

    /** @throws IOException when it is no backup, or one for somebody else */
    public SealedInput(InputStream in, BackupSeal seal) throws IOException {
        this.in = new DataInputStream(in);
        this.head = this.in.readNBytes(BackupSeal.HEAD_BYTES);
        this.key = seal.key(head);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        while (at == chunk.length) {
            if (isLast) {
                if (in.read() >= 0) {
                    throw new IOException(
                            "something stands behind the end of this backup; it is not as it was written");
                }
                return -1;
            }
            next();
        }
        int given = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, to, offset, given);
        at += given;
        return given;
    }

    private void next() throws IOException {
        try {
            isLast = in.readByte() == 1;
            int length = in.readInt();
            if (length < SealedOutput.TAG_BYTES || length > SealedOutput.CHUNK_BYTES + SealedOutput.TAG_BYTES) {
                throw damaged(null);
            }
            byte[] locked = new byte[length];
            in.readFully(locked);
            chunk = SealedOutput.cipher(Cipher.DECRYPT_MODE, key, number, isLast, head)
                    .doFinal(locked);
            at = 0;
            number++;
        } catch (EOFException cut) {
            throw new IOException("this backup is cut off; copy it again", cut);
        } catch (GeneralSecurityException changed) {
            throw damaged(changed);
        }
    }

    private IOException damaged(@org.jspecify.annotations.Nullable Exception cause) {
        return new IOException(
                number == 0
                        ? "the passphrase or key does not open this backup, or its beginning is damaged"
                        : "this backup is not as it was written, from about byte " + number * SealedOutput.CHUNK_BYTES
                                + "; copy it again",
                cause);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
