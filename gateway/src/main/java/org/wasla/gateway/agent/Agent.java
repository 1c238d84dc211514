package org.wasla.gateway.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.bridge.gpio.Board;
import org.wasla.bridge.gpio.Panel;
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
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Patient;
import org.wasla.gateway.orders.OrderDesk;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.OutboxStatus;
import org.wasla.gateway.render.Fhir;
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
    private final Config config;
    private final ClockWatch clock = new ClockWatch();
    private final Panel panel;
    private final Outbox outbox;
    private final Uplink uplink;
    private final Downlink downlink;
    private final List<DeviceWorker> workers = new ArrayList<>();
    private final List<DeviceWorker> furtherLines = new ArrayList<>();
    private final Bedside bedside;
    private final Health health;
    private final StatusSocket status;
    private final ImagingRecords scans;
    private final @Nullable FhirSnapshots fhir;
    private final @Nullable Hospital hospital;
    private final ToldObjects toldObjects;
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
        this.config = config;
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
                config.uplink().compress(),
                config.uplink().flow());
        HospitalSettings receivers = config.hospital();
        this.hospital = receivers == null ? null : new Hospital(receivers, outbox, config::kind);
        this.fhir = config.fhirMs() > 0 ? new FhirSnapshots(outbox, config.fhirMs()) : null;
        Topics topics = new Topics(
                config.gateway().region(),
                config.gateway().site(),
                config.gateway().id());
        this.uplink = new Uplink(settings, topics, outbox);
        this.bedside = bedside();
        this.downlink = new Downlink(settings, topics, outbox, uplink, new Errands(config, bedside)::carryOut);
        for (Config.Device device : config.devices()) {
            workers.add(worker(device));
        }
        for (Config.Device line : config.further()) {
            furtherLines.add(DeviceWorker.further(settings(line), outbox, clock::clock, new Teller()));
        }
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

    private DeviceWorker worker(Config.Device device) {
        return new DeviceWorker(settings(device), outbox, clock::clock, new Teller());
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
        uplink.start();
        downlink.start();
        bedside.start();
        if (hospital != null) {
            hospital.start();
        }
        for (DeviceWorker worker : workers) {
            uplink.snapshot(worker.settings().id(), "meta", utf8(Snapshots.deviceMeta(worker.settings())));
            // What an earlier run left open there is not known to be open.
            alarmsChanged(worker.settings().id(), List.of(), System.currentTimeMillis());
            worker.start();
        }
        furtherLines.forEach(DeviceWorker::start);
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
        List<Draft> drafts = scans.drafts(told, clock.clock());
        if (!drafts.isEmpty() && !toldObjects.has(drafts.get(0).device(), told)) {
            outbox.append(drafts);
        }
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
    private void watchClock() {
        ClockWatch.Step step = clock.look();
        if (step == null) {
            return;
        }
        LOG.warn(
                "clock stepped gateway={} ms={} clock={}",
                config.gateway().id(),
                step.ms(),
                clock.clock().state());
        try {
            outbox.offer(List.of(ClockFix.draft(config.gateway().id(), step, clock.clock())));
        } catch (IOException refused) {
            LOG.warn("clock step not recorded cause=\"{}\"", refused.getMessage());
        }
    }

    /** Puts what devices say of themselves into the topics that hold last values. */
    private final class Teller implements Watch {
        @Override
        public void changed(String device, DeviceWorker.Status status) {
            bedside.changed(device, status);
            deviceChanged(device, status);
        }

        @Override
        public void heard(String device, byte[] bytes, int length, long timeMs) {
            bedside.heard(device, bytes, length, timeMs);
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
        public OrderDesk orders(String device) {
            return bedside.orders(device);
        }

        @Override
        public void alarms(String device, List<Condition> open, long timeMs) {
            alarmsChanged(device, open, timeMs);
        }
    }

    private void alarmsChanged(String device, List<Condition> open, long timeMs) {
        String json = RecordJson.openAlarms(config.gateway().id(), device, timeMs, open);
        uplink.snapshot(device, "alarms", utf8(json));
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
            watchClock();
            bedside.tick();
            showState();
            render();
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
        status.close();
        stopImaging();
        workers.forEach(DeviceWorker::stop);
        furtherLines.forEach(DeviceWorker::stop);
        workers.forEach(DeviceWorker::close);
        furtherLines.forEach(DeviceWorker::close);
        bedside.close();
        if (hospital != null) {
            hospital.close();
        }
        DeviceWorker.Status stopped =
                new DeviceWorker.Status(DeviceState.REMOVED, "agent stopped", System.currentTimeMillis());
        workers.forEach(worker -> deviceChanged(worker.settings().id(), stopped));
        downlink.close();
        uplink.close();
        outbox.close();
        panel.close();
        LOG.info("agent stopped gateway={}", config.gateway().id());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
