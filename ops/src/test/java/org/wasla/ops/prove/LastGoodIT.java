package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.wasla.gateway.health.StatusSocket;

/** A mistake in an editor does not take a box out of its ward. */
@Execution(ExecutionMode.CONCURRENT)
class LastGoodIT {
    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1}
            uplink: {servers: ["mqtt://127.0.0.1:1"]}
            buffer: {dir: "%s", max: 64MiB}
            devices: []
            """;

    @TempDir
    Path folder;

    private String runs(Path config, String log) throws Exception {
        Path buffer = folder.resolve("buffer");
        Path told = folder.resolve(log);
        Process agent = Tool.start(
                told,
                "run",
                "--config",
                config.toString(),
                "--keep",
                folder.resolve("kept").toString());
        try {
            Platform.await("the agent", () -> !agent.isAlive() || answers(buffer));
            assertTrue(agent.isAlive(), () -> read(told));
            return new String(StatusSocket.ask(buffer).orElseThrow(), StandardCharsets.UTF_8);
        } finally {
            agent.destroy();
            agent.waitFor();
        }
    }

    private static boolean answers(Path buffer) {
        try {
            return StatusSocket.ask(buffer).isPresent();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unread) {
            return unread.toString();
        }
    }

    @Test
    void anAgentStartsWithTheLastGoodOneAndSaysSo() throws Exception {
        Path config = Files.writeString(folder.resolve("wasla.yaml"), String.format(CONFIG, folder.resolve("buffer")));
        String first = runs(config, "first.log");
        assertFalse(first.contains("\"config\""), first);
        assertTrue(first.contains("\"audit\":{\"missed\":0}"), first);
        String broken = Files.readString(config).replace("servers:", "server:").replace("64MiB", "64 apples");
        Files.writeString(config, broken);
        String health = runs(config, "second.log");
        assertTrue(health.contains("\"config\":{\"mistakes\":3}"), health);
        String log = read(folder.resolve("second.log"));
        assertTrue(log.contains("uplink.server is not known; did you mean 'servers'?"), log);
        assertTrue(log.contains("starting with the last good one"), log);
        Tool.Result audit = Tool.run(
                folder,
                "audit",
                "verify",
                "--config",
                folder.resolve("kept/last-good.yaml").toString());
        assertEquals(0, audit.exitCode(), audit.err());
        String events = read(folder.resolve("buffer/trust/audit/audit-1.log"));
        assertEquals(2, events.split("\"e\":\"config-file\"", -1).length - 1, events);
        assertTrue(events.contains("\"before\":\"") && events.contains("\"e\":\"config-broken\""), events);
        assertFalse(events.contains("apples"), "nothing of what the file says");
        List<String> kept = Files.readAllLines(folder.resolve("kept/last-good.yaml"));
        assertTrue(kept.toString().contains("servers:"), "a wrong one is not kept");
    }

    @Test
    void withoutACopyTheMistakesEndIt() throws Exception {
        Path config = Files.writeString(folder.resolve("wasla.yaml"), "gateway: {id: gw-1}\n");
        Tool.Result result = Tool.run(
                folder,
                "run",
                "--config",
                config.toString(),
                "--keep",
                folder.resolve("kept").toString());
        assertEquals(2, result.exitCode());
        assertTrue(result.err().contains("region"), result.err());
    }
}
