package org.wasla.gateway.outbox;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the fields of journal records and blocks into a growing array, big endian. One thread. */
final class Packer {

    private byte[] bytes;
    private int size;

    Packer(int bytesFirst) {
        this.bytes = new byte[bytesFirst];
    }

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }

    void putByte(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    void putInt(int value) {
        room(4);
        setInt(size, value);
        size += 4;
    }

    /** Overwrites four bytes that were put before. */
    void setInt(int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }

    void putLong(long value) {
        putInt((int) (value >>> 32));
        putInt((int) value);
    }

    /** Seven bits a byte, the lowest first; small numbers take one byte. */
    void putVar(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    void putText(String text) {
        putBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** With their number before them. */
    void putBytes(byte[] value) {
        putVar(value.length);
        put(value, 0, value.length);
    }

    void put(byte[] value, int offset, int length) {
        room(length);
        System.arraycopy(value, offset, bytes, size, length);
        size += length;
    }

    int size() {
        return size;
    }

    /** Forgets what was put; a large array is given back. */
    void clear(int bytesKept) {
        size = 0;
        if (bytes.length > bytesKept) {
            bytes = new byte[bytesKept];
        }
    }

    /** What was put, not copied. */
    byte[] array() {
        return bytes;
    }

    static long var(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = from.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than ten bytes");
    }

    static String text(ByteBuffer from) {
        return new String(bytes(from), StandardCharsets.UTF_8);
    }

    /** Throws when more are announced than there are. */
    static byte[] bytes(ByteBuffer from) {
        long length = var(from);
        if (length < 0 || length > from.remaining()) {
            throw new IllegalArgumentException("announces " + length + " bytes of " + from.remaining());
        }
        byte[] value = new byte[(int) length];
        from.get(value);
        return value;
    }
}
