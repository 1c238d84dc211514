package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.wasla.bridge.link.Pty;

/** A technician before an unknown device: identify and capture as they are used, and not a byte sent unasked. */
class IdentifyToolIT {
    private static final String LINE =
            "06/16/26 08:00:04 SN=0000990002 SPO2=097% BPM=072 PI=03.20% SPCO=--.-% SPMET=--.-%"
                    + " DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000800\r\n";

    @TempDir
    Path folder;

    private Tool.Result run(String... args) throws IOException, InterruptedException {
        return Tool.run(folder, args);
    }

    private interface Speech {
        byte[] next();
    }

    /** A device's end of a line: says something each second, and keeps all that it hears. */
    private static final class Device implements AutoCloseable {
        private final Pty pty = Pty.open();
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private final CountDownLatch over = new CountDownLatch(1);
        private final Thread thread;

        Device(Speech speech) throws IOException {
            thread = new Thread(() -> speak(speech), "device");
            thread.start();
        }

        private void speak(Speech speech) {
            byte[] buffer = new byte[256];
            try {
                while (over.getCount() > 0) {
                    byte[] said = speech.next();
                    if (said.length > 0) {
                        pty.write(said);
                    }
                    int length = pty.read(buffer, 1_000);
                    heard.write(buffer, 0, Math.max(0, length));
                }
            } catch (IOException closed) {
                heard.writeBytes(String.valueOf(closed.getMessage()).getBytes(StandardCharsets.UTF_8));
            }
        }

        String port() {
            return pty.path().toString();
        }

