package org.wasla.gateway.imaging;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.wasla.gateway.dicom.FileHead;

/** DCMTK's receiver, on one port that stays its own while it is stopped and started. */
final class Storescp implements AutoCloseable {
    final int port;
    final Path received;
    private Process process;

    Storescp(Path work, String... options) throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/usr/bin/storescp")), "dcmtk is not installed");
        port = freePort();
        received = Files.createDirectories(work.resolve("scp-" + port));
        process = begin(options);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Process begin(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("/usr/bin/storescp", "-od", received.toString()));
        command.addAll(List.of(options));
        command.add(Integer.toString(port));
        Process begun = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Objects.await("storescp listens", () -> isListening(port));
        return begun;
    }

    static boolean isListening(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    void restart(String... options) throws Exception {
        kill();
        process = begin(options);
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
    }

    ForwardSettings.Node node() {
        return new ForwardSettings.Node("STORESCP", "127.0.0.1", port, null);
    }

    /** What came, by instance UID. A file that is being written may be missing its end. */
    Map<String, Path> files() throws IOException {
        Map<String, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(received)) {
            for (Path file : all.toList()) {
                FileHead head = Sender.head(file);
                if (head != null) {
                    files.put(head.instance(), file);
                }
            }
        }
        return files;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
