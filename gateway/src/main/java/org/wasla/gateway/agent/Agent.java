package org.wasla.gateway.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.bridge.gpio.Panel;
import org.wasla.bridge.gpio.Press;
import org.wasla.gateway.audit.AuditTrail;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.bedside.Bedside;
import org.wasla.gateway.bedside.Errands;
import org.wasla.gateway.bedside.Scans;
import org.wasla.gateway.clock.ClockFix;
import org.wasla.gateway.clock.ClockWatch;
import org.wasla.gateway.command.Command;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.Shelter;
import org.wasla.gateway.config.TrustReader;
import org.wasla.gateway.config.TwoWires;
import org.wasla.gateway.config.Why;
import org.wasla.gateway.device.AlarmBoard;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.follow.Figures;
import org.wasla.gateway.follow.Renderings;
import org.wasla.gateway.health.Health;
import org.wasla.gateway.health.Lifeline;
import org.wasla.gateway.health.Monitoring;
import org.wasla.gateway.health.StatusSocket;
import org.wasla.gateway.monitor.MetricsPort;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxStatus;
import org.wasla.gateway.panel.Controls;
import org.wasla.gateway.panel.Lamps;
import org.wasla.gateway.profile.LiveBytes;
import org.wasla.gateway.remote.RemoteDesk;
import org.wasla.gateway.remote.Taps;
import org.wasla.gateway.state.ConfigDesk;
import org.wasla.gateway.state.DevicePlan;
import org.wasla.gateway.state.Devices;
import org.wasla.gateway.uplink.Downlink;
import org.wasla.gateway.uplink.Topics;
import org.wasla.gateway.uplink.Uplink;
import org.wasla.gateway.uplink.UplinkSettings;
import org.wasla.gateway.view.LocalPage;
import org.wasla.gateway.view.Screen;

