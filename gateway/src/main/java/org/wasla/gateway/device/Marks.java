package org.wasla.gateway.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.message.Once;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.vault.Safe;

/**
 * What messages are known by that their senders repeat when our answer is lost, also when it is lost because we died: the
 * mark stands in the records ({@code mid}), which are as durable as the answer was true. It is made with a key of this box
 * that leaves it never, so that a record does not give away what else was in its message. One thread.
 */
final class Marks {
    private static final Logger LOG = LoggerFactory.getLogger(Marks.class);
    private static final String KEY_FILE = "marks/key";
    private static final int KEY_BYTES = 16;
    private static final int MARK_BYTES = 8;
    /** The last to be looked through is remembered the longest. */
    private static final List<String> KINDS = List.of("evt", "wav", "alarm", "obs", "res");

    private static final int PAGE = 64;

    private final String port;
    private final Outbox outbox;
    private final byte[] key;
    private final Set<String> recalled = new HashSet<>();

    /** @param port id of the device on the line */
    Marks(String port, Outbox outbox) {
        this.port = port;
        this.outbox = outbox;
        this.key = key(outbox.directory(), outbox.safe("marks"));
    }

    /** Without its file there is a key of this run alone: what is repeated after it is told twice. */
    private byte[] key(Path folder, Safe safe) {
        try {
            return shared(folder.resolve(KEY_FILE), safe);
        } catch (IOException unusable) {
            LOG.warn("device={} marks_without_key cause=\"{}\"", port, unusable.getMessage());
            return fresh();
        }
    }

    private static byte[] fresh() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /** All devices have one, and the first makes it. */
    private static synchronized byte[] shared(Path file, Safe safe) throws IOException {
        byte[] known = Files.exists(file) ? safe.unlock(Files.readAllBytes(file), KEY_FILE) : new byte[0];
        if (known.length == KEY_BYTES) {
            return known;
        }
        byte[] key = fresh();
        Files.createDirectories(file.getParent());
        Files.write(
                file,
                safe.lock(key, KEY_FILE),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.SYNC);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        return key;
    }

    /** @param once the same for a message that is sent again and for no other */
    String of(String once) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(key);
            byte[] sum = digest.digest(once.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum, 0, MARK_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Has the messages remembered whose records the buffer holds from an earlier run; once for each device of a line. */
    void recall(String device, Once once) {
        if (!recalled.add(device)) {
            return;
        }
        try {
            for (String kind : KINDS) {
                recall(device, kind, once);
            }
        } catch (IOException unreadable) {
            LOG.warn("device={} marks_not_read cause=\"{}\"", device, unreadable.getMessage());
        }
    }

    private void recall(String device, String kind, Once once) throws IOException {
        long last = outbox.lastNumber(device, kind);
        for (long from = Math.max(1, last - Once.KEPT_MAX + 1); from <= last; from += PAGE) {
            for (Entry entry : outbox.stream(device, kind, from, Math.min(last, from + PAGE - 1), PAGE)) {
                String mark = RecordJson.message(entry.payload());
                if (mark != null) {
                    once.remember(mark);
                }
            }
        }
    }
}
