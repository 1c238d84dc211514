package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * An order to a buffer that no agent runs on: to go on under an epoch of its own. A copy of a buffer beside its original would
 * give the same numbers to other records. What waits in it keeps the ids that it has. Stateless.
 *
 * <p>The order is a file that holds the epoch, so that it is the same one however often the plug is pulled before the journal
 * has taken it.
 */
public final class NewEpoch {
    private static final String FILE = "new-epoch";
    private static final int BYTES = 4;

    private NewEpoch() {}

    static String draw() {
        byte[] epoch = new byte[BYTES];
        new SecureRandom().nextBytes(epoch);
        return HexFormat.of().formatHex(epoch);
    }

    /** Returns when the order would survive the plug being pulled. */
    public static void order(Path buffer) throws IOException {
        try (FileChannel out = FileChannel.open(
                buffer.resolve(FILE),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer text = StandardCharsets.US_ASCII.encode(draw() + "\n");
            while (text.hasRemaining()) {
                out.write(text);
            }
            out.force(true);
        }
    }

    /** The epoch that was ordered, empty for none. */
    static String ordered(Path buffer) throws IOException {
        Path file = buffer.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return "";
        }
        String epoch = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        return epoch.matches("[0-9a-f]{8}") ? epoch : draw();
    }

    /** The journal goes on under it. */
    static void done(Path buffer) throws IOException {
        Files.deleteIfExists(buffer.resolve(FILE));
    }
}
