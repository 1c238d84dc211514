package org.wasla.gateway.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.bridge.gpio.Board;
import org.wasla.bridge.gpio.Panel;
import org.wasla.gateway.command.Command;
import org.wasla.gateway.device.DeviceSettings;
import org.wasla.gateway.device.DeviceState;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.device.GapRecord;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.OutboxStatus;
import org.wasla.gateway.profile.LiveBytes;
import org.wasla.gateway.uplink.Downlink;
import org.wasla.gateway.uplink.Topics;
import org.wasla.gateway.uplink.Uplink;
import org.wasla.gateway.uplink.UplinkSettings;

/** A running box: devices into the outbox, the outbox into the uplink. Built by constructors alone. Thread-safe. */
public final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final long TICK_S = 1;
    private static final long HEALTH_FIRST_TICKS = 5;
    private static final long HEALTH_EVERY_TICKS = 60;
    /** How old bytes may be that a changed profile is tried on. */
    private static final long LIVE_MS = 300_000;

    private final Config config;
    private final String software;
    private final ClockWatch clock = new ClockWatch();
    private final Panel panel;
    private final Outbox outbox;
    private final Uplink uplink;
    private final Downlink downlink;
    private final List<DeviceWorker> workers = new CopyOnWriteArrayList<>();
    private final List<DeviceWorker> furtherLines = new ArrayList<>();
    private final Bedside bedside;
    private final Errands errands;
    private final Health health;
    private final StatusSocket status;
    private final Scans scans;
    private final Renderings renderings;
    private final AlarmBoard alarms;
    private final Auditor auditor;
    private final @Nullable ConfigDesk desk;
    private final Map<String, LiveBytes> live = new ConcurrentHashMap<>();
    private final Figures figures;
    private final LocalPage page;
    /** How many records the buffer had refused when lamps were set last; the keeper's. */
    private long refused;

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread keeper = new Thread(this::keep, "keeper");

    /**
     * Opens the buffer and makes everything ready; {@link #start} sets it going.
     *
     * @throws IOException when the buffer's directory cannot be used
     */
    public Agent(Config config, String software) throws IOException {
        this(config, software, System::currentTimeMillis);
    }

    /** With another clock for what is published by the hour, the day and the week. */
    Agent(Config config, String software, LongSupplier calendarMs) throws IOException {
        this.config = config;
        this.software = software;
        this.panel = panel(config.board());
        this.health = new Health(config.gateway().id());
        this.status = new StatusSocket(config.buffer().dir(), this::healthText);
        this.outbox = Outbox.open(
                new OutboxSettings(
                        config.buffer().dir(),
                        config.buffer().maxBytes(),
                        config.buffer().commitMs()),
                this::gap);
        UplinkSettings settings = new UplinkSettings(
                config.uplink().servers(),
                config.uplink().ca(),
                config.uplink().key(),
                config.gateway().id(),
                software,
                config.uplink().encoding(),
                config.uplink().flow());
        Topics topics = new Topics(
                config.gateway().region(),
                config.gateway().site(),
                config.gateway().id());
        this.uplink = new Uplink(settings, topics, outbox);
        this.alarms = new AlarmBoard(config.gateway().id(), config.alarmsMs(), clock::clock, this::showAlarms);
        this.renderings = new Renderings(config, outbox, clock::clock);
        this.bedside = bedside();
        this.scans = new Scans(config, outbox, clock::clock, bedside);
        this.auditor = auditor();
        this.errands = new Errands(config, bedside);
        this.figures = new Figures(config, outbox, bedside::whose, calendarMs);
        this.page = new LocalPage(new LocalPage.Around(
                config, outbox, uplink, clock::clock, bedside, alarms, auditor, workers, this::join));
        this.downlink = new Downlink(settings, topics, outbox, uplink, this::carryOut, this::desired);
        for (Config.Device device : config.devices()) {
            workers.add(worker(device));
        }
        for (Config.Device line : config.further()) {
            furtherLines.add(DeviceWorker.further(settings(line), outbox, clock::clock, teller(line.id())));
        }
        this.desk = desk();
    }

    /** A box without lamps runs as one with them. */
    private static Panel panel(@Nullable Board board) {
        try {
            Panel panel = board == null ? new Panel(null) : Panel.open(board);
            panel.show(Lamps.STARTING);
            return panel;
        } catch (IOException none) {
            LOG.warn("lamps and buzzer stay dark cause=\"{}\"", none.getMessage());
            return new Panel(null);
        }
    }

    private Auditor auditor() throws IOException {
        try {
            return Auditor.open(config.gateway().id(), config.buffer().dir(), outbox);
        } catch (IOException unusable) {
            outbox.close();
            throw unusable;
        }
    }

    /** Null where nobody may change the box from outside. */
    private @Nullable ConfigDesk desk() throws IOException {
        TrustReader.Trust trust = config.trust();
        if (trust == null) {
            return null;
        }
        for (DeviceWorker worker : workers) {
            if (trust.liveBytes() > 0) {
                live.put(worker.settings().id(), new LiveBytes(trust.liveBytes(), LIVE_MS));
            }
        }
        ConfigDesk.Box box = new ConfigDesk.Box(
                config.gateway().id(),
                software,
                trust,
                config.codes(),
                config.profileFolders(),
                config.buffer().dir(),
                workers,
                live);
        return new ConfigDesk(box, auditor, json -> uplink.gatewaySnapshot("cfg/reported", utf8(json)));
    }

    private void desired(byte[] signed) {
        ConfigDesk open = desk;
        if (open != null) {
            open.offer(signed);
        } else {
            LOG.warn("a state came from outside, and no trust is configured");
        }
    }

    private Bedside bedside() throws IOException {
        try {
            return Bedside.open(
                    config,
                    outbox,
                    clock::clock,
                    (device, json) -> uplink.snapshot(device, "association", utf8(json)),
                    (scanner, signal) -> panel.signal(Lamps.show(signal), Lamps.lastsMs(signal)));
        } catch (IOException unusable) {
            outbox.close();
            throw unusable;
        }
    }

    /** The record that tells which numbers of a stream were lost (design, section 3, kind evt). */
    private Draft gap(String device, String kind, long from, long to, String why) {
        @Nullable String location = null;
        for (Config.Device each : config.devices()) {
            location = each.id().equals(device) ? each.location() : location;
            for (DeviceSettings.Part part : each.parts().values()) {
                location = part.id().equals(device) ? part.location() : location;
            }
        }
        return new GapRecord(device + "." + kind, from, to, why)
                .draft(config.gateway().id(), device, location, clock.clock());
    }

    private List<String> carryOut(Command.Errand errand) {
        List<String> problems = errands.carryOut(errand);
        if (problems.isEmpty()) {
            figures.ordered(errand);
        }
        auditor.note(
                "command",
                Map.of(
                        "verb", errand.verb(),
                        "jti", errand.jti(),
                        "client", errand.client(),
                        "outcome", problems.isEmpty() ? "done" : "refused"));
        return problems;
    }

    private Teller teller(String port) {
        return new Teller(
                port, new Teller.Listeners(bedside, alarms, figures, live, page.screen(), this::deviceChanged));
    }

    private DeviceWorker worker(Config.Device device) {
        return new DeviceWorker(settings(device), outbox, clock::clock, teller(device.id()));
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

    public void start() {
        LOG.info("agent start gateway={} devices={}", config.gateway().id(), workers.size());
        uplink.gatewaySnapshot("meta", utf8(Snapshots.meta(config, software, auditor.key())));
        renderings.start(workers);
        uplink.start();
        downlink.start();
        bedside.start();
        workers.forEach(this::start);
        furtherLines.forEach(DeviceWorker::start);
        auditor.note("agent-start", Map.of("boot", String.valueOf(outbox.boot())));
        if (desk != null) {
            desk.start();
        }
        scans.start();
        keeper.setDaemon(true);
        keeper.start();
        status.start();
        page.start();
    }

    private void start(DeviceWorker worker) {
        uplink.snapshot(worker.settings().id(), "meta", utf8(Snapshots.deviceMeta(worker.settings())));
        alarms.add(worker.settings().id());
        worker.start();
    }

    /** A device that was added while the agent runs. */
    private void join(Config.Device device) {
        DeviceWorker worker = worker(device);
        workers.add(worker);
        start(worker);
    }

    private String healthText() {
        List<DeviceWorker> lines = new ArrayList<>(workers);
        lines.addAll(furtherLines);
        return health.running(outbox, uplink.status(), lines, clock.clock(), scans.running(), renderings.progress());
    }

    /** A step of the clock is told at once: times before and after it cannot be compared. */
    private boolean watchClock() {
        ClockWatch.Step step = clock.look();
        if (step == null) {
            return false;
        }
        LOG.warn(
                "clock stepped gateway={} ms={} clock={}",
                config.gateway().id(),
                step.ms(),
                clock.clock().state());
        auditor.note("clock-step", Map.of("ms", String.valueOf(step.ms())));
        alarms.stepped();
        renderings.stepped(step.ms());
        try {
            outbox.offer(List.of(ClockFix.draft(config.gateway().id(), step, clock.clock())));
        } catch (IOException refused) {
            LOG.warn("clock step not recorded cause=\"{}\"", refused.getMessage());
        }
        return true;
    }

    private void showAlarms(String device, String json, @Nullable Long untilNs) {
        if (untilNs == null) {
            uplink.snapshot(device, "alarms", utf8(json));
        } else {
            uplink.snapshot(device, "alarms", utf8(json), untilNs);
        }
    }

    private void deviceChanged(String device, DeviceWorker.Status status) {
        uplink.snapshot(device, "state", utf8(Snapshots.deviceState(device, status)));
    }

    private void keep() {
        long untilHealth = HEALTH_FIRST_TICKS;
        try {
            while (!stopping.await(TICK_S, TimeUnit.SECONDS)) {
                untilHealth--;
                tick(untilHealth == 0);
                untilHealth = untilHealth == 0 ? HEALTH_EVERY_TICKS : untilHealth;
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void tick(boolean tellsHealth) {
        try {
            boolean clockStepped = watchClock();
            alarms.tick();
            bedside.tick();
            auditor.tick(System.currentTimeMillis());
            showState();
            renderings.tick(scans.devices());
            figures.tick(workers, clock.clock().state(), clockStepped);
            if (tellsHealth) {
                uplink.gatewaySnapshot("health", utf8(healthText()));
            }
        } catch (RuntimeException ourBug) {
            LOG.error("keeper could not do its round", ourBug);
        }
    }

    private void showState() {
        if (config.board() != null) {
            OutboxStatus buffer = outbox.status();
            boolean keeps = !buffer.full() && buffer.refused() == refused && !scans.isMissing();
            refused = buffer.refused();
            panel.show(Lamps.state(uplink.status().connected(), workers.stream().allMatch(Agent::isHeard), keeps));
        }
    }

    /** A scanner is silent until somebody scans. */
    private static boolean isHeard(DeviceWorker worker) {
        boolean isScanner = worker.settings().profile().device().kind().equals(Bedside.SCANNER_KIND);
        DeviceState state = worker.status().state();
        return state == DeviceState.LINKED || isScanner && state == DeviceState.SILENT;
    }

    /** Stops reading, sends what can be sent, says goodbye and closes the buffer. */
    @Override
    public void close() {
        stopping.countDown();
        page.close();
        alarms.stop();
        status.close();
        if (desk != null) {
            desk.close();
        }
        scans.close();
        workers.forEach(DeviceWorker::stop);
        furtherLines.forEach(DeviceWorker::stop);
        workers.forEach(DeviceWorker::close);
        furtherLines.forEach(DeviceWorker::close);
        bedside.close();
        renderings.close();
        DeviceWorker.Status stopped =
                new DeviceWorker.Status(DeviceState.REMOVED, "agent stopped", System.currentTimeMillis());
        workers.forEach(worker -> deviceChanged(worker.settings().id(), stopped));
        downlink.close();
        auditor.note("agent-stop", Map.of());
        auditor.close();
        uplink.close();
        figures.close();
        outbox.close();
        panel.close();
        LOG.info("agent stopped gateway={}", config.gateway().id());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
