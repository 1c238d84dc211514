package org.wasla.ops.prove;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An ext4 file system in an image file, mounted through a loop device; as root. One thread. */
final class LoopDisk implements AutoCloseable {
    private final Path image;
    private final Path mount;
    private final String options;
    private @Nullable Process knife;
    private boolean mounted;

    private LoopDisk(Path image, Path mount, String options) {
        this.image = image;
        this.mount = mount;
        this.options = options;
    }

    /**
     * Writes an empty file system into a new image.
     *
     * @param options of mkfs.ext4 beside ours
     */
    static void format(Path image, long bytes, String... options) throws IOException, InterruptedException {
        Files.deleteIfExists(image);
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
        List<Object> command = new ArrayList<>(
                List.of("mkfs.ext4", "-q", "-F", "-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=0"));
        command.addAll(List.of(options));
        command.add(image);
        Shell.run(command.toArray());
    }

    /** Repairs what can be repaired. */
    static void check(Path image) throws IOException, InterruptedException {
        Shell.run("sh", "-c", "e2fsck -fy " + image + "; [ $? -le 1 ]");
    }

    static LoopDisk mount(Path image, Path mount) throws IOException, InterruptedException {
        return mount(image, mount, "noatime");
    }

    /** @param options of the mount, for instance {@code errors=remount-ro} */
    static LoopDisk mount(Path image, Path mount, String options) throws IOException, InterruptedException {
        LoopDisk disk = new LoopDisk(image, Files.createDirectories(mount), options);
        disk.mount();
        return disk;
    }

    void mount() throws IOException, InterruptedException {
        Shell.run("mount", "-o", "loop," + options, image, mount);
        mounted = true;
    }

    Path path() {
        return mount;
    }

    /** Holds the knife ready, so that the cut itself takes no time. */
    void sharpen() throws IOException {
        knife = new ProcessBuilder("xfs_io", "-x", mount.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /**
     * As a power cut: the kernel drops all that it has not written, and refuses everything from now on.
     *
     * @return the monotonic time just before
     */
    long cut() throws IOException, InterruptedException {
        Process ready = Objects.requireNonNull(knife);
        long cutNs = System.nanoTime();
        try (OutputStream orders = ready.getOutputStream()) {
            orders.write("shutdown\nquit\n".getBytes(StandardCharsets.US_ASCII));
        }
        if (ready.waitFor() != 0) {
            throw new IOException("xfs_io could not cut " + mount);
        }
        return cutNs;
    }

    /**
     * Lets the kernel find an error in the file system; what it does about it is in the options of the mount.
     *
     * @return the monotonic time just before
     */
    long breakDown() throws IOException, InterruptedException {
        String device = Shell.run("findmnt", "-n", "-o", "SOURCE", mount).strip();
        Path trigger = Path.of("/sys/fs/ext4", device.substring(device.lastIndexOf('/') + 1), "trigger_fs_error");
        long brokenNs = System.nanoTime();
        Files.writeString(trigger, "1");
        return brokenNs;
    }

    void unmount() throws IOException, InterruptedException {
        Shell.run("umount", mount);
        mounted = false;
    }

    /** Lets go even while somebody still holds a file. */
    @Override
    public void close() throws IOException {
        if (knife != null) {
            knife.destroy();
        }
        if (!mounted) {
            return;
        }
        try {
            Shell.run("umount", "-l", mount);
            mounted = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
