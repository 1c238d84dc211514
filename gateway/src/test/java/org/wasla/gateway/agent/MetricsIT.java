package org.wasla.gateway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.health.StatusSocket;
import org.wasla.gateway.profile.Problems;

/** Metrics of a running agent, read as Prometheus reads them. */
class MetricsIT {
    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:1"]}
            buffer: {dir: "%s", max: 64MiB}
            metrics: {listen: "127.0.0.1:%d"}
            devices:
              - {id: lab-1, profile: hl7-oru, location: lab/room, link: "listen:%d"}
            """;

    @TempDir
    Path dir;

    private final HttpClient http = HttpClient.newHttpClient();

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Config config(String text) throws IOException {
        Problems problems = new Problems();
        Path file = Files.writeString(dir.resolve("wasla.yaml"), text);
        return new ConfigReader(List.of(Path.of("../device-profiles")), problems)
                .read(file)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
    }

    private HttpResponse<String> ask(int port, String path, String method) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aRunningAgentTellsItsFiguresAndNothingElse() throws Exception {
        int port = freePort();
        String text;
        try (Agent agent = new Agent(config(String.format(CONFIG, dir.resolve("buffer"), port, freePort())), "0.0.0")) {
            agent.start();
            HttpResponse<String> answer = ask(port, "/metrics", "GET");
            assertEquals(200, answer.statusCode());
            text = answer.body();
            assertEquals(404, ask(port, "/", "GET").statusCode());
            assertEquals(405, ask(port, "/metrics", "POST").statusCode());
        }
        assertTrue(text.contains("wasla_device_frames_total{dev=\"lab-1\"} 0\n"), text);
        assertTrue(text.contains("\nwasla_uplink_connected 0\n"), text);
        assertTrue(text.contains("\nprocess_resident_memory_bytes "), text);
        assertFalse(text.contains("wasla_imaging"), "no imaging is configured");
        judge(text);
    }

    /** Prometheus's own tool. */
    private void judge(String text) throws Exception {
        Path promtool = Path.of("/usr/bin/promtool");
        assumeTrue(Files.isExecutable(promtool), "promtool of Debian's package prometheus is not installed");
        Path file = Files.writeString(dir.resolve("metrics.txt"), text);
        Process judge = new ProcessBuilder(promtool.toString(), "check", "metrics")
                .redirectInput(file.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(judge.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, judge.waitFor(), said);
        assertEquals("", said);
    }

    @Test
    void theNetworkIsToldOnlyWhereThatIsWrittenOut() throws Exception {
        String open = "gateway: {id: gw-1, region: r, site: s}\nuplink: {servers: [\"mqtt://127.0.0.1:1\"]}\n"
                + "metrics: {listen: \"0.0.0.0:9464\"%s}\n";
        Problems problems = new Problems();
        Path file = Files.writeString(dir.resolve("open.yaml"), String.format(open, ""));
        assertTrue(new ConfigReader(List.of(Path.of("../device-profiles")), problems)
                .read(file)
                .isEmpty());
        assertTrue(
                problems.list().toString().contains("metrics.open: true"),
                problems.list().toString());
        InetSocketAddress listen = config(String.format(open, ", open: true")).metrics();
        assertEquals(9464, listen == null ? 0 : listen.getPort());
    }

    @Test
    void aPortThatIsTakenStopsNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0);
                Agent agent = new Agent(
                        config(String.format(CONFIG, dir.resolve("buffer"), taken.getLocalPort(), freePort())),
                        "0.0.0")) {
            agent.start();
            assertTrue(StatusSocket.ask(dir.resolve("buffer")).isPresent());
        }
    }
}
