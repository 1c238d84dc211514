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
import org.wasla.bridge.gpio.Board;
import org.wasla.bridge.gpio.Panel;
import org.wasla.gateway.command.Command;
import org.wasla.gateway.device.DeviceSettings;
import org.wasla.gateway.device.DeviceState;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.device.GapRecord;
import org.wasla.gateway.device.Watch;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.hospital.Hospital;
import org.wasla.gateway.hospital.HospitalProgress;
import org.wasla.gateway.hospital.HospitalSettings;
import org.wasla.gateway.imaging.Imaging;
import org.wasla.gateway.imaging.ImagingSettings;
import org.wasla.gateway.observation.Condition;
import org.wasla.gateway.observation.RecordJson.Patient;
import org.wasla.gateway.orders.OrderDesk;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.OutboxStatus;
import org.wasla.gateway.profile.LiveBytes;
import org.wasla.gateway.render.Fhir;
import org.wasla.gateway.uplink.Downlink;
import org.wasla.gateway.uplink.Topics;
import org.wasla.gateway.uplink.Uplink;
import org.wasla.gateway.uplink.UplinkSettings;
import org.wasla.gateway.ward.Ward;

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
    private final List<DeviceWorker> workers = new ArrayList<>();
    private final List<DeviceWorker> furtherLines = new ArrayList<>();
    private final Bedside bedside;
    private final Errands errands;
    private final Health health;
    private final StatusSocket status;
    private final ImagingRecords scans;
    private final @Nullable FhirSnapshots fhir;
    private final AlarmBoard alarms;
    private final @Nullable ActFollower acts;
    private final @Nullable Hospital hospital;
    private final ToldObjects toldObjects;
    private final Auditor auditor;
    private final @Nullable ConfigDesk desk;
    private final Map<String, LiveBytes> live = new ConcurrentHashMap<>();
    private final Figures figures;
    private volatile @Nullable Imaging imaging;
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
        this.scans = new ImagingRecords(config.gateway().id());
        this.status = new StatusSocket(config.buffer().dir(), this::healthText);
        this.outbox = Outbox.open(
                new OutboxSettings(
                        config.buffer().dir(),
                        config.buffer().maxBytes(),
                        config.buffer().commitMs()),
                this::gap);
        this.toldObjects = new ToldObjects(outbox, System.currentTimeMillis());
        UplinkSettings settings = new UplinkSettings(
                config.uplink().servers(),
                config.uplink().ca(),
                config.uplink().key(),
                config.gateway().id(),
                software,
                config.uplink().encoding(),
                config.uplink().flow());
        HospitalSettings receivers = config.hospital();
        this.hospital = receivers == null ? null : new Hospital(receivers, outbox, config::kind);
        this.fhir = config.fhirMs() > 0 ? new FhirSnapshots(outbox, config.fhirMs()) : null;
        this.acts = config.acts() == null ? null : new ActFollower(config, config.acts(), outbox, clock::clock);
        Topics topics = new Topics(
                config.gateway().region(),
                config.gateway().site(),
                config.gateway().id());
        this.uplink = new Uplink(settings, topics, outbox);
        this.alarms = new AlarmBoard(config.gateway().id(), config.alarmsMs(), clock::clock, this::showAlarms);
        this.bedside = bedside();
        this.auditor = auditor();
        this.errands = new Errands(config, bedside);
        this.figures = new Figures(config, outbox, bedside::whose, calendarMs);
        this.downlink = new Downlink(settings, topics, outbox, uplink, this::carryOut, this::desired);
        for (Config.Device device : config.devices()) {
            workers.add(worker(device));
        }
        for (Config.Device line : config.further()) {
            furtherLines.add(DeviceWorker.further(settings(line), outbox, clock::clock, new Teller(line.id())));
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

    private DeviceWorker worker(Config.Device device) {
        return new DeviceWorker(settings(device), outbox, clock::clock, new Teller(device.id()));
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
        for (String section : config.notYet()) {
            LOG.warn("section={} is configured and not served by this version", section);
        }
        uplink.gatewaySnapshot("meta", utf8(Snapshots.meta(config, software, auditor.key())));
        if (acts != null) {
            // Before anything is read: from now on all counts.
            acts.tick(System.nanoTime());
        }
        uplink.start();
        downlink.start();
        bedside.start();
        if (hospital != null) {
            hospital.start();
        }
        for (DeviceWorker worker : workers) {
            uplink.snapshot(worker.settings().id(), "meta", utf8(Snapshots.deviceMeta(worker.settings())));
            alarms.add(worker.settings().id());
            worker.start();
        }
        furtherLines.forEach(DeviceWorker::start);
        auditor.note("agent-start", Map.of("boot", String.valueOf(outbox.boot())));
        if (desk != null) {
            desk.start();
        }
        if (fhir != null) {
            workers.forEach(worker -> addTo(fhir, worker.settings()));
        }
        startImaging();
        keeper.setDaemon(true);
        keeper.start();
        status.start();
    }

    /** A taken port or a full disk must not keep the devices unread. */
    private void startImaging() {
        ImagingSettings settings = config.dicom();
        if (settings == null) {
            return;
        }
        try {
            Imaging started = Imaging.start(settings, Timing.USUAL, this::scanned, bedside.surroundings());
            imaging = started;
            LOG.info("imaging listens ae={} ports={}", settings.title(), started.ports());
        } catch (IOException unusable) {
            LOG.error("imaging does not run error=\"{}\"", unusable.getMessage());
        }
    }

    private void scanned(Imaging.Told told) throws IOException {
        String ref = told.whose().ref();
        Ward ward = bedside.ward();
        String registered = ref == null || ward == null ? null : ward.reference(ref);
        List<Draft> drafts = new ArrayList<>(scans.drafts(told, clock.clock(), registered));
        if (drafts.isEmpty() || toldObjects.has(drafts.get(0).device(), told)) {
            return;
        }
        String how = told.whose().how();
        if (ref != null && ward != null && ImagingRecords.isClosed(told)) {
            Draft claim = ward.examined(drafts.get(0).device(), ref, how, told.timeMs());
            drafts.addAll(claim == null ? List.of() : List.of(claim));
        }
        outbox.append(drafts);
    }

    private void stopImaging() {
        Imaging running = imaging;
        if (running == null) {
            return;
        }
        try {
            running.close();
        } catch (IOException e) {
            LOG.warn("imaging not closed cleanly error=\"{}\"", e.getMessage());
        }
    }

    private String healthText() {
        List<DeviceWorker> lines = new ArrayList<>(workers);
        lines.addAll(furtherLines);
        List<HospitalProgress> told = hospital == null ? List.of() : hospital.progress();
        return health.running(outbox, uplink.status(), lines, clock.clock(), imaging, told);
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
        if (acts != null) {
            acts.stepped(step.ms());
        }
        try {
            outbox.offer(List.of(ClockFix.draft(config.gateway().id(), step, clock.clock())));
        } catch (IOException refused) {
            LOG.warn("clock step not recorded cause=\"{}\"", refused.getMessage());
        }
        return true;
    }

    /** Puts what devices say of themselves into the topics that hold last values. */
    private final class Teller implements Watch {
        private final String port;

        Teller(String port) {
            this.port = port;
        }

        @Override
        public void changed(String device, DeviceWorker.Status status) {
            bedside.changed(device, status);
            alarms.changed(device, status.state());
            deviceChanged(device, status);
        }

        @Override
        public void heard(String device, byte[] bytes, int length, long timeMs) {
            bedside.heard(device, bytes, length, timeMs);
            LiveBytes kept = live.get(device);
            if (kept != null) {
                kept.add(bytes, length, timeMs);
            }
        }

        @Override
        public @Nullable Patient patient(String device, long timeMs) {
            return bedside.patient(device, timeMs);
        }

        @Override
        public void typed(String device, String patient, long timeMs) {
            bedside.typed(device, patient, timeMs);
        }

        @Override
        public void measured(String device, int values) {
            figures.measured(device, values);
        }

        @Override
        public OrderDesk orders(String device) {
            return figures.noticing(device, bedside.orders(device));
        }

        @Override
        public void alarms(String device, List<Condition> open, long timeMs) {
            alarms.changed(port, device, open, timeMs);
            figures.alarms(device, open);
        }
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
            render();
            figures.tick(workers, clock.clock().state(), clockStepped);
            if (acts != null) {
                acts.tick(System.nanoTime());
            }
            if (hospital != null) {
                hospital.watch();
            }
            if (tellsHealth) {
                uplink.gatewaySnapshot("health", utf8(healthText()));
            }
        } catch (RuntimeException ourBug) {
            LOG.error("keeper could not do its round", ourBug);
        }
    }

    private static void addTo(FhirSnapshots snapshots, DeviceSettings settings) {
        var device = settings.profile().device();
        String maker = device.makers().size() == 1 ? device.makers().get(0) : "";
        Fhir.Source source = new Fhir.Source(device.kind(), maker);
        snapshots.add(settings.id(), source);
        settings.parts().values().forEach(part -> snapshots.add(part.id(), source));
    }

    private void render() {
        FhirSnapshots snapshots = fhir;
        if (snapshots == null) {
            return;
        }
        scans.devices().forEach(scanner -> snapshots.add(scanner, new Fhir.Source("imaging modality", "")));
        snapshots.tick(System.currentTimeMillis());
    }

    private void showState() {
        if (config.board() != null) {
            OutboxStatus buffer = outbox.status();
            boolean keeps =
                    !buffer.full() && buffer.refused() == refused && (config.dicom() == null || imaging != null);
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
        alarms.stop();
        status.close();
        if (desk != null) {
            desk.close();
        }
        stopImaging();
        workers.forEach(DeviceWorker::stop);
        furtherLines.forEach(DeviceWorker::stop);
        workers.forEach(DeviceWorker::close);
        furtherLines.forEach(DeviceWorker::close);
        bedside.close();
        if (acts != null) {
            acts.close();
        }
        if (hospital != null) {
            hospital.close();
        }
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
