package org.wasla.gateway.render;

import java.io.IOException;
import java.util.Arrays;

/**
 * Samples in few bytes: each is its difference to the one before, the first to 0; differences are written as zigzag
 * varints, seven bits a byte, the lowest first, the top bit set on all but the last. Neighbours of a wave differ by
 * little, so that most take one byte. Samples and differences have 32 and 33 bits at most. Stateless.
 */
final class Differences {
    /** Five bytes hold 35 bits; the zigzag of a difference has 33. */
    private static final int VARINT_BYTES_MAX = 5;

    private Differences() {}

    /** @param samples of which the first {@code count} are packed */
    static byte[] pack(int[] samples, int count) {
        byte[] packed = new byte[count * VARINT_BYTES_MAX];
        int length = 0;
        long before = 0;
        for (int i = 0; i < count; i++) {
            long difference = samples[i] - before;
            before = samples[i];
            long rest = difference << 1 ^ difference >> 63;
            while (rest >= 0x80) {
                packed[length++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            packed[length++] = (byte) rest;
        }
        return Arrays.copyOf(packed, length);
    }

    /** @throws IOException when the bytes end within a number, or a sample has more than 32 bits */
    static int[] unpack(byte[] packed, int from, int to) throws IOException {
        int[] samples = new int[to - from];
        int count = 0;
        long sample = 0;
        int at = from;
        while (at < to) {
            long zigzag = 0;
            int bytes = 0;
            byte next;
            do {
                if (at == to || bytes == VARINT_BYTES_MAX) {
                    throw new IOException("a sample ends in the middle, or has more than 32 bits");
                }
                next = packed[at++];
                zigzag |= (next & 0x7fL) << 7 * bytes++;
            } while (next < 0);
            sample += zigzag >>> 1 ^ -(zigzag & 1);
            if (sample != (int) sample) {
                throw new IOException("a sample has more than 32 bits");
            }
            samples[count++] = (int) sample;
        }
        return Arrays.copyOf(samples, count);
    }
}
