package org.wasla.gateway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.wasla.gateway.uplink.Mosquitto;

/** What a running agent tells is what the page says of it: name, kind, labels and words; and nothing of the page is made up. */
@Execution(ExecutionMode.CONCURRENT)
class MetricsTableIT {
    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:%d"]}
            buffer: {dir: "%s", max: 64MiB, commit: 0ms}
            metrics: {listen: "127.0.0.1:%d"}
            devices:
              - {id: vent-1, profile: talker, location: rea1/b07, link: "tcp:127.0.0.1:%d"}
            hospital: [{name: his, mllp: "127.0.0.1:1"}]
            dicom: {listen: %d, store: "%s", max: 1GiB, forward: [{name: pacs, to: "dicom:PACS@127.0.0.1:1"}]}
            """;
    /** Told only after what does not happen here. */
    private static final List<String> ELSEWHERE = List.of(
            "wasla_buffer_drained_in_seconds",
            "wasla_buffer_full_in_seconds",
            "wasla_buffer_oldest_seconds",
            "wasla_clock_error_seconds",
            "wasla_config_mistakes",
            "wasla_hospital_aside_messages_total",
            "wasla_hospital_refused_messages_total",
            "wasla_imaging_forward_aside_objects");

    private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"");
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    /** A row of the page. */
    private record Row(String kind, String unit, TreeSet<String> labels, String what) {}

    private static Map<String, Row> page() throws IOException {
        Map<String, Row> rows = new HashMap<>();
        for (String line : Files.readAllLines(Path.of("../ops/monitoring/README.md"))) {
            if (line.startsWith("| `wasla_") || line.startsWith("| `process_")) {
                String[] cells = line.replace("`", "").split("\\|", -1);
                String[] names = cells[1].strip().split(", ");
                for (int i = 0; i < names.length; i++) {
                    TreeSet<String> labels =
                            new TreeSet<>(Arrays.asList(cells[4].strip().split(", ")));
                    labels.remove("");
                    String kind = cells[2].strip().split(", ")[Math.min(i, cells[2].split(", ").length - 1)];
                    String unit = cells[3].strip().split(", ")[Math.min(i, cells[3].split(", ").length - 1)];
                    rows.put(names[i], new Row(kind, unit, labels, cells[5].strip()));
                }
            }
        }
        return rows;
    }

    private String metrics(int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @Test
    void theEndpointAndThePageSayTheSame() throws Exception {
        BoxFiles.profile(folder, "talker", BoxFiles.TALKER);
        int port = Mosquitto.freePort();
        String text;
        try (Mosquitto broker = Mosquitto.start(folder);
                ServerSocket device = BoxFiles.device()) {
            String config = String.format(
                    CONFIG,
                    broker.port(),
                    folder.resolve("buffer"),
                    port,
                    device.getLocalPort(),
                    Mosquitto.freePort(),
                    folder.resolve("dicom"));
            try (Agent agent = new Agent(BoxFiles.config(folder, config), "test")) {
                agent.start();
                try (Socket line = device.accept()) {
                    line.getOutputStream().write("noise\r14\r".getBytes(StandardCharsets.US_ASCII));
                    text = await(
                            port,
                            "wasla_device_last_timestamp_seconds",
                            "wasla_device_bad_frames_total",
                            "wasla_uplink_last_timestamp_seconds");
                }
            }
        }
        compare(text, page());
    }

    private String await(int port, String... names) throws IOException, InterruptedException {
        long endNs = System.nanoTime() + PATIENCE_NS;
        String text = metrics(port);
        while (!Arrays.stream(names).allMatch(text::contains)) {
            if (System.nanoTime() - endNs > 0) {
                throw new AssertionError("waited in vain for " + Arrays.toString(names) + " in " + text);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            text = metrics(port);
        }
        return text;
    }

    private static Row row(Map<String, Row> page, String name) {
        return Objects.requireNonNull(page.get(name), () -> name + " is not on the page");
    }

    private static void compare(String text, Map<String, Row> page) {
        TreeSet<String> told = new TreeSet<>();
        String name = "";
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                name = words[2];
                told.add(name);
                if (name.startsWith("wasla_")) {
                    assertEquals(row(page, name).what(), words[3], name);
                }
            } else if (line.startsWith("# TYPE ")) {
                assertEquals(row(page, name).kind(), words[3], name);
            } else {
                TreeSet<String> labels = new TreeSet<>();
                Matcher label = LABEL.matcher(line);
                while (label.find()) {
                    labels.add(label.group(1));
                }
                assertEquals(row(page, name).labels(), labels, line);
            }
        }
        TreeSet<String> missing = new TreeSet<>(page.keySet());
        missing.removeAll(told);
        assertEquals(
                List.of(),
                missing.stream().filter(each -> !ELSEWHERE.contains(each)).toList(),
                text);
    }
}