        @Override
        public void close() {
            over.countDown();
            try {
                thread.join(5_000);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            pty.close();
            assertEquals("", heard.toString(StandardCharsets.ISO_8859_1), "bytes were sent to the device");
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aDeviceThatSpeaksIsRecognisedAndNothingIsSent() throws Exception {
        try (Device device = new Device(() -> LINE.getBytes(StandardCharsets.US_ASCII))) {
            Tool.Result result = run("identify", "--serial", device.port(), "--json");
            assertEquals(0, result.exitCode(), result.err());
            assertTrue(result.out().startsWith("[{\"profile\":\"masimo-ascii1\",\"confidence\":0.9"), result.out());
            assertTrue(result.out().contains("\"link\":\"serial:" + device.port() + "\""), result.out());
            assertEquals(1, result.out().split("\"profile\"", -1).length - 1, result.out());
        }
    }

    /** Settings of every profile are tried on what nobody understands, and it is kept for whoever writes its profile. */
    @Test
    @Execution(CONCURRENT)
    void noiseIsUnknownAndKept() throws Exception {
        Random random = new Random(7);
        Path kept = folder.resolve("noise.cap");
        try (Device device = new Device(() -> {
            byte[] noise = new byte[60];
            random.nextBytes(noise);
            return noise;
        })) {
            Tool.Result result =
                    run("identify", "--serial", device.port(), "--seconds", "12", "--json", "--out", kept.toString());
            assertEquals(1, result.exitCode(), result.err());
            assertEquals("[]\n", result.out());
            assertTrue(result.err().contains("keep this file and send it"), result.err());
            assertTrue(result.err().contains("listening: 19200 8N1"), result.err());
        }
        Tool.Result decoded = run("decode", "--profile", "masimo-ascii1", kept.toString());
        assertEquals(0, decoded.exitCode(), decoded.err());
        assertTrue(decoded.err().contains("\"frames\":0"), decoded.err());
        assertEquals(1, run("identify", kept.toString()).exitCode());
    }

    @Test
    @Execution(CONCURRENT)
    void aSilentLineIsUnknownAndNotAskedWithoutOrder() throws Exception {
        try (Device device = new Device(() -> new byte[0])) {
            Tool.Result result = run("identify", "--serial", device.port(), "--seconds", "12");
            assertEquals(1, result.exitCode(), result.err());
            assertEquals("unknown\n", result.out());
            assertTrue(result.err().contains("try --probe"), result.err());
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aDeviceThatWaitsIsAskedOnOrder() throws Exception {
        Path port = folder.resolve("port");
        Process device = Tool.start(folder.resolve("sim.log"), "simulate", "pb840", "--pty", port.toString());
        try {
            Platform.await("the simulator's port", () -> Files.exists(port));
            Tool.Result result = run("identify", "--serial", port.toString(), "--probe", "--seconds", "2", "--json");
            assertEquals(0, result.exitCode(), result.err());
            assertTrue(result.out().startsWith("[{\"profile\":\"pb840\",\"confidence\":0.9"), result.out());
        } finally {
            device.destroy();
            device.waitFor();
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aCaptureByAProfileKeepsBothSides() throws Exception {
        Path port = folder.resolve("port");
        Path capture = folder.resolve("both.cap");
        Process device = Tool.start(folder.resolve("sim.log"), "simulate", "pb840", "--pty", port.toString());
        try {
            Platform.await("the simulator's port", () -> Files.exists(port));
            Tool.Result result = run(
                    "capture",
                    "--serial",
                    port.toString(),
                    "--profile",
                    "pb840",
                    "--seconds",
                    "5",
                    "--out",
                    capture.toString());
            assertEquals(0, result.exitCode(), result.err());
            assertTrue(result.err().contains("5 went, 1 messages, 0 damaged"), result.err());
        } finally {
            device.destroy();
            device.waitFor();
        }
        assertTrue(Files.readString(capture).contains(" > 534e44460d\n"), Files.readString(capture));
        Tool.Result decoded = run("decode", "--profile", "pb840", "--explain", capture.toString());
        assertEquals(0, decoded.exitCode(), decoded.err());
        assertTrue(decoded.err().contains("to the device: 534e44460d"), decoded.err());
        assertTrue(decoded.err().contains("\"frames\":1,"), decoded.err());
    }

    @Test
    @Execution(CONCURRENT)
    void aStoppedCaptureIsAWholeFile() throws Exception {
        Path capture = folder.resolve("stopped.cap");
        try (Device device = new Device(() -> LINE.getBytes(StandardCharsets.US_ASCII))) {
            Process process = Tool.start(
                    folder.resolve("capture.log"), "capture", "--serial", device.port(), "--out", capture.toString());
            Platform.await("bytes", () -> capture.toFile().length() > 60);
            process.destroy();
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue(), Files.readString(folder.resolve("capture.log")));
        }
        assertTrue(Files.readString(capture).endsWith("\n"));
        assertEquals(
                0,
                run("decode", "--profile", "masimo-ascii1", capture.toString()).exitCode());
    }

    @Test
    @Execution(CONCURRENT)
    void aCaptureEndsAtItsSize() throws Exception {
        Path capture = folder.resolve("small.cap");
        try (Device device = new Device(() -> LINE.repeat(8).getBytes(StandardCharsets.US_ASCII))) {
            Tool.Result result =
                    run("capture", "--serial", device.port(), "--max", "2KiB", "--out", capture.toString());
            assertEquals(0, result.exitCode(), result.err());
            assertTrue(result.err().contains("the file is full"), result.err());
        }
        assertTrue(Files.size(capture) <= 2_048);
        assertEquals(
                2,
                run("capture", "--serial", "/dev/x", "--max", "2", "--out", "x.cap")
                        .exitCode());
    }

    @Test
    @Execution(CONCURRENT)
    void aNetworkDeviceIsRecognisedThroughItsConnection() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread device = new Thread(() -> {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write(LINE.repeat(3).getBytes(StandardCharsets.US_ASCII));
                } catch (IOException closed) {
                    return;
                }
            });
            device.start();
            Tool.Result result = run("identify", "--tcp", "127.0.0.1:" + server.getLocalPort(), "--json");
            assertEquals(0, result.exitCode(), result.err());
            assertTrue(result.out().startsWith("[{\"profile\":\"masimo-ascii1\""), result.out());
            device.join();
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aMonitorIsRecognisedByItsBeacon() throws Exception {
        int port;
        try (DatagramSocket free = new DatagramSocket(0)) {
            port = free.getLocalPort();
        }
        Path profile = Files.createDirectories(folder.resolve("profiles/fennec-m1"));
        Files.writeString(profile.resolve("profile.yaml"), """
                wasla: 1
                id: fennec-m1
                version: 1.0.0
                device: {makers: [Fennec], models: [M1], kind: monitor}
                frame: {line: {end: CR}}
                dialogue: {listen: {quiet: 6s}}
                message: {id: row, pattern: 'T1=(?<t1>\\d+)'}
                fingerprint:
                  beacon: {port: %d, group: 224.0.1.23, found: '^M1\\|', link: 'tcp:{host}:4601'}
                """.formatted(port));
        String profiles = folder.resolve("profiles").toString();
        byte[] beacon = "M1|bed 7".getBytes(StandardCharsets.US_ASCII);
        try (DatagramSocket monitor = new DatagramSocket()) {
            Process process = Tool.start(
                    folder.resolve("lan.log"), "identify", "--lan", "--seconds", "5", "--json", "--profiles", profiles);
            while (process.isAlive()) {
                monitor.send(new DatagramPacket(beacon, beacon.length, InetAddress.getLoopbackAddress(), port));
                process.waitFor(500, TimeUnit.MILLISECONDS);
            }
            String log = Files.readString(folder.resolve("lan.log"));
            assertEquals(0, process.exitValue(), log);
            assertTrue(
                    log.contains("\"profile\":\"fennec-m1\",\"confidence\":0.99,\"link\":\"tcp:127.0.0.1:4601\""), log);
        }
        Tool.Result none = run("identify", "--lan", "--seconds", "1", "--profiles", profiles);
        assertEquals(1, none.exitCode(), none.err());
        assertEquals(List.of("unknown"), none.out().lines().toList());
    }

    @Test
    @Execution(CONCURRENT)
    void wrongUsageEndsWithTwo() throws Exception {
        assertEquals(2, run("identify").exitCode());
        assertEquals(2, run("identify", "--serial", "ttyUSB0").exitCode());
        assertEquals(2, run("identify", "--seconds", "0", "x.cap").exitCode());
        assertEquals(
                2, run("identify", "--serial", "/dev/ttyUSB0", "--tcp", "a:1").exitCode());
        assertEquals(1, run("identify", folder.resolve("none.cap").toString()).exitCode());
        assertEquals(
                1,
                run("identify", "--serial", folder.resolve("none").toString()).exitCode());
    }
}
