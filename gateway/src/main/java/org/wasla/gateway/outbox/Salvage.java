package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import org.wasla.gateway.vault.Safe;

/**
 * Finds the whole blocks in a store file that H2 will not open or read: they carry marks and checksums of their own.
 * Stateless.
 */
final class Salvage {

    private static final int WINDOW_BYTES = 8 << 20;

    private Salvage() {}

    /** Takes a block and where in the file it lies. */
    @FunctionalInterface
    interface Found {
        void block(long at, int length, List<Entry> entries);
    }

    /** Gives each whole block, in the order of the file; the same may come more than once. */
    static void blocks(Path file, Safe safe, Consumer<List<Entry>> found) throws IOException {
        places(file, safe, (at, length, entries) -> found.accept(entries));
    }

    /** The same, with the place of each. */
    static void places(Path file, Safe safe, Found found) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            ByteBuffer window = ByteBuffer.allocate((int) Math.min(WINDOW_BYTES, Math.max(1, size)));
            long at = 0;
            while (at < size) {
                window.clear();
                while (window.hasRemaining() && channel.read(window, at + window.position()) > 0) {}
                window.flip();
                boolean isLast = at + window.limit() >= size;
                int used = scan(window, at, isLast, safe, found);
                at += Math.max(1, used);
            }
        }
    }

    /** How far the window was read: a block that goes beyond its end begins the next. */
    private static int scan(ByteBuffer window, long windowAt, boolean isLast, Safe safe, Found found) {
        int at = 0;
        byte first = (byte) (Block.MAGIC >>> 24);
        while (at < window.limit()) {
            int length = window.get(at) == first ? Block.lengthAt(window, at) : -1;
            boolean isCut = at + Math.max(length, Block.HEAD_BYTES) > window.limit();
            if (isCut && !isLast && at > 0) {
                return at;
            }
            at += length > 0 && !isCut && take(window, windowAt, at, length, safe, found) ? length : 1;
        }
        return at;
    }

    private static boolean take(ByteBuffer window, long windowAt, int at, int length, Safe safe, Found found) {
        byte[] block = new byte[length];
        window.get(at, block);
        try {
            List<Entry> entries = Block.decode(block, safe);
            if (!entries.isEmpty()) {
                found.block(windowAt + at, length, entries);
            }
            return true;
        } catch (IOException | RuntimeException e) {
            // Not a block after all, or not a whole one.
            return false;
        }
    }
}
