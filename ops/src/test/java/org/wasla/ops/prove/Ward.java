package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.link.Link;
import org.wasla.bridge.link.Pty;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;
import org.wasla.gateway.simulator.LineFault;
import org.wasla.gateway.simulator.SimulatedDevice;
import org.wasla.ops.demo.PtyLink;

/** A ward in a proof: simulated devices on real pseudo-terminals, and the agent as a process of its own. */
final class Ward implements AutoCloseable {
    static final String GATEWAY = "gw-test";
    private final Path folder;
    private final Path buffer;
    private final Map<String, String> environment;
    private final String servers;
    private final Map<String, String> devices = new LinkedHashMap<>();
    private final Map<String, SimulatedDevice> simulated = new LinkedHashMap<>();
    private String bufferMax = "256MiB";
    private String uplink = "";
    private String profiles = "";
    private String section = "";
    private @Nullable Process agent;

    Ward(Path folder, int brokerPort) {
        this(folder, folder.resolve("buffer"), brokerPort, Map.of());
    }

    /** @param environment of the agent, beside ours */
    Ward(Path folder, Path buffer, int brokerPort, Map<String, String> environment) {
        this(folder, buffer, List.of(brokerPort), environment);
    }

    /** With brokers that take turns. */
    Ward(Path folder, Path buffer, List<Integer> brokerPorts, Map<String, String> environment) {
        this.folder = folder;
        this.buffer = buffer;
        this.servers = brokerPorts.stream()
                .map(port -> "\"mqtt://127.0.0.1:" + port + "\"")
                .collect(Collectors.joining(", "));
        this.environment = Map.copyOf(environment);
    }

    /** Adds a device to the configuration and lets it speak. */
    void add(String id, String profile, double rate, Set<LineFault> faults) throws IOException {
        devices.put(
                id,
                "{id: " + id + ", profile: " + profile + ", location: rea1/" + id + ", link: \"serial:" + port(id)
                        + "\"}");
        plugIn(id, profile, rate, faults);
    }

    /** Adds a line of its own to the list of devices. */
    void addLine(String id, String yaml) {
        devices.put(id, yaml);
    }

    /** Before the agent starts: one more section of the configuration, on one line. */
    void section(String yaml) {
        section = yaml;
    }

    /** Before the agent starts: profiles of this folder in the place of the shipped ones. */
    void profiles(Path shelf) {
        profiles = "profiles: {dir: " + shelf + "}";
    }

    Path port(String id) {
        return folder.resolve("port-" + id);
    }

    void plugIn(String id, String profile, double rate, Set<LineFault> faults) throws IOException {
        Profile read = profile(profile);
        Path link = port(id);
        SimulatedDevice device =
                new SimulatedDevice(id, () -> open(link), Objects.requireNonNull(read.simulator()), faults, rate, 7);
        simulated.put(id, device);
        device.start();
        Platform.await("the pseudo-terminal of " + id, () -> Files.exists(link));
    }

    private static Link open(Path link) throws IOException {
        return new PtyLink(Pty.open(link));
    }

    void unplug(String id) {
        Objects.requireNonNull(simulated.remove(id)).close();
    }

    void unplugAll() {
        simulated.values().forEach(SimulatedDevice::close);
        simulated.clear();
    }

    static Profile profile(String id) throws IOException {
        Problems problems = new Problems();
        Path shelf = Tool.ROOT.resolve("device-profiles");
        Profile profile = ProfileStore.open(List.of(shelf)).read(shelf.resolve(id), problems);
        if (!problems.isEmpty()) {
            throw new AssertionError(problems.list().toString());
        }
        return profile;
    }

    Path configuration(String... more) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "gateway: {id: " + GATEWAY + ", region: ma-06, site: proof, zone: Africa/Casablanca}",
                "uplink: {servers: [" + servers + "]" + uplink + "}",
                "buffer: {dir: " + buffer + ", max: " + bufferMax + "}",
                profiles,
                section,
                "devices:"));
        devices.values().forEach(device -> lines.add("  - " + device));
        lines.addAll(List.of(more));
        return Files.write(folder.resolve("wasla.yaml"), lines);
    }

    Path buffer() {
        return buffer;
    }

    /**
     * Before the agent starts.
     *
     * @param keys further keys of the uplink, such as {@code format: cbor}
     */
    void uplink(String keys) {
        uplink = ", " + keys;
    }

    /** Before the agent starts. */
    void limit(String maximum) {
        bufferMax = maximum;
    }

    long pid() {
        return Objects.requireNonNull(agent).pid();
    }

    Path log() {
        return folder.resolve("agent.log");
    }

    void startAgent() throws IOException {
        agent = Tool.start(
                log(), environment, "run", "--config", configuration().toString());
    }

    /** As pulling the process out: no clean-up runs. */
    void killAgent() throws InterruptedException {
        Process running = Objects.requireNonNull(agent);
        running.destroyForcibly();
        running.waitFor();
        agent = null;
    }

    /** @return the exit code after SIGTERM */
    int stopAgent() throws InterruptedException {
        Process running = Objects.requireNonNull(agent);
        running.destroy();
        if (!running.waitFor(30, TimeUnit.SECONDS)) {
            running.destroyForcibly();
            throw new AssertionError("the agent does not stop on SIGTERM");
        }
        agent = null;
        return running.exitValue();
    }

    boolean isAgentAlive() {
        Process running = agent;
        return running != null && running.isAlive();
    }

    @Override
    public void close() {
        if (agent != null) {
            agent.destroyForcibly().onExit().join();
        }
        simulated.values().forEach(SimulatedDevice::close);
    }
}
