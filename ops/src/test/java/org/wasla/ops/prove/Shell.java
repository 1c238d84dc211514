package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Other programs, called and waited for. Stateless. */
final class Shell {
    private static final long PATIENCE_S = 60;
    private static final List<String> PLACES = List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin");

    private Shell() {}

    /** @return what it said; throws with that when it failed */
    static String run(Object... command) throws IOException, InterruptedException {
        List<String> words = List.of(command).stream().map(Object::toString).toList();
        Path said = Files.createTempFile("wasla-prove", ".out");
        try {
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            boolean ended = process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            String text = Files.readString(said, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                throw new IOException(String.join(" ", words) + (ended ? ": " : " did not end: ") + text.strip());
            }
            return text;
        } finally {
            Files.delete(said);
        }
    }

    static boolean has(String program) {
        return PLACES.stream().anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    /** A shared library of Debian by its file name, wherever the architecture puts it. */
    static Optional<Path> library(String name) throws IOException {
        try (java.util.stream.Stream<Path> files = Files.find(
                Path.of("/usr/lib"),
                3,
                (file, kind) -> file.getFileName().toString().equals(name))) {
            return files.findFirst();
        }
    }
}
