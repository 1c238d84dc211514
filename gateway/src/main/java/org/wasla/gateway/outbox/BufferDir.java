package org.wasla.gateway.outbox;

import java.io.IOException;
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
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.store.fs.FilePath;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.vault.KeyFile;
import org.wasla.gateway.vault.Safe;
import org.wasla.gateway.vault.WrongKeyException;

/**
 * The buffer's directory: locked by one process, the names in it, its size, and what its contents are encrypted with.
 * Thread-safe.
 *
 * <pre>
 * lock                      held by the process that owns the buffer
 * journal-0.log ...         the journal, see {@link JournalFormat}
 * records-000001.mv.db ...  store files, see {@link Generation}; waves-... likewise
 * records-000001.sum        what a finished store file holds
 * records-000001.draft.mv.db    what will take the place of a damaged one
 * quarantine-TIME-1         files that could not be read
 * encrypted                 names the key, once there is one, see {@link KeyFile}
 * </pre>
 *
 * <p>Files are opened through H2's file systems, so that a test can put one under both journal and store.
 */
final class BufferDir implements AutoCloseable {

    private static final String LOCK = "lock";
    private static final String QUARANTINE = "quarantine-";
    static final String STORE_SUFFIX = ".mv.db";
    static final String SUMMARY_SUFFIX = ".sum";
    static final String DRAFT_SUFFIX = ".draft";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path dir;
    private final String scheme;
    private final @Nullable FileChannel lockFile;
    private final boolean readOnly;
    private final Safe safe;

    private BufferDir(Path dir, String scheme, @Nullable FileChannel lockFile, boolean readOnly, Safe safe) {
        this.dir = dir;
        this.scheme = scheme;
        this.lockFile = lockFile;
        this.readOnly = readOnly;
        this.safe = safe;
    }

    /**
     * Makes the directory (for its owner only: records name patients) and locks it.
     *
     * @param scheme H2's name for a file system, {@code file:} for the ordinary one
     * @throws WrongKeyException when something in it is encrypted with another key, or with one and there is none now
     */
    static BufferDir lock(Path dir, String scheme, Safe safe) throws IOException {
        if (!Files.isDirectory(dir)) {
            Files.createDirectories(dir);
            if (dir.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
            }
        }
        FileChannel lockFile = FileChannel.open(dir.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(lockFile, false) == null) {
            lockFile.close();
            throw new IOException("the buffer in " + dir + " is in use by another wasla");
        }
        BufferDir locked = new BufferDir(dir, scheme, lockFile, false, safe);
        try {
            locked.checkKey();
            return locked;
        } catch (IOException notOurs) {
            locked.close();
            throw notOurs;
        }
    }

    /** Before anything is read: what another key locked would look like damage. */
    private void checkKey() throws IOException {
        String known = KeyFile.mark(dir).orElse("");
        if (known.isEmpty() && safe.isLocking() && !readOnly) {
            KeyFile.mark(dir, safe.id());
        } else if (!known.isEmpty() && !known.equals(safe.id())) {
            throw new WrongKeyException(
                    safe.isLocking()
                            ? "the key does not open this buffer: " + dir + " is encrypted with the key " + known
                                    + ", and data.key holds " + safe.id() + "; put its own data.key back"
                            : "the buffer in " + dir + " is encrypted with the key " + known
                                    + ", and buffer.key is empty; write where its key comes from");
        }
    }

    /** What its contents are locked up with. */
    Safe safe() {
        return safe;
    }

    /**
     * A directory to be looked at: as long as this is open nobody else writes there, and neither do we.
     *
     * @throws InUseException while somebody does
     */
    static BufferDir look(Path dir, Safe safe) throws IOException {
        if (!Files.isDirectory(dir)) {
            throw new IOException("there is no buffer in " + dir + "; correct buffer.dir");
        }
        if (!Files.exists(dir.resolve(LOCK))) {
            return looked(new BufferDir(dir, "file:", null, true, safe));
        }
        FileChannel lockFile = FileChannel.open(dir.resolve(LOCK), StandardOpenOption.READ);
        if (tryLock(lockFile, true) == null) {
            lockFile.close();
            throw new InUseException(dir);
        }
        return looked(new BufferDir(dir, "file:", lockFile, true, safe));
    }

