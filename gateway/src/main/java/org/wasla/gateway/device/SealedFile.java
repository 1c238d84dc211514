package org.wasla.gateway.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import org.wasla.gateway.files.Durable;
import org.wasla.gateway.vault.Safe;

/**
 * A small file that is whole or is not there: written beside and moved, its first line the checksum of the rest, so that one that
 * a bad card has changed is none. Stateless.
 */
public final class SealedFile {
    private static final int SEAL_BYTES = "0123abcd\n".length();

    private SealedFile() {}

    /**
     * @param safe what it was locked up with
     * @return empty when the file is damaged
     * @throws java.nio.file.NoSuchFileException when there is none
     */
    static Optional<byte[]> read(Path file, Safe safe) throws IOException {
        Optional<byte[]> content = read(file);
        return content.isEmpty() ? content : Optional.of(safe.unlock(content.get(), name(file)));
    }

    /**
     * The same, of one that is not locked.
     *
     * @return empty when the file is damaged
     * @throws java.nio.file.NoSuchFileException when there is none
     */
    public static Optional<byte[]> read(Path file) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        if (whole.length <= SEAL_BYTES) {
            return Optional.empty();
        }
        byte[] content = Arrays.copyOfRange(whole, SEAL_BYTES, whole.length);
        return Arrays.equals(whole, sealed(content)) ? Optional.of(content) : Optional.empty();
    }

    /** The same, locked. */
    static void write(Path file, byte[] content, Safe safe) throws IOException {
        write(file, safe.lock(content, name(file)));
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** Returns when the content would survive the plug being pulled; before that the file has the content that it had. */
    public static void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Durable.write(file, sealed(content));
    }

    private static byte[] sealed(byte[] content) {
        byte[] seal = (sum(content) + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(seal.length + content.length)
                .put(seal)
                .put(content)
                .array();
    }

    /** The checksum as eight hex digits. */
    public static String sum(byte[] content) {
        CRC32 sum = new CRC32();
        sum.update(content);
        return String.format(Locale.ROOT, "%08x", sum.getValue());
    }
}
