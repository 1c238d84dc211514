package org.wasla.gateway.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Objects of real devices and broken ones, which stand beside the project and are read by path. */
public final class Samples {
    private static final Path FOLDER = Objects.requireNonNull(
                    Path.of("").toAbsolutePath().getParent())
            .resolveSibling("shared")
            .resolve("captures/dicom");

    private Samples() {}

    /** The file of that name; the test is skipped where there are none. */
    public static Path file(String name) {
        Assumptions.assumeTrue(Files.isDirectory(FOLDER), "skipped: there are no captures in " + FOLDER.getFileName());
        return FOLDER.resolve(name);
    }

    /** All of them, by name. */
    public static List<Path> all() {
        try (Stream<Path> files = Files.walk(file(""))) {
            return files.filter(file -> file.toString().matches(".*\\.(dcm|wl)"))
                    .sorted()
                    .toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The name as {@link #file} takes it. */
    public static String name(Path file) {
        return FOLDER.relativize(file).toString();
    }

    public static DataSetFile.Reading read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return DataSetFile.read(in, Files.size(file), "");
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    public static DataSetFile.Reading read(String name) {
        return read(file(name));
    }
}
