package org.wasla.gateway.codec;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import org.wasla.gateway.frame.Bytes;

/** Writes numbers, most significant byte first, and lengths in front of what they count. One thread. */
public final class ApduWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);

    public ApduWriter hex(String hex) {
        out.writeBytes(Bytes.hex(hex).toArray());
        return this;
    }

    public ApduWriter u1(int value) {
        out.write(value);
        return this;
    }

    public ApduWriter u2(int value) {
        return u1(value >> 8).u1(value);
    }

    public ApduWriter u4(long value) {
        return u2((int) (value >> 16)).u2((int) value);
    }

    /** The bytes that the body writes, with their count in two bytes before them. */
    public ApduWriter sized(Consumer<ApduWriter> body) {
        byte[] content = written(body);
        u2(content.length);
        out.writeBytes(content);
        return this;
    }

    /** A list as IEEE 11073 writes them: how many elements, how many bytes, the elements. */
    public ApduWriter list(int count, Consumer<ApduWriter> elements) {
        return u2(count).sized(elements);
    }

    /** The bytes that the body writes, with their count in one byte before them, or in three from 255 on. */
    public ApduWriter indicated(Consumer<ApduWriter> body) {
        byte[] content = written(body);
        if (content.length < 0xff) {
            u1(content.length);
        } else {
            u1(0xff).u2(content.length);
        }
        out.writeBytes(content);
        return this;
    }

    public Bytes bytes() {
        return Bytes.of(out.toByteArray());
    }

    private static byte[] written(Consumer<ApduWriter> body) {
        ApduWriter inner = new ApduWriter();
        body.accept(inner);
        return inner.out.toByteArray();
    }
}
