package org.wasla.gateway.frame;

/**
 * The sum of the bytes {@code from} (in) to {@code to} (out) of a block modulo 256 stands at index {@code at}.
 * All three are indexes from the block's start.
 */
public record Check(int from, int to, int at) {
    boolean holds(byte[] buffer, int block) {
        return (buffer[block + at] & 0xff) == sum(buffer, block);
    }

    void write(byte[] buffer, int block) {
        buffer[block + at] = (byte) sum(buffer, block);
    }

    private int sum(byte[] buffer, int block) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum += buffer[block + i] & 0xff;
        }
        return sum & 0xff;
    }
}
