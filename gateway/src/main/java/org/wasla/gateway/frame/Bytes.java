package org.wasla.gateway.frame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** An immutable run of bytes that compares by content and prints as hex. Thread-safe. */
public final class Bytes {
    public static final Bytes NONE = new Bytes(new byte[0]);
    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    public static Bytes of(byte[] source, int from, int to) {
        return new Bytes(Arrays.copyOfRange(source, from, to));
    }

    public static Bytes of(byte[] source) {
        return new Bytes(source.clone());
    }

    /** One byte a character: the text may hold the characters 0 to 255 only. */
    public static Bytes latin1(String text) {
        return new Bytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** @param hex pairs of hex digits; white space between them is ignored */
    public static Bytes hex(String hex) {
        return new Bytes(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
    }

    public int size() {
        return content.length;
    }

    /** @return the byte at the index, 0 to 255 */
    public int at(int index) {
        return content[index] & 0xff;
    }

    public Bytes slice(int from, int to) {
        return of(content, from, to);
    }

    /** Whether one of these bytes is that one. */
    public boolean has(byte octet) {
        for (byte each : content) {
            if (each == octet) {
                return true;
            }
        }
        return false;
    }

    public boolean startsAt(byte[] buffer, int from, int to) {
        return to - from >= content.length
                && Arrays.equals(buffer, from, from + content.length, content, 0, content.length);
    }

    /** @return where these bytes, at least one, first stand whole between the two indexes, or -1 */
    int find(byte[] buffer, int from, int to) {
        byte first = content[0];
        for (int i = from; i <= to - content.length; i++) {
            // One comparison a byte: this is the innermost loop of all reading.
            if (buffer[i] == first && startsAt(buffer, i, to)) {
                return i;
            }
        }
        return -1;
    }

    public byte[] toArray() {
        return content.clone();
    }

    /** @return one character a byte */
    public String latin1() {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(content);
    }
}
