package org.wasla.gateway.message;

import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;

/**
 * Bytes of 8 bits on a line that needs the highest bit for itself (Mindray PDS, ZMW; bedside.md 2.2). The order was
 * settled by recorded waves whose checksums hold. Stateless.
 *
 * <pre>
 * 1ddddddd  seven times: the low bits of a byte
 * 1ggggggg  the high bits of these seven, that of the first in the lowest bit
 * </pre>
 */
final class Pack7 {
    private static final int GROUP = 8;
    private static final int MARK = 0x80;

    private Pack7() {}

    /** @return the bytes, 7 of every 8; null when there are not whole groups of marked bytes, at least one */
    static @Nullable Bytes unpack(Bytes packed) {
        if (packed.size() == 0 || packed.size() % GROUP != 0) {
            return null;
        }
        byte[] plain = new byte[packed.size() / GROUP * (GROUP - 1)];
        for (int i = 0; i < packed.size(); i++) {
            if (packed.at(i) < MARK) {
                return null;
            }
            int place = i % GROUP;
            if (place < GROUP - 1) {
                int high = packed.at(i - place + GROUP - 1) >> place & 1;
                plain[i / GROUP * (GROUP - 1) + place] = (byte) (packed.at(i) & ~MARK | high << 7);
            }
        }
        return Bytes.of(plain);
    }

    /** The way back, for simulators. What the last group lacks is zero. */
    static Bytes pack(byte[] plain) {
        int groups = (plain.length + GROUP - 2) / (GROUP - 1);
        byte[] packed = new byte[groups * GROUP];
        for (int i = 0; i < groups * (GROUP - 1); i++) {
            int octet = i < plain.length ? plain[i] & 0xff : 0;
            int group = i / (GROUP - 1) * GROUP;
            int place = i % (GROUP - 1);
            packed[group + place] = (byte) (octet | MARK);
            packed[group + GROUP - 1] |= (byte) (MARK | octet >> 7 << place);
        }
        return Bytes.of(packed);
    }
}
