package org.wasla.gateway.view;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The serial ports of the box, each under the name that follows its socket where there is one. What is plugged in and out
 * shows at the next look. Immutable.
 */
final class SerialPorts {
    private static final List<Path> STABLE = List.of(Path.of("/dev/serial/by-path/*"));
    private static final List<Path> PLAIN =
            List.of(Path.of("/dev/ttyUSB*"), Path.of("/dev/ttyACM*"), Path.of("/dev/ttyAMA*"), Path.of("/dev/ttySC*"));
    private static final int MAX = 64;
    private final List<Path> patterns;

    /** @param patterns of files that are ports; empty: those of the system */
    SerialPorts(List<Path> patterns) {
        this.patterns = List.copyOf(patterns);
    }

    /** @return full paths, no port twice */
    List<Path> list() {
        Set<Path> real = new HashSet<>();
        List<Path> ports = new ArrayList<>();
        for (Path each : patterns.isEmpty() ? STABLE : patterns) {
            add(each, real, ports);
        }
        if (patterns.isEmpty()) {
            PLAIN.forEach(each -> add(each, real, ports));
        }
        return ports;
    }

    private static void add(Path pattern, Set<Path> real, List<Path> ports) {
        Path folder = pattern.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return;
        }
        Set<Path> found = new TreeSet<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(folder, pattern.getFileName().toString())) {
            files.forEach(found::add);
        } catch (IOException gone) {
            return;
        }
        for (Path each : found) {
            if (Files.exists(each) && ports.size() < MAX && real.add(real(each))) {
                ports.add(each);
            }
        }
    }

    /** The file behind a name; the name itself when there is none. */
    static Path real(Path port) {
        try {
            return port.toRealPath();
        } catch (IOException gone) {
            return port;
        }
    }
}
