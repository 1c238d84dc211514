package org.wasla.gateway.frame;

/** How a run of bytes becomes a check number. Immutable. */
public sealed interface Sum {
    /** @return the number over the bytes {@code from} (in) to {@code to} (out), those of {@code skip} left out */
    long of(byte[] buffer, int from, int to, Bytes skip);

    /** @return bits of the number, 8 to 32 */
    int width();

    /**
     * The bytes added up, modulo 2 to the power of {@code width}.
     *
     * @param inverted all bits turned over: FFh minus the sum, for 8 bits (Fresenius, bedside.md 2.9)
     */
    record Add(int width, boolean inverted) implements Sum {
        @Override
        public long of(byte[] buffer, int from, int to, Bytes skip) {
            long sum = 0;
            for (int i = from; i < to; i++) {
                sum += skip.has(buffer[i]) ? 0 : buffer[i] & 0xff;
            }
            return (inverted ? ~sum : sum) & mask(width);
        }
    }

    /**
     * The Internet checksum (RFC 1071): big-endian words of 16 bits added up with their carries, and all bits turned
     * over. A last byte alone is the high half of a word.
     */
    record Internet() implements Sum {
        @Override
        public long of(byte[] buffer, int from, int to, Bytes skip) {
            long sum = 0;
            int taken = 0;
            for (int i = from; i < to; i++) {
                if (!skip.has(buffer[i])) {
                    sum += taken++ % 2 == 0 ? (buffer[i] & 0xff) << 8 : buffer[i] & 0xff;
                }
            }
            while (sum > mask(16)) {
                sum = (sum & mask(16)) + (sum >> 16);
            }
            return ~sum & mask(16);
        }

        @Override
        public int width() {
            return 16;
        }
    }

    /** The exclusive or of all bytes. */
    record Xor() implements Sum {
        @Override
        public long of(byte[] buffer, int from, int to, Bytes skip) {
            int sum = 0;
            for (int i = from; i < to; i++) {
                sum ^= skip.has(buffer[i]) ? 0 : buffer[i] & 0xff;
            }
            return sum;
        }

        @Override
        public int width() {
            return 8;
        }
    }

    /** A cyclic redundancy check with the parameters of the Rocksoft model; {@code width} is 8 to 32. */
    record Crc(int width, long poly, long init, boolean refin, boolean refout, long xorout) implements Sum {
        public Crc {
            if (width < 8 || width > 32 || ((poly | init | xorout) & ~mask(width)) != 0) {
                throw new IllegalArgumentException("width of 8 to 32 bits, and numbers that fit in it");
            }
        }

        @Override
        public long of(byte[] buffer, int from, int to, Bytes skip) {
            long register = init;
            for (int i = from; i < to; i++) {
                if (!skip.has(buffer[i])) {
                    long octet = buffer[i] & 0xff;
                    register = shift(register ^ (refin ? mirrored(octet, 8) : octet) << width - 8);
                }
            }
            return (refout ? mirrored(register, width) : register) ^ xorout;
        }

        private long shift(long start) {
            long register = start;
            for (int bit = 0; bit < 8; bit++) {
                boolean top = (register >> width - 1 & 1) == 1;
                register = (register << 1 ^ (top ? poly : 0)) & mask(width);
            }
            return register;
        }

        private static long mirrored(long value, int bits) {
            return Long.reverse(value) >>> 64 - bits;
        }
    }

    private static long mask(int width) {
        return (1L << width) - 1;
    }
}
