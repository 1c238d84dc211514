package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A file system for H2, scheme {@code faulty:}, whose n-th write or sync from now fails, or all from now on. Public,
 * and
 * its state static, because H2 makes the instances.
 */
public final class FaultyFiles extends FilePathWrapper {

    static final String SCHEME = "faulty:";
    private static final AtomicInteger LEFT = new AtomicInteger(Integer.MAX_VALUE);
    private static final AtomicInteger FAULTS_LEFT = new AtomicInteger();
    private static final AtomicReference<String> MESSAGE = new AtomicReference<>("");

    /** For H2. */
    public FaultyFiles() {}

    static void register() {
        heal();
        FilePath.register(new FaultyFiles());
    }

    static void heal() {
        FAULTS_LEFT.set(0);
        LEFT.set(Integer.MAX_VALUE);
    }

    /** The n-th write or sync fails, and so many more after it. */
    static void failAt(int n, int faults, String message) {
        MESSAGE.set(message);
        FAULTS_LEFT.set(faults);
        LEFT.set(n);
    }

    /** Whether the fault has come to pass. */
    static boolean hasFailed() {
        return LEFT.get() <= 0;
    }

    private static void count() throws IOException {
        if (LEFT.decrementAndGet() <= 0 && FAULTS_LEFT.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IOException(MESSAGE.get());
        }
    }

    @Override
    public String getScheme() {
        return "faulty";
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new Channel(super.open(mode));
    }

    private static final class Channel extends FileBaseDefault {

        private final FileChannel base;

        Channel(FileChannel base) {
            this.base = base;
        }

        @Override
        public long size() throws IOException {
            return base.size();
        }

        @Override
        public synchronized int read(ByteBuffer to, long position) throws IOException {
            return base.read(to, position);
        }

        @Override
        public synchronized int write(ByteBuffer from, long position) throws IOException {
            count();
            return base.write(from, position);
        }

        @Override
        protected void implTruncate(long size) throws IOException {
            base.truncate(size);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            count();
            base.force(metaData);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return base.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            base.close();
        }
    }
}
