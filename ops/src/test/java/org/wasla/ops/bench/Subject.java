package org.wasla.ops.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process under test: what it costs, from /proc, and its end. Every one that still runs is killed when the bench ends
 * in whatever way. Thread-safe.
 */
final class Subject implements AutoCloseable {
    /** As ops/wasla starts the agent. */
    static final List<String> AGENT_FLAGS = List.of(
            "-Xmx48m",
            "-Xms12m",
            "-XX:MinHeapFreeRatio=20",
            "-XX:MaxHeapFreeRatio=40",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:CICompilerCount=1",
            "-Xss512k",
            "-XX:-UsePerfData");

    private static final double TICKS_A_SECOND = 100;
    private static final long STOP_S = 30;
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Subject::kill)));
    }

    private final Process process;
    private final Path log;

    private Subject(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts a command; what it says goes into a file. */
    static Subject start(Path log, List<String> command) throws IOException {
        return start(log, command, Map.of());
    }

    /** The same with something more in its environment. */
    static Subject start(Path log, List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("WASLA_BUILT", "1");
        builder.environment().putAll(environment);
        Process process = builder.start();
        RUNNING.add(process);
        return new Subject(process, log);
    }

    /** Starts a class of the bench in a virtual machine of its own. */
    static Subject java(Path log, List<String> flags, Class<?> main, String... args) throws IOException {
        List<String> command = new java.util.ArrayList<>(
                List.of(ProcessHandle.current().info().command().orElse("java")));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        return start(log, command);
    }

    Path log() {
        return log;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Throws, with the end of its log, when the process has ended by itself. */
    void mustLive() throws IOException {
        if (!process.isAlive()) {
            String text = Files.readString(log);
            throw new IOException(
                    "ended too early: " + log + "\n" + text.substring(Math.max(0, text.length() - 2_000)));
        }
    }

    /** Processor seconds so far, of the process and all below it. */
    double cpuSeconds() throws IOException {
        double ticks = cpuTicks(process.pid());
        try (Stream<ProcessHandle> below = process.descendants()) {
            for (ProcessHandle child : below.toList()) {
                ticks += cpuTicks(child.pid());
            }
        }
        return ticks / TICKS_A_SECOND;
    }

    private static double cpuTicks(long pid) throws IOException {
        Path stat = Path.of("/proc/" + pid + "/stat");
        if (!Files.exists(stat)) {
            return 0;
        }
        String text;
        try {
            text = Files.readString(stat);
        } catch (IOException endedMeanwhile) {
            return 0;
        }
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        double ticks = 0;
        // Its own, and those of children that have ended.
        for (int i = 11; i <= 14; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks;
    }

    /** Peak resident memory. */
    double peakMb() throws IOException {
        return statusKb("VmHWM:") / 1024.0;
    }

    double residentMb() throws IOException {
        return statusKb("VmRSS:") / 1024.0;
    }

    private long statusKb(String key) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith(key)) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }

    /** As SIGTERM, then by force. */
    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(STOP_S, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        kill(process);
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        RUNNING.remove(process);
    }
}
