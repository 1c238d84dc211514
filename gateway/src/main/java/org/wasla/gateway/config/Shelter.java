package org.wasla.gateway.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.vault.DataKey;
import org.wasla.gateway.vault.KeyFile;

/**
 * Where the buffer lies while its disk cannot be written: in a folder of its own in memory, under an epoch of its own, so
 * that what nobody acknowledges goes on. The folder outlives the agent and not a power cut. Stateless.
 */
public final class Shelter {
    private static final Logger LOG = LoggerFactory.getLogger(Shelter.class);
    private static final String RUNTIME = "RUNTIME_DIRECTORY";
    /** What systemd makes of {@code RuntimeDirectory=wasla}: for who asks from outside of the service. */
    private static final Path SERVICE = Path.of("/run/wasla");

    private static final Path SHARED = Path.of("/dev/shm");
    private static final int NAME_CHARS = 12;
    private static final int PROBE_BYTES = 4_096;
    private static final long ROOM_BYTES_MIN = 1 << 20;

    private Shelter() {}

    /**
     * The buffer on its disk, or in memory when that cannot be written. In memory it is locked with the key of the disk,
     * where that can be read: what is swapped out, or copied by whoever looks after the board, is as safe as the disk.
     */
    public static OutboxSettings settings(Config.Buffer buffer) throws IOException {
        String fault = fault(buffer.dir());
        if (fault.isEmpty()) {
            return buffer.opened();
        }
        Path folder = make(place(System.getenv(RUNTIME)).resolve(name(buffer.dir())));
        LOG.warn(
                "buffer disk cannot be written, records are forwarded from memory and nothing is confirmed dir={}"
                        + " memory={} bytes={} cause=\"{}\"",
                buffer.dir(),
                folder,
                buffer.memoryBytes(),
                fault);
        return inMemory(buffer, folder);
    }

    /** A buffer in that folder of memory. */
    public static OutboxSettings inMemory(Config.Buffer buffer, Path folder) throws IOException {
        DataKey known = KeyFile.find(buffer.dir(), buffer.key());
        DataKey key = known == null ? KeyFile.open(folder, buffer.key()) : known;
        return new OutboxSettings(folder, buffer.memoryBytes(), buffer.commitMs(), key, false);
    }

    /** Where an agent on this buffer may be found: the buffer's folder, then those in memory. */
    public static Set<Path> folders(Path dir) {
        Set<Path> folders = new LinkedHashSet<>(List.of(dir));
        for (Path place : List.of(place(System.getenv(RUNTIME)), SERVICE, SHARED)) {
            folders.add(place.resolve(name(dir)));
        }
        return folders;
    }

    private static Path place(@Nullable String runtime) {
        return runtime == null || runtime.isBlank() ? SHARED : Path.of(runtime.split(":")[0]);
    }

    private static String name(Path dir) {
        String path = dir.toAbsolutePath().normalize().toString();
        return "wasla-" + DesiredReader.sha256(path).substring(0, NAME_CHARS);
    }

    /** Ours alone: whoever may write there before us must not give us a folder that others read. */
    private static Path make(Path folder) throws IOException {
        try {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException before) {
            if (!isOurs(folder)) {
                throw new IOException(folder + " belongs to somebody else; delete it", before);
            }
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        return folder;
    }

    /** Whether it is a folder of this user: what others put there is no record of ours. */
    public static boolean isOurs(Path folder) throws IOException {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    /**
     * What keeps a disk from being written that has room and that we may write; empty when nothing does. It is tried: a
     * kernel that gives a disk up does not always call it read-only, and words about it come in the system's language.
     *
     * @param dir need not be there yet
     */
    public static String fault(Path dir) {
        Path at = dir.toAbsolutePath();
        while (!Files.isDirectory(at) && at.getParent() != null) {
            at = at.getParent();
        }
        try {
            write(at.resolve(".wasla-" + ProcessHandle.current().pid()));
            return "";
        } catch (AccessDeniedException | NoSuchFileException | NotDirectoryException ours) {
            return "";
        } catch (IOException unwritable) {
            String why = String.valueOf(unwritable.getMessage());
            return hasRoom(at) && !why.contains("quota") ? why : "";
        }
    }

    private static void write(Path probe) throws IOException {
        try (FileChannel file = FileChannel.open(
                probe, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            file.write(ByteBuffer.allocate(PROBE_BYTES));
            file.force(true);
        }
    }

    private static boolean hasRoom(Path at) {
        try {
            return Files.getFileStore(at).getUsableSpace() >= ROOM_BYTES_MIN;
        } catch (IOException goneToo) {
            return true;
        }
    }
}
