package org.wasla.gateway.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.link.Direction;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.device.AlarmBoard;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.device.Watch;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.profile.LiveBytes;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.uplink.Ear;

/** A box without a network: its buffer, its devices, its desk; what it reports is kept here. */
final class DeskBox implements AutoCloseable {
    static final int WAIT_MS = 20_000;
    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:1"]}
            buffer: {dir: "%s", max: 64MiB, commit: 0ms}
            trust: {roots: ["%s"], keys: "%s", groups: [ward-a], watch: 1s}
            devices:
            %s
            """;
    final TestStates states;
    final AtomicLong clockMs = new AtomicLong();
    final List<String> reports = new CopyOnWriteArrayList<>();
    final List<String> removed = new CopyOnWriteArrayList<>();
    final Config config;
    final Devices devices;
    final ConfigDesk desk;
    final Outbox outbox;
    private final Auditor auditor;

    /** @param installed the list of devices of the configuration file, YAML lines */
    DeskBox(Path folder, TestStates states, String installed) throws IOException {
        this(folder, folder.resolve("buffer"), states, installed, 400);
    }

    DeskBox(Path folder, Path buffer, TestStates states, String installed, long watchMs) throws IOException {
        this.states = states;
        this.config = config(folder, buffer, states, installed);
        this.outbox = Outbox.open(new OutboxSettings(buffer, 64 << 20, 0), Gaps::event);
        this.auditor = Auditor.open("gw-1", buffer, outbox);
        Map<String, LiveBytes> live = new ConcurrentHashMap<>();
        AlarmBoard alarms = new AlarmBoard("gw-1", 60_000, () -> new Clock("sync", null), (device, json, until) -> {});
        Devices.Surroundings around = new Devices.Surroundings(
                line -> watch(line, live), live, 64 << 10, this::changed, settings -> {}, alarms, Direction.NONE);
        this.devices = new Devices(config, outbox, () -> new Clock("sync", null), around);
        ConfigDesk.Box box = new ConfigDesk.Box(
                "gw-1",
                "0.1.0",
                Objects.requireNonNull(config.trust()),
                watchMs,
                config.codes(),
                config.profileFolders(),
                config.given().installed(),
                buffer,
                devices,
                step -> List.of());
        this.desk = new ConfigDesk(
                box, auditor, config.given().why(), reports::add, () -> System.currentTimeMillis() + clockMs.get());
        devices.start();
        desk.start();
        desk.asked();
    }

    static Config config(Path folder, Path buffer, TestStates states, String installed) throws IOException {
        Path home = folder.resolve("profiles/oxi");
        if (!Files.exists(home)) {
            Files.createDirectories(home);
            Files.writeString(home.resolve("profile.yaml"), TestStates.PROFILE);
        }
        Path file = Files.writeString(
                folder.resolve("wasla.yaml"),
                String.format(CONFIG, buffer, states.rootText(), states.keys(folder), installed));
        Problems problems = new Problems();
        return new ConfigReader(List.of(Path.of("../device-profiles"), folder.resolve("profiles")), problems)
                .read(file)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
    }

    private static Watch watch(String line, Map<String, LiveBytes> live) {
        return new Watch() {
            @Override
            public void changed(String device, DeviceWorker.Status status) {}

            @Override
            public void heard(String device, byte[] bytes, int length, long timeMs) {
                heardFurther(bytes, length, timeMs);
            }

            @Override
            public void heardFurther(byte[] bytes, int length, long timeMs) {
                LiveBytes kept = live.get(line);
                if (kept != null) {
                    kept.add(bytes, length, timeMs);
                }
            }
        };
    }

    private void changed(String device, DeviceWorker.Status status) {
        removed.add(device + " " + status.state().wire());
    }

    /** Gives a state and waits for what becomes of it. */
    String give(String signed) throws Exception {
        int before = reports.size();
        desk.desired(signed.getBytes(StandardCharsets.ISO_8859_1));
        return outcomeAfter(before);
    }

    /** The next report that is no trial's. */
    String outcomeAfter(int before) throws Exception {
        Ear.until("a report", WAIT_MS, () -> outcome(before) != null);
        return String.valueOf(outcome(before));
    }

    private @Nullable String outcome(int before) {
        return reports.stream()
                .skip(before)
                .filter(each -> !each.contains("\"s\":\"trial\""))
                .findFirst()
                .orElse(null);
    }

    /** The records of a device, in order. */
    List<String> records(String device) throws IOException {
        List<String> found = new ArrayList<>();
        long last = outbox.lastNumber(device, "obs");
        for (Entry entry : outbox.stream(device, "obs", 1, last, (int) Math.max(1, last))) {
            found.add(new String(entry.payload(), StandardCharsets.UTF_8));
        }
        return found;
    }

    /** Waits until so many more records of a device are there. */
    void hear(String device, int more) throws Exception {
        long from = outbox.lastNumber(device, "obs");
        Ear.until(more + " records of " + device, WAIT_MS, () -> outbox.lastNumber(device, "obs") >= from + more);
    }

    /** The audit so far. */
    String audit() throws IOException {
        StringBuilder all = new StringBuilder();
        try (java.util.stream.Stream<Path> files =
                Files.list(Auditor.folder(config.buffer().dir()))) {
            for (Path file : files.sorted().toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    Map<String, String> profiles() {
        Map<String, String> found = new HashMap<>();
        devices.list()
                .devices()
                .forEach(device -> found.put(device.id(), device.profile().name()));
        return found;
    }

    @Override
    public void close() throws IOException {
        desk.close();
        devices.close();
        auditor.close();
        outbox.close();
    }
}
