package org.wasla.gateway.backup;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.wasla.gateway.vault.BackupSeal;
import org.wasla.gateway.vault.SealedInput;
import org.wasla.gateway.vault.SealedOutput;

/**
 * What stands in a backup, one file after the other, locked as a whole. Stateless. An entry is
 *
 * <pre>
 * 1 | area | name | mode (4) | length (8) | bytes        area and name: length (2) and UTF-8
 * 0                                                     the end
 * </pre>
 *
 * A name is a path below its area's folder, with slashes: one that would lead out of there is no name.
 */
final class Archive {
    private static final int BLOCK_BYTES = 64 << 10;
    private static final int DEPTH_MAX = 64;
    private static final String ALL = "rwxrwxrwx";

    private Archive() {}

    /** Takes one entry after the other; what it does not read is passed over. */
    @FunctionalInterface
    interface Taker {
        void take(String area, String name, int mode, long bytes, InputStream content) throws IOException;
    }

    /** Writes entries. One thread. */
    static final class Writer {
        private final SealedOutput sealed;
        private final DataOutputStream out;

        Writer(OutputStream to, BackupSeal seal) throws IOException {
            this.sealed = new SealedOutput(to, seal);
            this.out = new DataOutputStream(sealed);
        }

        void text(String area, String name, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            head(area, name, 0600, bytes.length);
            out.write(bytes);
        }

        /** @return how many bytes it has */
        long file(String area, String name, Path file) throws IOException {
            long left = Files.size(file);
            long bytes = left;
            head(area, name, mode(file), left);
            byte[] block = new byte[BLOCK_BYTES];
            try (InputStream in = Files.newInputStream(file)) {
                while (left > 0) {
                    int read = in.read(block, 0, (int) Math.min(block.length, left));
                    if (read < 0) {
                        throw new IOException(file + " became shorter while it was read; stop what writes it");
                    }
                    out.write(block, 0, read);
                    left -= read;
                }
            }
            return bytes;
        }

        private void head(String area, String name, int mode, long bytes) throws IOException {
            out.writeByte(1);
            out.writeUTF(area);
            out.writeUTF(name);
            out.writeInt(mode);
            out.writeLong(bytes);
        }

        void end() throws IOException {
            out.writeByte(0);
            out.flush();
            sealed.end();
        }
    }

    /** As chmod counts it. */
    private static int mode(Path file) throws IOException {
        int mode = 0;
        for (char each : PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                .toCharArray()) {
            mode = mode << 1 | (each == '-' ? 0 : 1);
        }
        return mode;
    }

    static Set<PosixFilePermission> permissions(int mode) {
        StringBuilder text = new StringBuilder(ALL);
        for (int i = 0; i < ALL.length(); i++) {
            if ((mode >>> (ALL.length() - 1 - i) & 1) == 0) {
                text.setCharAt(i, '-');
            }
        }
        return PosixFilePermissions.fromString(text.toString());
    }

    /**
     * Reads a backup to its very end.
     *
     * @throws IOException when any byte of it is not as it was written, it is cut off, or a name leads out of its folder
     */
    static void read(Path file, BackupSeal seal, Taker taker) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), BLOCK_BYTES);
                SealedInput sealed = new SealedInput(raw, seal);
                DataInputStream in = new DataInputStream(sealed)) {
            while (in.readByte() == 1) {
                String area = in.readUTF();
                String name = in.readUTF();
                if (!isInside(name)) {
                    throw new IOException("this backup has a file that leads out of its folder: " + name
                            + "; it was not made by wasla backup");
                }
                int mode = in.readInt();
                Bounded content = new Bounded(in, in.readLong());
                taker.take(area, name, mode, content.left, content);
                content.skipRest();
            }
            if (in.read() >= 0) {
                throw new IOException("something stands behind the last file of this backup");
            }
        } catch (EOFException cut) {
            throw new IOException("this backup ends in the middle of a file", cut);
        }
    }

    static boolean isInside(String name) {
        String[] parts = name.split("/", -1);
        if (parts.length > DEPTH_MAX || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0) {
            return false;
        }
        for (String part : parts) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return true;
    }

    /** The content of one entry. */
    private static final class Bounded extends InputStream {
        private final InputStream in;
        private long left;

        Bounded(InputStream in, long bytes) throws IOException {
            if (bytes < 0) {
                throw new IOException("this backup names a file of " + bytes + " bytes");
            }
            this.in = in;
            this.left = bytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = in.read(to, offset, (int) Math.min(length, left));
            if (read < 0) {
                throw new EOFException();
            }
            left -= read;
            return read;
        }

        void skipRest() throws IOException {
            byte[] block = new byte[BLOCK_BYTES];
            while (read(block, 0, block.length) >= 0) {}
        }
    }
}
