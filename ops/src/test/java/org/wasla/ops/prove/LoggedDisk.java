package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A disk made by nbdkit, shown as a file by nbdfuse, with ext4 on it through a loop device. As root. One thread. */
final class LoggedDisk implements AutoCloseable {
    private final Path folder;
    private final Process server;
    private final LoopDisk disk;

    /**
     * @param folder gets the mount points
     * @param nbdkit the words of its command line
     */
    LoggedDisk(Path folder, List<String> nbdkit) throws IOException, InterruptedException {
        this.folder = Files.createDirectories(folder.resolve("fuse"));
        Path file = this.folder.resolve("disk");
        List<String> command = new java.util.ArrayList<>(List.of("nbdfuse", "-C", "1", file.toString(), "["));
        command.addAll(List.of("nbdkit", "--exit-with-parent"));
        command.addAll(nbdkit);
        command.add("]");
        server = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nbd.log").toFile())
                .start();
        Platform.await("the disk of nbdfuse", () -> Files.exists(file) || !server.isAlive());
        if (!server.isAlive()) {
            throw new IOException("nbdfuse ended: " + Files.readString(folder.resolve("nbd.log")));
        }
        disk = LoopDisk.mount(file, folder.resolve("mnt"));
    }

    Path path() {
        return disk.path();
    }

    /** Unmounts all; the server ends and has written its log. */
    void finish() throws IOException, InterruptedException {
        disk.unmount();
        // The loop device lets go a moment after the unmount.
        String busy = "busy";
        for (int attempt = 0; attempt < 100 && !busy.isEmpty(); attempt++) {
            try {
                Shell.run("fusermount3", "-u", folder);
                busy = "";
            } catch (IOException stillBusy) {
                busy = String.valueOf(stillBusy.getMessage());
                Pace.ms(50);
            }
        }
        if (!busy.isEmpty() || !server.waitFor(20, TimeUnit.SECONDS)) {
            throw new IOException("nbdfuse does not end: " + busy);
        }
    }

    @Override
    public void close() throws IOException {
        disk.close();
        if (server.isAlive()) {
            try {
                Shell.run("fusermount3", "-u", "-z", folder);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            server.destroy();
        }
    }
}
