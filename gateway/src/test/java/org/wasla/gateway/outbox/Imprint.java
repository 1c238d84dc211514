package org.wasla.gateway.outbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A directory's names, bytes and times of change, to be compared. Stateless. */
final class Imprint {

    private Imprint() {}

    static Map<String, String> of(Path dir) throws IOException {
        Map<String, String> imprint = new TreeMap<>();
        try (Stream<Path> files = Files.walk(dir)) {
            files.forEach(file -> imprint.put(dir.relativize(file).toString(), imprint(file)));
        }
        return imprint;
    }

    private static String imprint(Path file) {
        try {
            String bytes = Files.isRegularFile(file) ? "" + Arrays.hashCode(Files.readAllBytes(file)) : "-";
            return bytes + " " + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
