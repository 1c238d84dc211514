package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What systemd hears of the service: ready, then fed as long as it runs, though no broker is there; then stopping. And
 * what the board's own watchdog is told.
 */
class WatchdogIT {
    /** Tells each word on a line; what is passed along with it is closed, which systemd-notify waits for. */
    private static final String SYSTEMD = """
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind(sys.argv[1])
            print("open", flush=True)
            while True:
                data, passed, _, _ = socket.recv_fds(s, 4096, 4)
                for fd in passed: os.close(fd)
                if not data.startswith(b"BARRIER"): print(data.decode().strip(), flush=True)
            """;

    // What the kernel's own driver does: closed without the last V it goes on, and the board starts anew.
    @Test
    void aKilledAgentLeavesTheBoardToItsWatchdog() throws Exception {
        Assumptions.assumeTrue(Boolean.getBoolean("wasla.long"), "-Dwasla.long=true");
        Path board = Files.createFile(folder.resolve("watchdog"));
        try (Ward ward = new Ward(folder, folder.resolve("buffer"), 9, Map.of())) {
            ward.add("oxi-1", "masimo-ascii1", 5, Set.of());
            ward.section("gpio: {watchdog: " + board + "}");
            ward.startAgent();
            Platform.await("the first meal", () -> board.toFile().length() > 1);
            ward.killAgent();
            assertTrue(Files.readString(board).matches("\\x00+"));
        }
    }

    @TempDir
    Path folder;

    @Test
    void theServiceTellsSystemdHowItGoes() throws Exception {
        Assumptions.assumeTrue(Shell.has("systemd-notify") && Shell.has("python3"), "no systemd-notify or python3");
        Path socket = folder.resolve("notify");
        Process systemd = new ProcessBuilder("/usr/bin/python3", "-c", SYSTEMD, socket.toString()).start();
        Path board = Files.createFile(folder.resolve("watchdog"));
        Map<String, String> service = Map.of("NOTIFY_SOCKET", socket.toString(), "WATCHDOG_USEC", "3000000");
        try (BufferedReader heard = systemd.inputReader(StandardCharsets.UTF_8);
                Ward ward = new Ward(folder, folder.resolve("buffer"), 9, service)) {
            assertEquals("open", heard.readLine());
            ward.add("oxi-1", "masimo-ascii1", 5, Set.of());
            ward.section("gpio: {watchdog: " + board + "}");
            ward.startAgent();
            assertEquals("READY=1", heard.readLine());
            assertEquals("WATCHDOG=1", heard.readLine());
            assertEquals("WATCHDOG=1", heard.readLine());
            assertEquals(0, ward.stopAgent());
            String last = heard.readLine();
            while ("WATCHDOG=1".equals(last)) {
                last = heard.readLine();
            }
            assertEquals("STOPPING=1", last);
            assertTrue(Files.readString(board).matches("\\x00+V"), "called off by a clean stop");
        } finally {
            systemd.destroyForcibly();
        }
    }
}
