package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A program of somebody else, which judges ours. Stateless. */
final class Tool {
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/bin"), Path.of("/usr/local/bin"), Path.of("/usr/sbin"));

    private Tool() {}

    /** Skips the test where the program is not installed. */
    static String need(String name, String debianPackage) {
        for (Path place : PLACES) {
            if (Files.isExecutable(place.resolve(name))) {
                return place.resolve(name).toString();
            }
        }
        Assumptions.abort(name + " is not installed: apt-get install " + debianPackage);
        return name;
    }

    /** Runs a program to its end in a folder, where its output is kept; gives its exit code. */
    static int run(Path work, String... command) throws Exception {
        return run(work, List.of(command));
    }

    static int run(Path work, List<String> command) throws Exception {
        Path log = log(work, command.get(0));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .directory(work.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), command.get(0) + " hangs: " + Files.readString(log));
        return process.exitValue();
    }

    /** What a program said when it was last run there. */
    static String said(Path work, String program) throws Exception {
        return Files.readString(log(work, program), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static Path log(Path work, String program) {
        return work.resolve(Path.of(program).getFileName() + ".log");
    }
}
