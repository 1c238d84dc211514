package org.wasla.ops.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The store of the receivers that ours is compared with: messages one after the other in a file, each safe on disk when
 * it returns, as a careful author would write it. Thread-safe.
 */
final class SyncedFile {
    private final FileChannel file;

    SyncedFile(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Returns when the message would survive the plug being pulled. */
    synchronized void keep(byte[] message) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(message);
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
        file.force(false);
    }
}
