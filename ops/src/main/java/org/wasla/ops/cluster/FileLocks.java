package org.wasla.ops.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.lockmanager.DistributedLock;
import org.apache.activemq.artemis.lockmanager.DistributedLockManager;
import org.apache.activemq.artemis.lockmanager.MutableLong;
import org.apache.activemq.artemis.lockmanager.UnavailableStateException;
import org.jspecify.annotations.Nullable;

/**
 * Who of two nodes on one machine is active: whoever holds the lock on a file, which the kernel gives back when the
 * process dies. For the example only; nodes on two machines need three ZooKeeper nodes. Thread-safe.
 */
public final class FileLocks implements DistributedLockManager {
    private final Path folder;
    private final Map<String, Lock> locks = new HashMap<>();
    private boolean started;

    /**
     * Called by Artemis.
     *
     * @param properties {@code folder}: an existing one that both nodes see
     */
    public FileLocks(Map<String, String> properties) {
        String place = properties.get("folder");
        if (place == null) {
            throw new IllegalArgumentException("the lock manager wants the property folder");
        }
        folder = Path.of(place);
    }

    @Override
    public synchronized boolean start(long timeout, TimeUnit unit) {
        started = true;
        return true;
    }

    @Override
    public synchronized void start() {
        started = true;
    }

    @Override
    public synchronized boolean isStarted() {
        return started;
    }

    @Override
    public synchronized void stop() {
        started = false;
        locks.values().forEach(Lock::unlock);
        locks.clear();
    }

    @Override
    public synchronized DistributedLock getDistributedLock(String name) {
        return locks.computeIfAbsent(name, Lock::new);
    }

    @Override
    public MutableLong getMutableLong(String name) throws ExecutionException {
        return new Number(name);
    }

    /** A file is always there: nobody needs to be told that it is not. */
    @Override
    public void addUnavailableManagerListener(UnavailableManagerListener listener) {}

    @Override
    public void removeUnavailableManagerListener(UnavailableManagerListener listener) {}

    private FileChannel open(String name) throws IOException {
        return FileChannel.open(
                folder.resolve(name.replaceAll("[^A-Za-z0-9-]", "_")),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    /** A lock held by this process, not by a thread. */
    private final class Lock implements DistributedLock {
        private final String name;
        private @Nullable FileChannel held;

        Lock(String name) {
            this.name = name;
        }

        @Override
        public String getLockId() {
            return name;
        }

        @Override
        public synchronized boolean isHeldByCaller() {
            return held != null;
        }

        @Override
        public synchronized boolean tryLock() throws UnavailableStateException {
            if (held != null) {
                return false;
            }
            try {
                FileChannel channel = open(name + ".lock");
                FileLock lock = lock(channel);
                if (lock == null) {
                    channel.close();
                    return false;
                }
                held = channel;
                return true;
            } catch (IOException e) {
                throw new UnavailableStateException(e);
            }
        }

        private static @Nullable FileLock lock(FileChannel channel) throws IOException {
            try {
                return channel.tryLock();
            } catch (OverlappingFileLockException ours) {
                return null;
            }
        }

        /** Closing the file gives the lock back. */
        @Override
        public synchronized void unlock() {
            FileChannel channel = held;
            held = null;
            if (channel != null) {
                try {
                    channel.close();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        }

        @Override
        public void addListener(UnavailableLockListener listener) {}

        @Override
        public void removeListener(UnavailableLockListener listener) {}

        @Override
        public void close() {
            unlock();
        }
    }

    /** A number on disk, 8 bytes, 0 until it is set. Artemis changes it only under the lock of the same name. */
    private final class Number implements MutableLong {
        private final String name;
        private final FileChannel file;

        Number(String name) throws ExecutionException {
            this.name = name;
            try {
                this.file = open(name + ".number");
            } catch (IOException e) {
                throw new ExecutionException(e);
            }
        }

        @Override
        public String getMutableLongId() {
            return name;
        }

        @Override
        public long get() throws UnavailableStateException {
            ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES);
            try {
                return file.read(bytes, 0) == Long.BYTES ? bytes.getLong(0) : 0;
            } catch (IOException e) {
                throw new UnavailableStateException(e);
            }
        }

        @Override
        public void set(long value) throws UnavailableStateException {
            try {
                file.write(ByteBuffer.allocate(Long.BYTES).putLong(0, value), 0);
                file.force(false);
            } catch (IOException e) {
                throw new UnavailableStateException(e);
            }
        }

        @Override
        public void close() {
            try {
                file.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
