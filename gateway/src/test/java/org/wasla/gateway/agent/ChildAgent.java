package org.wasla.gateway.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.wasla.gateway.cli.Main;

/** {@code wasla run} as a process of its own, for tests that end it or change its clock. One thread. */
final class ChildAgent implements AutoCloseable {
    private static final int STOP_S = 30;
    private final Process process;
    private final Path log;

    private ChildAgent(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static ChildAgent start(Path config) throws IOException {
        return start(config, List.of(), Map.of());
    }

    /**
     * @param before a command that ends in the process itself, as {@code env} does
     * @param environment beside ours
     */
    static ChildAgent start(Path config, List<String> before, Map<String, String> environment) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Dwasla.profiles="
                        + Path.of("../device-profiles").toAbsolutePath().normalize(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                "--config",
                config.toString()));
        Path log = config.resolveSibling("agent.log");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return new ChildAgent(
                builder.redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start(),
                log);
    }

    /** As kill -9. Returns when it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** By SIGTERM. @return the exit code */
    int stop() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_S, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not stop: " + log());
        }
        return process.exitValue();
    }

    /** What it has logged, earlier ones of the same configuration too. */
    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
