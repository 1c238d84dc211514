package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A file system, scheme {@code cut:}, that remembers what each file is on the disk for sure and what was written since
 * its last sync, and makes images of what a power cut could leave: of the writes since the sync any subset, in any
 * order, each torn at any sector. Public, and its state static, because H2 makes the instances; all of it is guarded by
 * the map of the files.
 */
public final class CutFiles extends FilePathWrapper {

    static final String SCHEME = "cut:";
    private static final int SECTOR_BYTES = 512;
    private static final Map<String, Disk> DISKS = new HashMap<>();
    private static final AtomicBoolean IS_SYNC_LYING = new AtomicBoolean();

    /** One write since the last sync; with no bytes it sets the length. */
    private static final class Write {
        private final long at;
        private final byte[] bytes;
        private final long length;

        Write(long at, byte[] bytes, long length) {
            this.at = at;
            this.bytes = bytes;
            this.length = length;
        }
    }

    /** One file: its bytes that are safe, and what came after. */
    private static final class Disk {
        private byte[] safe = new byte[0];
        private final List<Write> writes = new ArrayList<>();
    }

    /** For H2. */
    public CutFiles() {}

    /** @param isSyncLying the negative control: a sync does nothing, as under a library that eats it */
    static void register(boolean isSyncLying) {
        synchronized (DISKS) {
            DISKS.clear();
            IS_SYNC_LYING.set(isSyncLying);
        }
        FilePath.register(new CutFiles());
    }

    /** Writes the files of a directory as a power cut now could leave them into another. */
    static void cut(Path from, Path to, Random random) throws IOException {
        synchronized (DISKS) {
            Files.createDirectories(to);
            String start = from.toAbsolutePath() + "/";
            for (Map.Entry<String, Disk> each : DISKS.entrySet()) {
                Path file = Path.of(each.getKey());
                if (each.getKey().startsWith(start) && Files.exists(file)) {
                    Files.write(to.resolve(file.getFileName()), image(each.getValue(), random));
                }
            }
        }
    }

    private static byte[] image(Disk disk, Random random) {
        byte[] image = disk.safe.clone();
        List<Write> writes = new ArrayList<>(disk.writes);
        int mood = random.nextInt(4);
        if (mood == 0) {
            Collections.shuffle(writes, random);
        }
        for (Write write : writes) {
            // All of it, nothing of it, or sector by sector: a disk keeps a sector whole or not at all.
            int keep = mood == 1 ? 2 : random.nextInt(3);
            if (keep > 0) {
                image = apply(image, write, keep == 1 ? random : null);
            }
        }
        return image;
    }

    private static byte[] apply(byte[] image, Write write, @Nullable Random torn) {
        if (write.bytes.length == 0) {
            return Arrays.copyOf(image, (int) write.length);
        }
        int end = (int) write.at + write.bytes.length;
        byte[] after = end > image.length ? Arrays.copyOf(image, end) : image.clone();
        int at = (int) write.at;
        while (at < end) {
            int next = Math.min(end, (at / SECTOR_BYTES + 1) * SECTOR_BYTES);
            if (torn == null || torn.nextBoolean()) {
                System.arraycopy(write.bytes, at - (int) write.at, after, at, next - at);
            }
            at = next;
        }
        return after;
    }

    @Override
    public String getScheme() {
        return "cut";
    }

    private String real() {
        return name.substring(SCHEME.length());
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        FileChannel base = super.open(mode);
        synchronized (DISKS) {
            return new Channel(base, DISKS.computeIfAbsent(real(), file -> new Disk()));
        }
    }

    @Override
    public void delete() {
        super.delete();
        synchronized (DISKS) {
            DISKS.remove(real());
        }
    }

    @Override
    public void moveTo(FilePath to, boolean atomicReplace) {
        super.moveTo(to, atomicReplace);
        synchronized (DISKS) {
            Disk moved = DISKS.remove(real());
            if (moved != null) {
                DISKS.put(((CutFiles) to).real(), moved);
            }
        }
    }

    private static final class Channel extends FileBaseDefault {

        private final FileChannel base;
        private final Disk disk;

        Channel(FileChannel base, Disk disk) {
            this.base = base;
            this.disk = disk;
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
            byte[] bytes = new byte[from.remaining()];
            from.duplicate().get(bytes);
            synchronized (DISKS) {
                int written = base.write(from, position);
                disk.writes.add(new Write(position, Arrays.copyOf(bytes, written), 0));
                return written;
            }
        }

        @Override
        protected void implTruncate(long size) throws IOException {
            synchronized (DISKS) {
                base.truncate(size);
                disk.writes.add(new Write(0, new byte[0], size));
            }
        }

        @Override
        public void force(boolean metaData) throws IOException {
            synchronized (DISKS) {
                if (!IS_SYNC_LYING.get()) {
                    for (Write write : disk.writes) {
                        disk.safe = apply(disk.safe, write, null);
                    }
                    disk.writes.clear();
                }
            }
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
