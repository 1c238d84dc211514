package org.wasla.ops.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** An ext4 file system of our own on a loop device; given back when closed, and when the bench is stopped. */
final class LoopDisk implements AutoCloseable {
    private static final String SIZE = "1G";
    private final Path device;
    private final Path mount;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LoopDisk(Path device, Path mount) {
        this.device = device;
        this.mount = mount;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** Needs root and loop devices; {@code ops/bench/run} asks before. */
    static LoopDisk make(Path folder) throws IOException {
        Path image = folder.resolve("disk.img");
        Path mount = Files.createDirectory(folder.resolve("disk"));
        run(List.of("truncate", "-s", SIZE, image.toString()));
        run(List.of("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", image.toString()));
        Path device = Path.of(run(List.of("losetup", "--find", "--show", image.toString())));
        LoopDisk disk = new LoopDisk(device, mount);
        run(List.of("mount", "-o", "noatime", device.toString(), mount.toString()));
        return disk;
    }

    Path device() {
        return device;
    }

    Path mount() {
        return mount;
    }

    /** Until all that was written has reached the device. */
    void sync() throws IOException {
        run(List.of("sync", "-f", mount.toString()));
    }

    private static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + out);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return out;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            giveBack(List.of("umount", "-l", mount.toString()));
            giveBack(List.of("losetup", "-d", device.toString()));
        }
    }

    private static void giveBack(List<String> command) {
        try {
            run(command);
        } catch (IOException left) {
            System.err.println(left.getMessage());
        }
    }
}