    private static BufferDir looked(BufferDir dir) throws IOException {
        try {
            dir.checkKey();
            return dir;
        } catch (IOException notOurs) {
            dir.close();
            throw notOurs;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel lockFile, boolean shared) throws IOException {
        try {
            return lockFile.tryLock(0, Long.MAX_VALUE, shared);
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    Path path() {
        return dir;
    }

    String scheme() {
        return scheme;
    }

    static String journalName(int index) {
        return "journal-" + index + ".log";
    }

    boolean hasJournal(int index) {
        return Files.exists(dir.resolve(journalName(index)));
    }

    /** One more than the highest index of a file of the journal, 0 when there is none. */
    int journals() throws IOException {
        int count = 0;
        Pattern name = Pattern.compile("journal-(\\d{1,6})\\.log");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir)) {
            for (Path file : files) {
                Matcher matcher = name.matcher(file.getFileName().toString());
                count = matcher.matches() ? Math.max(count, Integer.parseInt(matcher.group(1)) + 1) : count;
            }
        }
        return count;
    }

    /** Opens one file of the journal for reading and writing, made when absent. */
    FileChannel openJournal(int index) throws IOException {
        return open(journalName(index));
    }

    /** Takes everything out of a file of the journal, durably. */
    void emptyJournal(int index) throws IOException {
        try (FileChannel file = openJournal(index)) {
            file.truncate(0);
            file.force(true);
        }
    }

    /** Opens any file for reading and writing, made when absent; for reading only in a directory that is looked at. */
    FileChannel open(String name) throws IOException {
        return file(name).open(readOnly ? "r" : "rw");
    }

    private FilePath file(String name) {
        return FilePath.get(scheme + dir.toAbsolutePath().resolve(name));
    }

    boolean has(String name) {
        return Files.exists(dir.resolve(name));
    }

    /** The numbers of the store files of a series, those of which only the summary is left among them, in order. */
    List<Integer> generations(Series series) throws IOException {
        TreeSet<Integer> numbers = new TreeSet<>();
        Pattern name = Pattern.compile(series.prefix() + "-(\\d{6,9})(\\.mv\\.db|\\.sum)");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir)) {
            for (Path file : files) {
                Matcher matcher = name.matcher(file.getFileName().toString());
                if (matcher.matches()) {
                    numbers.add(Integer.parseInt(matcher.group(1)));
                }
            }
        }
        return List.copyOf(numbers);
    }

    static String generationName(Series series, int number) {
        return String.format(Locale.ROOT, "%s-%06d", series.prefix(), number);
    }

    /** Deletes files of the buffer; their names are durable at the next {@link #force}. */
    void delete(String... names) {
        for (String name : names) {
            file(name).delete();
        }
    }

    /** Gives a whole draft the name of the store file that it is for, which has been set aside. */
    void takeDraft(String generation) throws IOException {
        FilePath draft = file(generation + DRAFT_SUFFIX + STORE_SUFFIX);
        try (FileChannel open = draft.open("rw")) {
            open.force(true);
        }
        draft.moveTo(file(generation + STORE_SUFFIX), false);
        force();
    }

    /** A draft is whole once the file that it is for is gone; before that it is only a part of it. */
    void settleDrafts() throws IOException {
        String suffix = DRAFT_SUFFIX + STORE_SUFFIX;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, "*" + suffix)) {
            for (Path file : files) {
                String draft = file.getFileName().toString();
                String generation = draft.substring(0, draft.length() - suffix.length());
                if (has(generation + STORE_SUFFIX)) {
                    delete(draft);
                } else {
                    takeDraft(generation);
                }
            }
        }
    }

    /** Moves files into a directory of their own, and gives it. Nothing is deleted. */
    Path setAside(List<String> names, Instant now) throws IOException {
        Path aside = freshDirectory(QUARANTINE + STAMP.format(now) + "-");
        for (String name : names) {
            if (has(name)) {
                move(dir.resolve(name), aside.resolve(name));
            }
        }
        force(aside);
        force();
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

    /** Makes the names in the directory durable. */
    void force() throws IOException {
        force(dir);
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** How many directories hold files that were set aside. */
    int quarantines() throws IOException {
        int count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, QUARANTINE + "*")) {
            for (Path file : files) {
                count += Files.isDirectory(file) ? 1 : 0;
            }
        }
        return count;
    }

    /** All files here and in the directories set aside; 0 when that cannot be told. */
    long bytesOnDisk() {
        return bytes("");
    }

    /** The files of the store that are in use. */
    long storeBytes() {
        long bytes = 0;
        for (Series series : Series.values()) {
            bytes += bytes(series.prefix() + "-");
        }
        return bytes;
    }

    /** All files whose path below the directory begins so. */
    long bytes(String prefix) {
        try (java.util.stream.Stream<Path> files = Files.walk(dir)) {
            return files.filter(file -> dir.relativize(file).toString().startsWith(prefix))
                    .mapToLong(BufferDir::size)
                    .sum();
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

    /** What the file system still has room for; {@code Long.MAX_VALUE} when it does not tell. */
    long usableBytes() {
        try {
            return Files.getFileStore(dir).getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    @Override
    public void close() throws IOException {
        if (lockFile != null) {
            lockFile.close();
        }
    }
}
