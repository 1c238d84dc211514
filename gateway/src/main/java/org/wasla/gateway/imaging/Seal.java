package org.wasla.gateway.imaging;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Says in the preamble of a file (its first 128 bytes, which the standard leaves free) that all of it was received, so that
 * a file tells by itself whether it is whole. Immutable.
 *
 * <pre>
 * 0 "WASLADS1"   8 bytes of the data set 8   16 received, UTC ms 8   24 CRC32C of the data set 4   28 CRC32C of 0 to 27
 * </pre>
 */
record Seal(long bytes, long receivedMs, int crc) {
    static final int BYTES = 32;
    private static final long MAGIC = 0x5741534c41445331L;
    private static final int CHECKED_BYTES = 28;

    ByteBuffer write() {
        ByteBuffer seal = ByteBuffer.allocate(BYTES);
        seal.putLong(MAGIC).putLong(bytes).putLong(receivedMs).putInt(crc);
        return seal.putInt(crc(seal.array())).flip();
    }

    /** Null when these are the first bytes of no sealed file. */
    static @Nullable Seal read(byte[] file) {
        if (file.length < BYTES) {
            return null;
        }
        ByteBuffer seal = ByteBuffer.wrap(file);
        boolean isSeal = seal.getLong() == MAGIC;
        Seal read = new Seal(seal.getLong(), seal.getLong(), seal.getInt());
        return isSeal && seal.getInt() == crc(file) ? read : null;
    }

    private static int crc(byte[] seal) {
        CRC32C crc = new CRC32C();
        crc.update(seal, 0, CHECKED_BYTES);
        return (int) crc.getValue();
    }
}
