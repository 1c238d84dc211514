package org.wasla.gateway.page;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/** Writes files that strangers may not read, whole or not at all. Stateless. */
final class PrivateFile {
    private PrivateFile() {}

    /** For its owner alone; durable when it returns. */
    static void write(Path file, byte[] content) throws IOException {
        write(file, content, false);
    }

    /**
     * Also for the group of the folder, where the folder is that group's and nobody else's: what root writes beside the
     * configuration is the agent's to read.
     */
    static void writeForGroup(Path file, byte[] content) throws IOException {
        write(file, content, true);
    }

    private static void write(Path file, byte[] content, boolean isGroups) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            out.force(true);
        }
        if (isGroups) {
            share(draft);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void share(Path draft) throws IOException {
        Path folder = Objects.requireNonNull(draft.toAbsolutePath().getParent());
        PosixFileAttributes of = Files.readAttributes(folder, PosixFileAttributes.class);
        boolean isGroups = of.permissions().contains(PosixFilePermission.GROUP_EXECUTE)
                && !of.permissions().contains(PosixFilePermission.OTHERS_EXECUTE);
        if (!isGroups) {
            return;
        }
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(draft, PosixFileAttributeView.class);
            view.setGroup(of.group());
            view.setPermissions(PosixFilePermissions.fromString("rw-r-----"));
        } catch (FileSystemException notInThatGroup) {
            // It stays its owner's, as in any other folder.
            return;
        }
    }
}
