package org.wasla.gateway.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.bridge.link.Direction;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.DeviceList;
import org.wasla.gateway.device.AlarmBoard;
import org.wasla.gateway.device.DeviceSettings;
import org.wasla.gateway.device.DeviceState;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.device.Watch;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.profile.LiveBytes;

/**
 * The lines that a box reads, each with its worker, and their changes while it runs. Thread-safe; what is asked is
 * answered at once from the lines as they are, what changes one line leaves the others alone.
 *
 * <p>A line goes on under another profile or at another place without being closed; another port, or a profile of another
 * id, is another device on it, and a new worker.
 */
public final class Devices implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Devices.class);
    /** How old bytes may be that a changed profile is tried on. */
    private static final long LIVE_MS = 300_000;

    private final Outbox outbox;
    private final Supplier<Clock> clock;
    private final Surroundings around;
    private final List<Consumer<Config>> followers = new CopyOnWriteArrayList<>();
    private final Map<String, Line> lines = new LinkedHashMap<>();
    private volatile Config config;
    /** The same as {@code lines}, for those who only look. */
    private volatile List<Line> shown = List.of();

    private boolean isRunning;

    /** @param device as it is configured */
    private record Line(String name, Config.Device device, DeviceWorker worker) {
        boolean isFurther() {
            return DeviceList.isFurther(name);
        }
    }

    /**
     * Who is told of lines.
     *
     * @param teller takes what the worker of a line says, by the line's name
     * @param live the last bytes of each line, for trials
     * @param liveBytes how many are kept, 0: none
     * @param states takes how a device's line is
     * @param metas takes what a device is
     * @param alarms is told of devices that come and go
     * @param direction turns lines of two wires
     */
    public record Surroundings(
            java.util.function.Function<String, Watch> teller,
            Map<String, LiveBytes> live,
            int liveBytes,
            BiConsumer<String, DeviceWorker.Status> states,
            Consumer<DeviceSettings> metas,
            AlarmBoard alarms,
            Direction direction) {}

    public Devices(Config config, Outbox outbox, Supplier<Clock> clock, Surroundings around) {
        this.config = config;
        this.outbox = outbox;
        this.clock = clock;
        this.around = around;
        new DeviceList(config.devices(), config.further())
                .lines()
                .forEach((name, device) -> lines.put(name, line(name, device)));
        show();
    }

    private Line line(String name, Config.Device device) {
        DeviceSettings settings = settings(device);
        Watch teller = around.teller().apply(name);
        if (around.liveBytes() > 0) {
            around.live().put(name, new LiveBytes(around.liveBytes(), LIVE_MS));
        }
        DeviceWorker worker = DeviceList.isFurther(name)
                ? DeviceWorker.further(settings, outbox, clock, teller, around.direction())
                : new DeviceWorker(settings, outbox, clock, teller, around.direction());
        return new Line(name, device, worker);
    }

    private DeviceSettings settings(Config.Device device) {
        return new DeviceSettings(
                config.gateway().id(),
                device.id(),
                device.location(),
                device.profile(),
                device.link(),
                device.parts(),
                config.codes(),
                config.gateway().zone());
    }

    private void show() {
        shown = List.copyOf(lines.values());
    }

    /** The configuration with the devices that are in force. */
    public Config config() {
        return config;
    }

    /** The devices as they are read now, a trial among them. */
    DeviceList list() {
        List<Config.Device> devices = new ArrayList<>();
        List<Config.Device> further = new ArrayList<>();
        shown.forEach(line -> (line.isFurther() ? further : devices).add(line.device()));
        return new DeviceList(devices, further);
    }

    /** The workers of all devices, without their further lines. */
    public List<DeviceWorker> workers() {
        return shown.stream()
                .filter(line -> !line.isFurther())
                .map(Line::worker)
                .toList();
    }

    /** The workers of all lines, further ones last. */
    public List<DeviceWorker> all() {
        List<DeviceWorker> all = new ArrayList<>(workers());
        shown.stream().filter(Line::isFurther).map(Line::worker).forEach(all::add);
        return all;
    }

    /** @param line its name, null when there is none */
    @Nullable
    DeviceWorker worker(String line) {
        return shown.stream()
                .filter(each -> each.name().equals(line))
                .map(Line::worker)
                .findFirst()
                .orElse(null);
    }

    /** The last bytes of a line, null where they are not kept. */
    @Nullable
    LiveBytes live(String line) {
        return around.live().get(line);
    }

    /** From now on told of each list of devices that is in force, on the thread that changes it. */
    public void follow(Consumer<Config> follower) {
        followers.add(follower);
    }

    public synchronized void start() {
        isRunning = true;
        lines.values().forEach(this::start);
    }

    private void start(Line line) {
        if (!line.isFurther()) {
            around.metas().accept(line.worker().settings());
            around.alarms().add(line.device().id());
        }
        line.worker().start();
    }

    /** Adds a line, or changes the one of this name. A line that is replaced is closed first: at most 5 s. */
    synchronized void put(String name, Config.Device device) {
        Line old = lines.get(name);
        boolean isSameTalk = old != null
                && old.device().link().equals(device.link())
                && old.device().profile().id().equals(device.profile().id());
        if (old != null && isSameTalk) {
            DeviceSettings settings = settings(device);
            old.worker().adopt(settings);
            lines.put(name, new Line(name, device, old.worker()));
            if (!old.isFurther() && isRunning) {
                around.metas().accept(settings);
            }
        } else {
            if (old != null) {
                old.worker().close();
            }
            Line line = line(name, device);
            lines.put(name, line);
            if (isRunning) {
                start(line);
            }
        }
        show();
    }

    /** Takes a line away; its device is told as removed. At most 5 s. */
    synchronized void remove(String name) {
        Line old = lines.remove(name);
        if (old == null) {
            return;
        }
        show();
        old.worker().close();
        around.live().remove(name);
        if (!old.isFurther()) {
            DeviceWorker.Status gone = new DeviceWorker.Status(
                    DeviceState.REMOVED, "taken out of the configuration", System.currentTimeMillis());
            around.alarms().changed(name, DeviceState.REMOVED);
            around.states().accept(name, gone);
        }
        LOG.info("device={} removed", name);
    }

    /** The lines as they are now are in force: all who know devices by name follow. */
    synchronized void settle() {
        config = config.with(list());
        followers.forEach(each -> each.accept(config));
    }

    /** Every worker stops, and its device is told as removed. */
    @Override
    public synchronized void close() {
        isRunning = false;
        List<DeviceWorker> all = all();
        all.forEach(DeviceWorker::stop);
        all.forEach(DeviceWorker::close);
    }

    /** That nobody reads any more. */
    public void tellStopped() {
        DeviceWorker.Status stopped =
                new DeviceWorker.Status(DeviceState.REMOVED, "agent stopped", System.currentTimeMillis());
        workers().forEach(worker -> around.states().accept(worker.settings().id(), stopped));
    }
}
