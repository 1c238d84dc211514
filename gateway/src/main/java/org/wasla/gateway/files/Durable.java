package org.wasla.gateway.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files that are there as they were or as they are to be, whenever the power goes: written beside, synced, moved into their
 * place, and the name synced with its folder. Stateless; two writers of one file need a lock of their own.
 */
public final class Durable {
    private static final Set<OpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final FileAttribute<?>[] ANYBODY = {};

    private Durable() {}

    /** A file whose mode is the process's own. The folder is there. Returns when it would survive the plug being pulled. */
    public static void write(Path file, byte[] content) throws IOException {
        write(file, content, draft -> {}, ANYBODY);
    }

    /** The same, and nobody but its owner may read it at any moment, where the file system knows of owners. */
    public static void writeOwned(Path file, byte[] content) throws IOException {
        boolean isPosix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        write(file, content, draft -> {}, isPosix ? new FileAttribute<?>[] {owned()} : ANYBODY);
    }

    /**
     * The same, and where the folder is its group's and nobody else's the file is that group's to read: what root writes
     * beside the configuration is for the agent.
     */
    public static void writeForGroup(Path file, byte[] content) throws IOException {
        write(file, content, Durable::share, owned());
    }

    /** A file of another user cannot be given away: it stays its owner's, as in any other folder. */
    private static void share(Path draft) throws IOException {
        PosixFileAttributes of = Files.readAttributes(folder(draft), PosixFileAttributes.class);
        Set<PosixFilePermission> mode = of.permissions();
        if (!mode.contains(PosixFilePermission.GROUP_EXECUTE) || mode.contains(PosixFilePermission.OTHERS_EXECUTE)) {
            return;
        }
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(draft, PosixFileAttributeView.class);
            view.setGroup(of.group());
            view.setPermissions(PosixFilePermissions.fromString("rw-r-----"));
        } catch (FileSystemException notInThatGroup) {
            return;
        }
    }

    /** The last touch before a draft takes its place. */
    private interface Touch {
        void give(Path draft) throws IOException;
    }

    private static FileAttribute<?> owned() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    }

    private static void write(Path file, byte[] content, Touch last, FileAttribute<?>... mode) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(draft);
            try (FileChannel out = FileChannel.open(draft, NEW, mode)) {
                writeAll(out, ByteBuffer.wrap(content));
                out.force(true);
            }
            last.give(draft);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync(folder(file));
        } catch (FileSystemException | ReadOnlyFileSystemException failed) {
            throw told(file, failed);
        }
    }

    /** A channel may take less than it is given. */
    public static void writeAll(FileChannel to, ByteBuffer rest) throws IOException {
        while (rest.hasRemaining()) {
            to.write(rest);
        }
    }

    /** Makes the names in a folder durable, those that are gone too. */
    public static void sync(Path folder) throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private static Path folder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null ? file.toAbsolutePath() : folder;
    }

    private static IOException told(Path file, Exception failed) {
        if (isReadOnly(file, failed)) {
            return new IOException(
                    file + " cannot be written: its file system is read-only; look for errors of the disk in the"
                            + " kernel's log, then mount it for writing",
                    failed);
        }
        return failed instanceof IOException plain ? plain : new IOException(failed);
    }

    private static boolean isReadOnly(Path file, Exception failed) {
        try {
            return failed instanceof ReadOnlyFileSystemException
                    || Files.getFileStore(folder(file)).isReadOnly();
        } catch (IOException unknown) {
            return false;
        }
    }
}
