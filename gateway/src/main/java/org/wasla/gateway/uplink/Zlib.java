package org.wasla.gateway.uplink;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * zlib streams (RFC 1950), plain or with the dictionary that the contract publishes, {@code ops/contract/deflate-d1.dict},
 * which the build copies beside this class. Stateless.
 */
final class Zlib {
    /** Our messages have 1 MB at most before they are deflated; from others it is a bound. */
    static final int INFLATED_BYTES_MAX = 16 << 20;

    private static final int CHUNK_BYTES = 4 << 10;
    private static final byte[] DICTIONARY = load();

    private Zlib() {}

    static byte[] deflate(byte[] bytes, boolean withDictionary) {
        Deflater deflater = new Deflater();
        try {
            if (withDictionary) {
                deflater.setDictionary(DICTIONARY);
            }
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2 + 64);
            byte[] chunk = new byte[CHUNK_BYTES];
            while (!deflater.finished()) {
                out.write(chunk, 0, deflater.deflate(chunk));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    /**
     * Takes both: a stream says in its head which dictionary it needs.
     *
     * @throws IOException when it is damaged, cut, larger than 16 MiB, or needs another dictionary
     */
    static byte[] inflate(byte[] deflated) throws IOException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(deflated);
            ByteArrayOutputStream out = new ByteArrayOutputStream(4 * deflated.length);
            byte[] chunk = new byte[CHUNK_BYTES];
            while (!inflater.finished()) {
                int count = inflater.inflate(chunk);
                if (count == 0 && inflater.needsDictionary()) {
                    inflater.setDictionary(DICTIONARY);
                } else if (count == 0 && inflater.needsInput()) {
                    throw new IOException("a zlib stream that ends in the middle");
                }
                out.write(chunk, 0, count);
                if (out.size() > INFLATED_BYTES_MAX) {
                    throw new IOException("a zlib stream of more than " + INFLATED_BYTES_MAX + " bytes");
                }
            }
            return out.toByteArray();
        } catch (DataFormatException damaged) {
            throw new IOException("a damaged zlib stream", damaged);
        } catch (IllegalArgumentException other) {
            throw new IOException("a zlib stream with another dictionary", other);
        } finally {
            inflater.end();
        }
    }

    private static byte[] load() {
        try (InputStream file = Objects.requireNonNull(Zlib.class.getResourceAsStream("deflate-d1.dict"))) {
            return file.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
