package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** A folder for one proof, in memory where that is possible; gone at the end. One thread. */
final class Workbench implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long ROOM_BYTES = 3L << 30;
    private final Path folder;

    Workbench(String name) throws IOException {
        boolean inMemory = Files.isWritable(MEMORY) && MEMORY.toFile().getUsableSpace() > ROOM_BYTES;
        folder = inMemory
                ? Files.createTempDirectory(MEMORY, "wasla-" + name)
                : Files.createTempDirectory("wasla-" + name);
        Runtime.getRuntime().addShutdownHook(new Thread(this::clear, "clear"));
    }

    /** However the proof ends, nothing of it stays: no process, no mount, no file. */
    private void clear() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        try {
            List<String> mounts = new ArrayList<>(Files.readAllLines(Path.of("/proc/mounts")));
            Collections.reverse(mounts);
            for (String mount : mounts) {
                String place = mount.split(" ", -1)[1];
                if (place.startsWith(folder + "/")) {
                    Shell.run("umount", "-l", place);
                }
            }
            close();
        } catch (IOException left) {
            System.err.println("not cleared: " + left.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Why a proof that needs root, loop devices and these programs cannot run here; empty when it can. */
    static String missing(String... programs) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "root is needed to mount";
        }
        if (!Files.exists(Path.of("/dev/loop-control"))) {
            return "there are no loop devices here";
        }
        for (String program : programs) {
            if (!Shell.has(program)) {
                return program + " is not installed";
            }
        }
        return "";
    }

    Path path(String name) {
        return name.isEmpty() ? folder : folder.resolve(name);
    }

    /** Where children complain. */
    Path log() {
        return folder.resolve("children.log");
    }

    void progress(String what) {
        if (Boolean.getBoolean("wasla.terminal")) {
            System.err.print("\r" + what + "        ");
        }
    }

    @Override
    public void close() throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> paths;
        try (java.util.stream.Stream<Path> all = Files.walk(folder)) {
            paths = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
