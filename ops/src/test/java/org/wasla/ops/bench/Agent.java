package org.wasla.ops.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The agent as its user starts it, with bench lines for devices. */
final class Agent {
    private static final Path ROOT =
            Path.of(System.getProperty("wasla.root", "")).toAbsolutePath();

    private Agent() {}

    /**
     * @param buffer folder of its buffer
     * @param max size of the buffer, as in the configuration
     * @param commit commit window, as in the configuration
     */
    record Options(Path buffer, String max, String commit) {}

    /** Starts one; it connects to the devices and to the broker. */
    static Subject start(Path folder, int brokerPort, List<Device> devices, Options options) throws IOException {
        return start(folder, brokerPort, devices, options, "bench-line");
    }

    static Subject start(Path folder, int brokerPort, List<Device> devices, Options options, String profile)
            throws IOException {
        List<String> links =
                devices.stream().map(device -> "tcp:127.0.0.1:" + device.port()).toList();
        return start(folder, brokerPort, links, options, ROOT.resolve("ops/bench/profiles"), profile);
    }

    /** Starts one that listens on these ports, with a shipped profile. */
    static Subject listen(Path folder, int brokerPort, List<Integer> ports, String profile) throws IOException {
        List<String> links = ports.stream().map(port -> "listen:" + port).toList();
        Options options = new Options(folder.resolve("buffer"), "2GiB", "0ms");
        return start(folder, brokerPort, links, options, ROOT.resolve("device-profiles"), profile);
    }

    /** Starts one that takes images on this port. */
    static Subject imaging(Path folder, int brokerPort, int port) throws IOException {
        List<String> lines = List.of(
                "gateway: {id: gw-bench, region: ma-06, site: bench, zone: UTC}",
                "uplink: {servers: [\"mqtt://127.0.0.1:" + brokerPort + "\"]}",
                "buffer: {dir: " + folder.resolve("buffer") + ", max: 1GiB}",
                "dicom: {ae: WASLA, listen: " + port + ", store: " + folder.resolve("dicom") + ", max: 4GiB}");
        return run(folder, lines);
    }

    private static Subject start(
            Path folder, int brokerPort, List<String> links, Options options, Path profiles, String profile)
            throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "gateway: {id: gw-bench, region: ma-06, site: bench, zone: UTC}",
                "uplink: {servers: [\"mqtt://127.0.0.1:" + brokerPort + "\"]}",
                "buffer: {dir: " + options.buffer() + ", max: " + options.max() + ", commit: " + options.commit() + "}",
                "profiles: {dir: " + profiles + "}",
                "devices:"));
        for (int i = 0; i < links.size(); i++) {
            lines.add("  - {id: line-" + (i + 1) + ", profile: " + profile + ", link: \"" + links.get(i) + "\"}");
        }
        return run(folder, lines);
    }

    private static Subject run(Path folder, List<String> lines) throws IOException {
        Path config = Files.write(folder.resolve("wasla.yaml"), lines);
        String wasla = ROOT.resolve("ops/wasla").toString();
        return Subject.start(folder.resolve("agent.log"), List.of(wasla, "run", "--config", config.toString()));
    }
}
