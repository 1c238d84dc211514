package org.wasla.gateway.uplink;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A real broker as a process of its own, on a free loopback port that it keeps over restarts. One thread. Skips the
 * test
 * where mosquitto is not installed.
 */
public final class Mosquitto implements AutoCloseable {

    private static final long START_MS = 10_000;
    private static final List<Path> PLACES = List.of(
            Path.of("/usr/sbin/mosquitto"), Path.of("/usr/local/sbin/mosquitto"), Path.of("/usr/bin/mosquitto"));

    private final Path program;
    private final Path config;
    private final int port;
    private @Nullable Process process;

    private Mosquitto(Path program, Path config, int port) {
        this.program = program;
        this.config = config;
        this.port = port;
    }

    /** Starts one with these further lines of configuration; its files lie in {@code dir}. */
    public static Mosquitto start(Path dir, String... lines) throws IOException {
        Path program = PLACES.stream().filter(Files::isExecutable).findFirst().orElse(null);
        Assumptions.assumeTrue(program != null, "mosquitto is not installed: apt-get install mosquitto");
        int port = freePort();
        Path config = Files.createTempFile(dir, "mosquitto", ".conf");
        // It starts as root in containers, and must not give that up: the files here are ours.
        Files.writeString(
                config,
                "listener " + port + " 127.0.0.1\nallow_anonymous true\nuser root\npersistence false\nlog_type error\n"
                        + String.join("\n", lines)
                        + "\n",
                StandardCharsets.UTF_8);
        Mosquitto broker = new Mosquitto(java.util.Objects.requireNonNull(program), config, port);
        broker.restart();
        return broker;
    }

    /** A port that nobody listens on now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    /** Starts it again on the same port; it has forgotten everything. */
    public void restart() throws IOException {
        kill();
        process = new ProcessBuilder(program.toString(), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(
                        config.resolveSibling(config.getFileName() + ".log").toFile())
                .start();
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MS);
        while (!answers()) {
            if (System.nanoTime() - endNs > 0 || !isAlive()) {
                throw new IOException("mosquitto did not start: "
                        + Files.readString(config.resolveSibling(config.getFileName() + ".log")));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private boolean isAlive() {
        Process running = process;
        return running != null && running.isAlive();
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** As kill -9. */
    public void kill() {
        Process running = process;
        if (running == null) {
            return;
        }
        running.destroyForcibly();
        try {
            running.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process = null;
    }

    /** It keeps its connections and answers nothing, as a dead network does. */
    public void freeze() throws IOException {
        signal("STOP");
    }

    public void thaw() throws IOException {
        signal("CONT");
    }

    /** Reads its files again, the access list among them. */
    public void reload() throws IOException {
        signal("HUP");
    }

    private void signal(String name) throws IOException {
        Process running = process;
        if (running == null) {
            throw new IOException("mosquitto is not running");
        }
        // The shell's own: a small Debian has no kill program.
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + running.pid()).start();
        try {
            if (kill.waitFor() != 0) {
                throw new IOException("kill -" + name + " failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
