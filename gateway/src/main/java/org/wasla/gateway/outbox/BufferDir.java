package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The buffer's directory: locked by one process, probed before it is blamed, and where damaged stores are set aside.
 * One thread, but for {@link #bytesOnDisk}.
 */
final class BufferDir implements AutoCloseable {

    static final String STORE_FILE = "store.mv.db";
    private static final int PROBE_BYTES = 1 << 20;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path dir;
    private final FileChannel lockFile;

    private BufferDir(Path dir, FileChannel lockFile) {
        this.dir = dir;
        this.lockFile = lockFile;
    }

    /** Makes the directory (for its owner only: records name patients) and locks it. */
    static BufferDir lock(Path dir) throws IOException {
        if (!Files.isDirectory(dir)) {
            Files.createDirectories(dir);
            if (dir.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
            }
        }
        FileChannel lockFile =
                FileChannel.open(dir.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(lockFile) == null) {
            lockFile.close();
            throw new IOException("the buffer in " + dir + " is in use by another wasla");
        }
        return new BufferDir(dir, lockFile);
    }

    private static @Nullable FileLock tryLock(FileChannel lockFile) throws IOException {
        try {
            return lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    Path path() {
        return dir;
    }

    boolean hasStore() {
        return Files.exists(dir.resolve(STORE_FILE));
    }

    /**
     * Throws when the directory itself cannot be written, or the store file not be reached: then no store is to
     * blame.
     */
    void probe() throws IOException {
        Path store = dir.resolve(STORE_FILE);
        if (Files.exists(store) && !(Files.isReadable(store) && Files.isWritable(store))) {
            throw new IOException(store + " is not readable and writable for this user");
        }
        Path probe = dir.resolve("probe");
        try (FileChannel channel = FileChannel.open(
                probe, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.allocate(PROBE_BYTES);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    /** Moves all store files into a directory of their own, and gives it. Nothing is ever deleted. */
    Path setAside(Instant now) throws IOException {
        Path aside = freshDirectory("quarantine-" + STAMP.format(now) + "-");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, "store.*")) {
            for (Path file : files) {
                move(file, aside.resolve(file.getFileName()));
            }
        }
        force(aside);
        force(dir);
        return aside;
    }

    private Path freshDirectory(String prefix) throws IOException {
        int n = 1;
        while (Files.exists(dir.resolve(prefix + n))) {
            n++;
        }
        return Files.createDirectory(dir.resolve(prefix + n));
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to);
        }
    }

    /** Makes the names in a directory durable. */
    void force() throws IOException {
        force(dir);
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** All files here and in the directories set aside; 0 when that cannot be told. Thread-safe. */
    long bytesOnDisk() {
        try (java.util.stream.Stream<Path> files = Files.walk(dir)) {
            return files.mapToLong(BufferDir::size).sum();
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }

    private static long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
