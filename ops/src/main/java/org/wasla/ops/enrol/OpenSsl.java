package org.wasla.ops.enrol;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Other programs, called in one folder and waited for. Immutable. */
final class OpenSsl {
    private static final long PATIENCE_S = 60;
    private final Path folder;

    OpenSsl(Path folder) {
        this.folder = folder;
    }

    /** @return what openssl wrote to its output */
    byte[] run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        return call(command);
    }

    /** @return what any program wrote to its output; throws with what it said when it failed */
    byte[] call(List<String> command) throws IOException {
        Path out = Files.createTempFile(folder, "out", ".tmp");
        Path err = Files.createTempFile(folder, "err", ".tmp");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            if (!ended || process.exitValue() != 0) {
                String said = Files.readString(err, StandardCharsets.UTF_8).strip();
                throw new IOException(String.join(" ", command.subList(0, Math.min(2, command.size()))) + ": "
                        + (ended ? said : "did not end"));
            }
            return Files.readAllBytes(out);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stop);
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }
}
