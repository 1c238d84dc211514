package org.wasla.ops.prove;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An {@link Appender} as a process of its own, and what it has told. Owns a reading thread; thread-safe. */
final class Child implements AutoCloseable {
    private static final long PATIENCE_S = 60;
    private final Process process;
    private final Thread reader = new Thread(this::read, "child");
    private final List<Told> told = new ArrayList<>();
    private int accepted;
    private int refused;
    private String lastRefusal = "";

    /**
     * One line of the child.
     *
     * @param isAccepted else published
     * @param atNs monotonic time
     */
    record Told(boolean isAccepted, long atNs, String stream, long seq, long print) {}

    private Child(Process process) {
        this.process = process;
        reader.setDaemon(true);
        reader.start();
    }

    static Child start(Path log, Map<String, String> environment, Object... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Appender.class.getName()));
        List.of(args).forEach(arg -> command.add(arg.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new Child(builder.start());
    }

    private void read() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                // The last line of a killed process may be cut: then nothing was told.
                if (line.endsWith(" .")) {
                    take(line.split(" "), line);
                }
            }
        } catch (IOException gone) {
            // The stream was closed under us: the process is dead.
            return;
        }
    }

    private synchronized void take(String[] words, String line) {
        if (words[0].equals("r")) {
            refused++;
            lastRefusal = line.replaceAll("^r \\d+ | \\.$", "");
            return;
        }
        boolean isAccepted = words[0].equals("a");
        accepted += isAccepted ? 1 : 0;
        long print = Long.parseUnsignedLong(words[4], 16);
        told.add(new Told(isAccepted, Long.parseLong(words[1]), words[2], Long.parseLong(words[3]), print));
    }

    synchronized int accepted() {
        return accepted;
    }

    synchronized int refused() {
        return refused;
    }

    synchronized String lastRefusal() {
        return lastRefusal;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** False when it ended before it had told so many acknowledgements. */
    boolean awaitAccepted(int count) {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (accepted() < count && process.isAlive() && System.nanoTime() - endNs < 0) {
            Pace.ms(5);
        }
        return accepted() >= count;
    }

    /** As kill -9. @return all that it had told before */
    List<Told> kill() throws InterruptedException {
        process.destroyForcibly();
        return end();
    }

    /** Lets it close its buffer. @return all that it has told */
    List<Told> finish() throws IOException, InterruptedException {
        process.getOutputStream().close();
        return end();
    }

    private List<Told> end() throws InterruptedException {
        if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_S));
        synchronized (this) {
            return List.copyOf(told);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
