package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.uplink.Mosquitto;

/** What {@code ops/region/cluster} starts: a pair of brokers, or one that comes back. One thread. */
final class Cluster implements AutoCloseable {
    private static final long PATIENCE_S = 150;
    private final Path folder;
    private final boolean isPair;
    private final List<String> start;
    private final Thread atExit = new Thread(this::end, "end-cluster");
    private final List<ProcessHandle> brokers = new CopyOnWriteArrayList<>();
    private final int port;

    /** @param isControl copies nothing, keeps nothing */
    Cluster(Path folder, boolean isPair, boolean isControl) throws IOException {
        this(folder, isPair, isControl, null);
    }

    /** @param rights the folder that says who may what; null for everybody everything */
    Cluster(Path folder, boolean isPair, boolean isControl, @Nullable Path rights) throws IOException {
        this.folder = folder;
        this.isPair = isPair;
        this.port = freePorts();
        this.start = new ArrayList<>(List.of("start", "--port", Integer.toString(port)));
        if (!isPair) {
            start.add("--mosquitto");
        }
        if (isControl) {
            start.add("--control");
        }
        if (rights != null) {
            start.addAll(List.of("--rights", rights.toString()));
        }
        Runtime.getRuntime().addShutdownHook(atExit);
        up();
    }

    /** The first of four in a row that nobody listens on now. */
    private static int freePorts() throws IOException {
        int first = Mosquitto.freePort();
        return Math.min(first, 65_532);
    }

    /** Starts what does not run, and waits until the copies are the same again. */
    void up() throws IOException {
        run(start);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.pid")) {
            for (Path file : files) {
                long pid = Long.parseLong(Files.readString(file).strip());
                ProcessHandle.of(pid).ifPresent(brokers::add);
            }
        }
    }

    /** When the prover is ended: brokers are no children of it. */
    private void end() {
        brokers.forEach(ProcessHandle::destroyForcibly);
    }

    void killActive() throws IOException {
        run(List.of("kill-active"));
    }

    private void stop() {
        try {
            run(List.of("stop"));
        } catch (IOException left) {
            System.err.println("the cluster was not stopped: " + left.getMessage());
        }
    }

    private void run(List<String> words) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(Tool.ROOT.resolve("ops/region/cluster").toString()));
        command.addAll(words);
        command.addAll(List.of("--dir", folder.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("WASLA_BUILT", "1");
        builder.environment().put("WASLA_BROKER_HEAP", "256m");
        Path said = Files.createTempFile("wasla-cluster", ".out");
        Process process =
                builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
        try {
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(command + ": " + Files.readString(said, StandardCharsets.UTF_8));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            Files.deleteIfExists(said);
        }
    }

    /** What the brokers said, beside the report. */
    void keepLogs(String prefix) throws IOException {
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(folder, "*.log")) {
            for (Path log : logs) {
                Path kept = Tool.ROOT.resolve("ops/target/" + prefix + log.getFileName());
                Files.copy(log, kept, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    List<Integer> ports() {
        return isPair ? List.of(port, port + 1) : List.of(port);
    }

    @Override
    public void close() {
        stop();
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
