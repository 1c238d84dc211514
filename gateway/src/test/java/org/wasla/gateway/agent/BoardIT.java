package org.wasla.gateway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.wasla.bridge.gpio.Input;
import org.wasla.bridge.gpio.MockBoard;
import org.wasla.bridge.gpio.Output;
import org.wasla.bridge.link.Pty;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.enrol.Identity;
import org.wasla.gateway.enrol.IdentityFolder;
import org.wasla.gateway.panel.Controls;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.trust.CertificateRequest;
import org.wasla.gateway.trust.TestCertificates;

/** A whole agent on a board: Pi4J's mock for the lines, a pty for a line of two wires, a file for the watchdog. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class BoardIT {
    private static final int PATIENCE_MS = 60_000;
    private static final long DAY_MS = TimeUnit.DAYS.toMillis(1);
    private static final String PROFILE = """
            wasla: 1
            id: asked
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: pump}
            trust: unverified
            frame: {line: {end: CR}}
            dialogue: {poll: {ask: [{send: "?"}]}}
            message: [{id: row, pattern: '(?<rr>\\d+)'}]
            """;
    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: Africa/Casablanca}
            uplink: {servers: ["mqtt://127.0.0.1:1"]}
            buffer: {dir: %1$s/buffer, max: 16MiB}
            enrol: {dir: %1$s/identity}
            page: {listen: "127.0.0.1:%2$d"}
            gpio: {board: rpi4, watchdog: %1$s/watchdog}
            devices:
              - {id: pump-1, profile: asked, link: {serial: %3$s, baud: 9600, rs485: direction-a}}
            """;

    @TempDir
    Path folder;

    private final MockBoard mock = new MockBoard();
    private final AtomicLong nowMs = new AtomicLong();
    private final Controls controls = new Controls(mock::open, nowMs::get);

    private Config config(int port, Path line) throws IOException {
        Path profile = Files.createDirectories(folder.resolve("profiles/asked"));
        Files.writeString(profile.resolve("profile.yaml"), PROFILE);
        Path file = Files.writeString(folder.resolve("wasla.yaml"), String.format(CONFIG, folder, port, line));
        Problems problems = new Problems();
        return new ConfigReader(List.of(Path.of("../device-profiles"), folder.resolve("profiles")), problems)
                .read(file)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
    }

    private String enrol() throws Exception {
        TestCertificates ca = new TestCertificates("ca");
        KeyPair key = CertificateRequest.freshKey();
        long now = System.currentTimeMillis();
        Identity identity = new Identity(
                key.getPrivate(),
                List.of(ca.gateway(key, "gw-1", false, now - DAY_MS, now + 60 * DAY_MS), ca.own()),
                ca.own(),
                URI.create("https://127.0.0.1:1"),
                List.of());
        new IdentityFolder(folder.resolve("identity")).store(identity);
        return identity.words();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** What the page tells, once it is as wanted. */
    private static void awaitPage(BufferedReader events, Predicate<String> wanted) throws IOException {
        String line = Objects.requireNonNull(events.readLine(), "the page ends");
        while (!line.startsWith("data:") || !wanted.test(line)) {
            line = Objects.requireNonNull(events.readLine(), "the page ends");
        }
    }

    private static BufferedReader page(Socket socket, int port) throws IOException {
        socket.setSoTimeout(PATIENCE_MS);
        String request = "GET /events HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The page's port is opened by a thread of its own. */
    private static Socket connect(int port) throws IOException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        while (true) {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), port);
            } catch (ConnectException notYet) {
                if (System.nanoTime() - endNs >= 0) {
                    throw notYet;
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private void hold(long heldMs) {
        mock.close(Input.BUTTON, true);
        nowMs.addAndGet(heldMs);
        mock.close(Input.BUTTON, false);
    }

    @Test
    void buttonWordsDirectionAndWatchdogOfARunningAgent() throws Exception {
        String words = enrol();
        int port = freePort();
        Path watchdog = Files.createFile(folder.resolve("watchdog"));
        BlockingQueue<String> turned = new LinkedBlockingQueue<>();
        try (Pty pty = Pty.open();
                Agent agent = new Agent(config(port, pty.path()), "test", System::currentTimeMillis, controls)) {
            mock.close(Input.BUTTON, false);
            mock.onChange(Output.DIRECTION_A, isOn -> turned.add(isOn + " " + there(pty)));
            agent.start();
            assertEquals("true 0", turned.poll(PATIENCE_MS, TimeUnit.MILLISECONDS), "turned before anything is sent");
            assertEquals(
                    "false 1", turned.poll(PATIENCE_MS, TimeUnit.MILLISECONDS), "let go when the question has left");
            try (Socket socket = connect(port)) {
                BufferedReader events = page(socket, port);
                awaitPage(events, view -> !view.contains("\"words\""));
                hold(9_999);
                hold(10_000);
                awaitPage(events, view -> view.contains("\"words\":\"" + words + "\""));
                nowMs.addAndGet(120_000);
                awaitPage(events, view -> !view.contains("\"words\""));
            }
            String fed = Files.readString(watchdog);
            assertTrue(fed.matches("\0+"), "fed, and a kill would leave it to its time");
        }
        assertTrue(Files.readString(watchdog).matches("\0+V"), "called off by a clean stop");
        assertFalse(mock.isOn(Output.DIRECTION_A));
    }

    private static int there(Pty pty) {
        try {
            return pty.read(new byte[64], 50);
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }
}
