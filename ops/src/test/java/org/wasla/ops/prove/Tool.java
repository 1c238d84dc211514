package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command {@code ops/wasla} as its user starts it, on the build that this proof is part of. */
final class Tool {
    static final Path ROOT =
            Path.of(System.getProperty("wasla.root", "..")).toAbsolutePath().normalize();
    private static final long PATIENCE_S = 120;

    private Tool() {}

    /** What a verb that ended by itself left. */
    record Result(int exitCode, String out, String err) {}

    static Process start(Path log, String... args) throws IOException {
        return start(log, Map.of(), args);
    }

    static Process start(Path log, Map<String, String> environment, String... args) throws IOException {
        ProcessBuilder builder = quick(args);
        builder.environment().putAll(environment);
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    static Result run(Path folder, String... args) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        Process process = quick(args)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("did not end: wasla " + String.join(" ", args) + "\n" + Files.readString(err));
        }
        return new Result(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private static ProcessBuilder quick(String... args) {
        ProcessBuilder builder = builder(args);
        builder.environment().merge("WASLA_JAVA_OPTIONS", ClassArchive.OPTIONS, (theirs, ours) -> theirs + " " + ours);
        return builder;
    }

    static ProcessBuilder builder(String... args) {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("ops/wasla").toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("WASLA_BUILT", "1");
        return builder;
    }
}
