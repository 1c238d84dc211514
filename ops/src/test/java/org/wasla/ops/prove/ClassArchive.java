package org.wasla.ops.prove;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * The archive of classes that {@code ops/wasla} starts from in tests, as it does from the package's on a box: a start takes
 * two thirds of the processor time, a short verb little over half. Made once a build, by whichever fork comes first; without
 * it everything runs as well. Thread-safe.
 */
final class ClassArchive {
    /** For {@code WASLA_JAVA_OPTIONS}; empty where no archive could be made. */
    static final String OPTIONS = options();

    private static final String QUIET = " -Xlog:cds=off -Xlog:cds+dynamic=off";
    private static final String LINE =
            "06/16/26 08:00:04 SN=0000990002 SPO2=097% BPM=072 PI=03.20% SPCO=--.-% SPMET=--.-%"
                    + " DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000800\r\n";
    private static final long PATIENCE_S = 60;

    private ClassArchive() {}

    private static String options() {
        Path target = Tool.ROOT.resolve("ops/target");
        Path archive = target.resolve("wasla.jsa");
        try (FileChannel file = FileChannel.open(
                        target.resolve("wasla.jsa.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock alone = file.lock()) {
            if (alone.isValid() && !isFresh(archive)) {
                make(target, archive);
            }
        } catch (IOException none) {
            System.err.println("no class archive, starts take longer: " + none.getMessage());
            return "";
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return "";
        }
        return "-XX:SharedArchiveFile=" + archive + QUIET;
    }

    /** One of other jars would be passed over in silence. */
    private static boolean isFresh(Path archive) throws IOException {
        Path jar = Tool.ROOT.resolve("gateway/target/gateway-0.1.0.jar");
        return Files.exists(archive)
                && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) > 0;
    }

    /** An agent that hears a device once, over a port that is free, with a broker that is not there. */
    private static void make(Path target, Path archive) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(target, "archive");
        Path log = folder.resolve("log");
        Path made = folder.resolve("wasla.jsa");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = Files.writeString(folder.resolve("wasla.yaml"), """
                gateway: {id: archive, region: archive, site: archive}
                uplink: {servers: ["mqtt://127.0.0.1:9"]}
                buffer: {dir: "%s", max: 8MiB}
                devices: [{id: archive, profile: masimo-ascii1, link: "listen:%d"}]
                """.formatted(folder.resolve("buffer"), port));
        ProcessBuilder builder = Tool.builder("run", "--config", config.toString());
        builder.environment().put("WASLA_JAVA_OPTIONS", "-XX:ArchiveClassesAtExit=" + made + QUIET);
        Process agent =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try (Socket device = device(port, agent)) {
            device.getOutputStream().write(LINE.getBytes(StandardCharsets.US_ASCII));
            await(agent, "the device", () -> Files.readString(log).contains("device=archive state=linked"));
            agent.destroy();
            if (!agent.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new IOException("the agent did not end");
            }
        } finally {
            agent.destroyForcibly();
        }
        Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
    }

    private interface Check {
        boolean holds() throws IOException;
    }

    private static void await(Process agent, String what, Check check) throws IOException {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!check.holds()) {
            if (!agent.isAlive() || System.nanoTime() - endNs > 0) {
                throw new IOException("waited in vain for " + what);
            }
            Pace.ms(20);
        }
    }

    private static Socket device(int port, Process agent) throws IOException {
        await(agent, "the agent's port", () -> {
            try (Socket look = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return look.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }
}
