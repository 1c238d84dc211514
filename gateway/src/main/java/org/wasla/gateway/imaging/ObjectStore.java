package org.wasla.gateway.imaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.vault.Safe;

/**
 * Objects on disk, for one process. An object counts once {@link Incoming#commit} has returned: then a power cut leaves it
 * there, whole and with its row. Thread-safe.
 */
public final class ObjectStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectStore.class);
    private static final int INSTANCES_MAX = 400_000;
    private static final long FLOOR_BYTES = 256L << 20;
    private static final int FLOOR_PART = 10;
    private static final int STRIPES = 64;
    private final Path dir;
    private final long maxBytes;
    private final Safe safe;
    private final FileChannel lock;
    private final FileStore disk;
    private final ObjectFiles files;
    private final InstanceIndex index;
    private final AtomicLong bytesUnderWay = new AtomicLong();
    private final List<Object> stripes = new ArrayList<>();

    private ObjectStore(Path dir, long maxBytes, Safe safe, FileChannel lock) throws IOException {
        this.safe = safe;
        this.dir = dir;
        this.maxBytes = maxBytes;
        this.lock = lock;
        this.disk = Files.getFileStore(dir);
        this.files = new ObjectFiles(dir);
        this.index = InstanceIndex.open(dir, safe);
        for (int i = 0; i < STRIPES; i++) {
            stripes.add(new Object());
        }
        try {
            files.usedUpTo(index.last());
            BitSet lost = index.numbers();
            files.scan(found -> {
                if (recover(found)) {
                    lost.clear(found.number());
                }
            });
            forget(lost);
            index.sync();
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    /** @throws IOException when the directory cannot be used, or another process uses it */
    public static ObjectStore open(Path dir, long maxBytes) throws IOException {
        return open(dir, maxBytes, Safe.NONE);
    }

    /** The same on a box that is encrypted: its logs and keys are locked, the objects are not. */
    public static ObjectStore open(Path dir, long maxBytes, Safe safe) throws IOException {
        if (!Files.isDirectory(dir)) {
            Files.createDirectories(dir);
            Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
        }
        FileChannel lock = FileChannel.open(dir.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean isOpen = false;
        try {
            if (!isLocked(lock)) {
                throw new IOException("dicom.store " + dir + " is in use by a running wasla");
            }
            ObjectStore store = new ObjectStore(dir, maxBytes, safe, lock);
            isOpen = true;
            return store;
        } finally {
            if (!isOpen) {
                lock.close();
            }
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException ours) {
            return false;
        }
    }

    /** Brings a file that an earlier run left into a known state: whole and in the index (then true), or gone. */
    private boolean recover(ObjectFiles.Found found) {
        try {
            int number = found.number();
            if (found.isWhole() && index.has(number)) {
                return true;
            }
            if (found.isWhole() && index.isGone(number)) {
                files.delete(number);
                return false;
            }
            Path file = files.path(number, found.isWhole() ? ObjectFiles.WHOLE : ObjectFiles.PART);
            Instance instance = SealedFile.read(file, number);
            if (instance == null) {
                setAside(number, file, found.isWhole());
                return false;
            }
            if (!found.isWhole()) {
                files.finish(number);
            }
            if (!index.has(number)) {
                index.add(instance);
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rows whose file somebody took away. */
    private void forget(BitSet lost) throws IOException {
        if (lost.isEmpty()) {
            return;
        }
        LOG.error("imaging objects={} have lost their files", lost.cardinality());
        for (Instance each : index.rows(lost)) {
            index.remove(each.number(), each.bytes());
        }
    }

    private void setAside(int number, Path file, boolean wasWhole) throws IOException {
        if (wasWhole) {
            LOG.error("imaging file={} is damaged and is set aside as .bad", ObjectFiles.name(number, ""));
            Files.move(file, file.resolveSibling(file.getFileName() + ".bad"));
        } else {
            files.drop(number);
        }
    }

    Safe safe() {
        return safe;
    }

    void list(InstanceIndex.Visitor visitor) throws IOException {
        InstanceIndex.visit(dir, safe, visitor);
    }

    /**
     * Begins an object.
     *
     * @return null when there is no room for more
     */
    @Nullable
    Incoming begin(String sopClass, String uid, String transferSyntax, String caller) throws IOException {
        return hasRoom(0) ? new Incoming(this, sopClass, uid, transferSyntax, caller, files.take()) : null;
    }

    /** Whether it has no room by order: nothing that waits for an answer is taken. */
    boolean takesNothing() {
        return maxBytes == 0;
    }

    /** Whether that many bytes more, beside what is under way, fit into quota and disk. */
    boolean hasRoom(long bytes) throws IOException {
        return index.count() < INSTANCES_MAX
                && index.bytes() + bytesUnderWay.get() + bytes < maxBytes
                && disk.getUsableSpace() - bytes > Math.min(FLOOR_BYTES, maxBytes / FLOOR_PART);
    }

    /** Whether there is so little room left that what may go should go now. */
    boolean isTight() throws IOException {
        return index.count() > INSTANCES_MAX / 10 * 9
                || index.bytes() + bytesUnderWay.get() > maxBytes / 10 * 9
                || disk.getUsableSpace() < 2 * Math.min(FLOOR_BYTES, maxBytes / FLOOR_PART);
    }

    /** Deletes objects: after a power cut each of them is there with its row, or neither of both. */
    void remove(List<Instance> objects) throws IOException {
        for (Instance each : objects) {
            // Whoever compares a new object with this one is done first, or finds none.
            synchronized (stripe(each.uid())) {
                index.remove(each.number(), each.bytes());
            }
        }
        index.sync();
        for (Instance each : objects) {
            files.delete(each.number());
        }
        index.compact();
    }

    /** Held while it is decided whether an instance is new. */
    Object stripe(String uid) {
        return stripes.get((int) (Places.hash(uid) & STRIPES - 1));
    }

    void underWay(long bytes) {
        bytesUnderWay.addAndGet(bytes);
    }

    ObjectFiles files() {
        return files;
    }

    InstanceIndex index() {
        return index;
    }

    Path dir() {
        return dir;
    }

    /** The file of a whole object. */
    Path file(Instance instance) {
        return dir.resolve(instance.file());
    }

    /** How much there is. */
    public record Figures(int instances, long bytes, long maxBytes, boolean isFull) {}

    public Figures figures() throws IOException {
        return new Figures(index.count(), index.bytes(), maxBytes, !hasRoom(0));
    }

    @Override
    public void close() throws IOException {
        try {
            index.close();
        } finally {
            lock.close();
        }
    }
}