/** A running box: devices into the outbox, the outbox into the uplink. Built by constructors alone. Thread-safe. */
public final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final long TICK_S = 1;
    private static final long HEALTH_FIRST_TICKS = 5;
    private static final long HEALTH_EVERY_TICKS = 60;

    private final Config config;
    private final String software;
    private final ClockWatch clock = new ClockWatch();
    private final Controls controls;
    private final Enrolled enrolled;
    private final Panel panel;
    private final Outbox outbox;
    private final Uplink uplink;
    private final Downlink downlink;
    private final Devices devices;
    private final Bedside bedside;
    private final Errands errands;
    private final Health health;
    private final StatusSocket status;
    private final DiskWatch disk;
    private final Scans scans;
    private final Renderings renderings;
    private final AlarmBoard alarms;
    private final Auditor auditor;
    private final AuditTrail trail;
    private final GapTeller gaps;
    private final ConfigDesk desk;
    private final Taps taps = new Taps();
    private final RemoteDesk remote;
    private final Map<String, LiveBytes> live = new ConcurrentHashMap<>();
    private final Figures figures;
    private final Strangers strangers;
    private @Nullable MetricsPort metrics;
    private final Lifeline lifeline;
    private final @Nullable Screen screen;
    private final LocalPage page;
    /** How many records the buffer had refused when lamps were set last; the keeper's. */
    private long refused;

    /** A state counts or does not since health was told last. */
    private volatile boolean healthIsOld;

    private volatile Runnable restart = () -> {};

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread keeper = new Thread(this::keep, "keeper");

    /**
     * Opens the buffer, on disk or in memory, and makes everything ready; {@link #start} sets it going.
     *
     * @throws IOException when the buffer's directory cannot be used
     */
    public Agent(Config config, String software) throws IOException {
        this(config, software, System::currentTimeMillis, new Controls());
    }

    /** With another clock for what is published by the hour, the day and the week, and the lines of another platform. */
    Agent(Config config, String software, LongSupplier calendarMs, Controls controls) throws IOException {
        this.config = config;
        this.controls = controls;
        this.software = software;
        this.panel = controls.open(config.board());
        this.trail = new AuditTrail(AuditTrail.OUTAGE_MS, System.nanoTime());
        this.gaps = new GapTeller(config, clock::clock, trail);
        this.enrolled = Enrolled.open(config, clock::clock);
        this.health = new Health(config.gateway().id(), enrolled::write);
        this.outbox = Outbox.open(Shelter.settings(config.buffer()), gaps::gap);
        this.status = new StatusSocket(outbox.directory(), this::healthText);
        this.disk = new DiskWatch(config, outbox, clock::clock);
        UplinkSettings settings = new UplinkSettings(
                config.uplink().servers(),
                config.uplink().ca(),
                config.uplink().key(),
                config.gateway().id(),
                software,
                config.uplink().encoding(),
                config.uplink().flow(),
                enrolled);
        Topics topics = new Topics(
                config.gateway().region(),
                config.gateway().site(),
                config.gateway().id());
        this.uplink = new Uplink(settings, topics, outbox);
        Leftover.send(config.buffer(), outbox, gaps::gap, left -> new Uplink(settings, topics, left));
        this.alarms = new AlarmBoard(config.gateway().id(), config.alarmsMs(), clock::clock, this::showAlarms);
        this.renderings = new Renderings(config, outbox, clock::clock);
        this.auditor = auditor();
        this.bedside = bedside();
        this.scans = new Scans(config, outbox, clock::clock, bedside);
        this.figures = new Figures(config, outbox, bedside::whose, calendarMs);
        this.screen = config.page() == null ? null : new Screen();
        this.strangers = new Strangers(config, outbox, clock::clock);
        this.devices = devices();
        devices.follow(strangers::expect);
        this.errands = new Errands(config, devices::config, bedside);
        this.desk = ConfigDesk.open(config, software, devices, this::problem, auditor, this::tellState);
        this.health.with(json -> {
            desk.voice().health(json);
            auditor.health(json);
        });
        this.remote = new RemoteDesk(
                new RemoteDesk.Box(config, auditor, outbox, uplink, panel, devices::workers), desk, taps);
        this.downlink = new Downlink(settings, topics, outbox, uplink, remote.desks(this::carryOut, desk));
        this.lifeline =
                new Lifeline(() -> health.noted(outbox.status()), uplink::status, devices::workers, config.watchdog());
        this.page = new LocalPage(
                new LocalPage.Around(
                        config,
                        outbox,
                        uplink,
                        clock::clock,
                        bedside,
                        alarms,
                        auditor,
                        devices,
                        desk,
                        () -> controls.showsWords() ? enrolled.words() : null),
                screen);
    }

    private Auditor auditor() throws IOException {
        try {
            return Auditor.open(config.gateway().id(), config.buffer().dir(), outbox, enrolled.clock()::isConfirmed);
        } catch (IOException unusable) {
            outbox.close();
            throw unusable;
        }
    }

    private Devices devices() {
        TrustReader.Trust trust = config.trust();
        Devices.Surroundings around = new Devices.Surroundings(
                this::teller,
                live,
                trust == null ? 0 : trust.liveBytes(),
                this::deviceChanged,
                settings -> uplink.snapshot(settings.id(), "meta", utf8(Snapshots.deviceMeta(settings))),
                alarms,
                TwoWires.of(panel));
        Devices opened = new Devices(config, outbox, clock::clock, around);
        opened.follow(gaps::devices);
        opened.follow(bedside::devices);
        opened.follow(figures::devices);
        opened.follow(now -> renderings.devices(now, opened.workers()));
        return opened;
    }

    private void tellState(String json) {
        uplink.gatewaySnapshot("cfg/reported", utf8(json));
        healthIsOld = true;
    }

    /** The devices while the box runs, and how somebody at the box changes them. */
    ConfigDesk desk() {
        return desk;
    }

    private Bedside bedside() throws IOException {
        try {
            return Bedside.open(
                    config,
                    outbox,
                    clock::clock,
                    (device, json) -> uplink.snapshot(device, "association", utf8(json)),
                    (scanner, signal) -> panel.signal(Lamps.show(signal), Lamps.lastsMs(signal)),
                    of -> trail.associated(of.device(), of.id(), of.state().name(), of.isOpen()));
        } catch (IOException unusable) {
            outbox.close();
            throw unusable;
        }
    }

    private List<String> carryOut(Command.Errand errand) {
        List<String> problems = outbox.isDurable() ? errands.carryOut(errand) : List.of(Errands.LATER);
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
                port,
                new Teller.Listeners(
                        bedside,
                        alarms,
                        figures,
                        live,
                        strangers,
                        taps,
                        screen,
                        this::deviceChanged,
                        device -> lifeline.turn(device)));
    }

    public void start() {
        LOG.info(
                "agent start gateway={} devices={}",
                config.gateway().id(),
                devices.workers().size());
        uplink.gatewaySnapshot("meta", utf8(Snapshots.meta(config, software, auditor.key())));
        renderings.start(devices.workers());
        disk.start();
        uplink.start();
        remote.start(downlink);
        downlink.start();
        bedside.start();
        devices.start();
        auditor.note("agent-start", Map.of("boot", String.valueOf(outbox.boot())));
        enrolled.start(auditor);
        desk.start();
        scans.start();
        keeper.setDaemon(true);
        keeper.start();
        status.start();
        metrics = Monitoring.open(config.metrics(), this::healthText);
        page.start();
        lifeline.ready();
    }

    /** Says everywhere that the configuration has mistakes and the last good one is in force; nothing when there are none. */
    public void tellMistakes(int count) {
        health.mistakes(count);
        if (count > 0) {
            auditor.note("config-broken", Map.of("mistakes", String.valueOf(count)));
        }
    }

    /** Says in the audit that the configuration file was edited since the start before. */
    public void tellFile(ConfigMark mark) {
        mark.tell(config.buffer().dir(), auditor);
    }

    /**
     * Before {@link #start}.
     *
     * @param whenDue runs once a restart was ordered and its answer has left, or once the buffer's disk is lost
     */
    public void onRestart(Runnable whenDue) {
        restart = whenDue;
        remote.onRestart(whenDue);
    }

    private String healthText() {
        return health.running(
                outbox, uplink.status(), devices.all(), clock.clock(), scans.running(), renderings.progress());
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
        desk.clockStepped();
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
        uplink.snapshot(device, "state", utf8(Snapshots.deviceState(device, status, auditor.isSure())));
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
            strangers.tick(System.currentTimeMillis());
            controls.tick(
                    panel,
                    this::wished,
                    isOn -> Controls.tell(isOn, config.gateway().id(), clock.clock(), outbox, auditor));
            auditor.tick(System.currentTimeMillis());
            trail.tick(auditor, uplink.status().connected(), outbox.status().full(), System.nanoTime());
            enrolled.tick();
            remote.tick();
            showState();
            renderings.tick(scans.devices());
            figures.tick(devices.workers(), clock.clock().state(), clockStepped);
            if (tellsHealth || healthIsOld) {
                healthIsOld = false;
                uplink.gatewaySnapshot("health", utf8(healthText()));
            }
            lifeline.tick(System.nanoTime());
            if (disk.isLost()) {
                restart.run();
            }
        } catch (RuntimeException ourBug) {
            LOG.error("keeper could not do its round", ourBug);
        }
    }

    /** Held, the button asks at once who speaks on the lines that are not understood. */
    private void wished(Press.Wish wish) {
        LOG.info("button held wish={}", wish);
        if (wish == Press.Wish.IDENTIFY) {
            strangers.again();
        }
    }

    /** What keeps a line from being taken up while the box runs. */
    private List<Why> problem(DevicePlan.Step step) {
        List<Why> all = new ArrayList<>(bedside.problem(step));
        Config.Device is = step.is();
        if (is != null) {
            TwoWires.mistake(is.link(), config.board()).ifPresent(what -> all.add(new Why(step.line(), what)));
        }
        return all;
    }

    private void showState() {
        if (config.board() != null) {
            OutboxStatus buffer = health.noted(outbox.status());
            boolean keeps = outbox.isDurable() && !buffer.full() && buffer.refused() == refused && !scans.isMissing();
            refused = buffer.refused();
            panel.show(Lamps.state(
                    uplink.status().connected(), devices.workers().stream().allMatch(Bedside::isHeard), keeps));
        }
    }

    /** Stops reading, sends what can be sent, says goodbye and closes the buffer. */
    @Override
    public void close() {
        stopping.countDown();
        lifeline.stopping();
        // First of all: the serial library closes its ports by itself now, and that is no fault of a line.
        devices.all().forEach(DeviceWorker::stop);
        page.close();
        alarms.stop();
        status.close();
        if (metrics != null) {
            metrics.close();
        }
        desk.close();
        scans.close();
        strangers.close();
        devices.close();
        bedside.close();
        renderings.close();
        devices.tellStopped();
        downlink.close();
        enrolled.close();
        remote.close();
        auditor.note("agent-stop", Map.of());
        auditor.close();
        uplink.close();
        figures.close();
        outbox.close();
        panel.close();
        lifeline.close();
        LOG.info("agent stopped gateway={}", config.gateway().id());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
