package org.wasla.gateway.device;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.vault.Safe;

/**
 * The parts of the transmission that one device is in the middle of, on disk before each is acknowledged. One file a
 * device, begun anew with each transmission; what was not whole is set aside as {@code .incomplete}, the newest only.
 * One thread.
 *
 * <pre>
 * entry: length (4 bytes), CRC-32 (4) of kind and content, kind (1), content
 * kind P   a part, locked where the box is encrypted
 * kind M   the newest number of the device's results before this transmission became any (8 bytes)
 * kind S   done with
 * </pre>
 */
final class Spool implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final int HEAD_BYTES = 9;
    private static final int CONTENT_BYTES_MAX = (1 << 20) + Safe.MORE_BYTES;

    private final Path folder;
    private final Path file;
    private final Path setAside;
    private final String device;
    private final Outbox outbox;
    private final Safe safe;
    private final Repeats faults = new Repeats();
    private boolean isSettled;
    private @Nullable FileChannel channel;

    /** @param outbox in its directory the parts lie, locked as it is: names of patients stand in them */
    Spool(Outbox outbox, String device) {
        this.outbox = outbox;
        this.safe = outbox.safe("spool");
        this.folder = outbox.directory().resolve("spool");
        this.device = device;
        this.file = folder.resolve(device + ".parts");
        this.setAside = folder.resolve(device + ".incomplete");
    }

    /** What a file holds, up to an entry that is cut or damaged. */
    private record Content(List<Bytes> parts, long mark, boolean isSettled) {}

    /**
     * Tells a new talk what an earlier one left.
     *
     * @param lastResult the newest number of the device's results: beyond the mark it says that they are kept
     */
    List<Action> restart(Talk talk, long lastResult) {
        try {
            Content content = read();
            isSettled = content.isSettled() || content.mark() >= 0 && lastResult > content.mark();
            return talk.onRestart(content.parts(), isSettled, System.nanoTime());
        } catch (IOException unreadable) {
            tell("read", unreadable);
            return List.of();
        }
    }

    /**
     * Does what the last of some actions asks for.
     *
     * @param areKept whether the messages before it are durable
     * @return what the talk wants done then
     */
    List<Action> then(Action last, boolean areKept, Talk talk) {
        if (last instanceof Action.Keep part) {
            return talk.onKept(keep(part.part()), System.nanoTime());
        }
        if (last instanceof Action.Settle settle) {
            if (areKept) {
                settle(settle.isWhole());
            }
            return talk.onKept(areKept, System.nanoTime());
        }
        return List.of();
    }

    /** @return whether the part would survive the plug being pulled */
    private boolean keep(Bytes part) {
        if (!append('P', safe.lock(part.toArray(), device), isSettled || !Files.exists(file))) {
            return false;
        }
        isSettled = false;
        return true;
    }

    /** Before parts become records it is noted which are there. Where that fails they may come twice after a power cut. */
    void before(Action last, long lastResult) {
        if (last instanceof Action.Settle) {
            append('M', ByteBuffer.allocate(Long.BYTES).putLong(lastResult).array(), false);
        }
    }

    /** Where it fails the mark tells the same. */
    private void settle(boolean isWhole) {
        isSettled = true;
        try {
            if (!isWhole) {
                Files.copy(file, setAside, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException full) {
            tell("set aside", full);
        }
        append('S', new byte[0], false);
    }

    private boolean append(char kind, byte[] content, boolean isFirst) {
        try {
            outbox.requireDurable();
            FileChannel open = open(isFirst);
            long before = isFirst ? 0 : open.size();
            open.truncate(before);
            open.position(before);
            write(open, entry(kind, content), before);
            faults.over();
            return true;
        } catch (IOException failed) {
            tell("write", failed);
            close();
            return false;
        }
    }

    /** It stays open over the parts of a transmission: to open it costs as much as to write one. */
    private FileChannel open(boolean isFirst) throws IOException {
        FileChannel open = channel;
        if (open == null || isFirst && !Files.exists(file)) {
            close();
            make();
            open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel = open;
        }
        return open;
    }

    @Override
    public void close() {
        FileChannel open = channel;
        channel = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException given) {
            tell("close", given);
        }
    }

    private void make() throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
        }
        if (!Files.exists(file)) {
            Files.createFile(file);
            sync(folder);
            sync(folder.resolve(".."));
        }
    }

    /** A new name is durable only with its directory. */
    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** What was written of an entry that failed is taken back, so that the next one can be read. */
    private static void write(FileChannel channel, ByteBuffer entry, long before) throws IOException {
        try {
            while (entry.hasRemaining()) {
                channel.write(entry);
            }
            channel.force(false);
        } catch (IOException failed) {
            channel.truncate(before);
            throw failed;
        }
    }

    private static ByteBuffer entry(char kind, byte[] content) {
        ByteBuffer entry = ByteBuffer.allocate(HEAD_BYTES + content.length);
        CRC32 check = new CRC32();
        check.update(kind);
        check.update(content);
        entry.putInt(content.length)
                .putInt((int) check.getValue())
                .put((byte) kind)
                .put(content);
        return entry.flip();
    }

    private Content read() throws IOException {
        List<Bytes> parts = new ArrayList<>();
        long mark = -1;
        boolean settled = false;
        ByteBuffer all = ByteBuffer.wrap(Files.exists(file) ? Files.readAllBytes(file) : new byte[0]);
        while (all.remaining() >= HEAD_BYTES) {
            int length = all.getInt();
            int check = all.getInt();
            if (length < 0 || length > CONTENT_BYTES_MAX || length + 1 > all.remaining()) {
                break;
            }
            char kind = (char) all.get();
            byte[] content = new byte[length];
            all.get(content);
            if (entry(kind, content).getInt(Integer.BYTES) != check) {
                break;
            }
            if (kind == 'P') {
                parts.add(Bytes.of(safe.unlock(content, device)));
            } else if (kind == 'M' && length == Long.BYTES) {
                mark = ByteBuffer.wrap(content).getLong();
            } else {
                settled |= kind == 'S';
            }
        }
        return new Content(parts, mark, settled);
    }

    private void tell(String what, IOException cause) {
        long times = faults.worthTelling(String.valueOf(cause.getMessage()));
        if (times > 0) {
            LOG.warn("device={} spool_cannot=\"{}\" times={} cause=\"{}\"", device, what, times, cause.getMessage());
        }
    }
}
