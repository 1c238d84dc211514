package org.wasla.gateway.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The word to systemd goes the way that systemd's own program takes, to a socket like systemd's. */
class ServiceManagerIT {
    /** Tells each datagram on a line; what it is passed along with it is closed, which systemd-notify waits for. */
    private static final String LISTENER = """
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind(sys.argv[1])
            print("open", flush=True)
            while True:
                data, passed, _, _ = socket.recv_fds(s, 4096, 4)
                for fd in passed: os.close(fd)
                if not data.startswith(b"BARRIER"): print(data.decode().strip(), flush=True)
            """;

    @TempDir
    Path folder;

    @Test
    void theWordArrives() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-notify")), "no systemd-notify");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "no python3");
        Path socket = folder.resolve("notify");
        Process listener = new ProcessBuilder("/usr/bin/python3", "-c", LISTENER, socket.toString()).start();
        try (BufferedReader heard = listener.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("open", heard.readLine());
            ServiceManager manager = new ServiceManager(Map.of("NOTIFY_SOCKET", socket.toString()));
            manager.tell("READY=1");
            assertEquals("READY=1", heard.readLine());
            manager.tell("WATCHDOG=1");
            assertEquals("WATCHDOG=1", heard.readLine());
        } finally {
            listener.destroyForcibly();
        }
    }

    @Test
    void itIsFedThreeTimesWithinItsPatience() {
        ServiceManager manager = new ServiceManager(Map.of("NOTIFY_SOCKET", "/run/x", "WATCHDOG_USEC", "120000000"));
        assertEquals(TimeUnit.SECONDS.toNanos(40), manager.everyNs());
        assertEquals(0, new ServiceManager(Map.of("WATCHDOG_USEC", "120000000")).everyNs(), "nobody listens");
        assertEquals(0, new ServiceManager(Map.of("NOTIFY_SOCKET", "/run/x", "WATCHDOG_USEC", "-1")).everyNs());
    }
}
