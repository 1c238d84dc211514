package org.wasla.gateway.follow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.bedside.Bedside;
import org.wasla.gateway.command.Command;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.device.DeviceState;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.device.SealedFile;
import org.wasla.gateway.indicators.Count;
import org.wasla.gateway.indicators.Grain;
import org.wasla.gateway.indicators.Indicators;
import org.wasla.gateway.indicators.Place;
import org.wasla.gateway.indicators.Report;
import org.wasla.gateway.indicators.Turnarounds;
import org.wasla.gateway.observation.Condition;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.orders.Change;
import org.wasla.gateway.orders.Order;
import org.wasla.gateway.orders.OrderDesk;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxStatus.LaneStatus;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.render.Tree;

/**
 * The indicators of this box: counted by the second, kept once a minute, published when their period is over. After a crash the
 * periods go on from the last note; records that came since are counted from the buffer, the seconds since are not covered.
 * {@link #tick} and {@link #close} are for one thread, the rest is thread-safe.
 */
final class IndicatorRecords implements StreamReader.Taker {
    /** Streams of documents are named by it and the grain. */
    static final String KIND = "agg-";

    static final String FILE = "indicators.json";
    private static final Logger LOG = LoggerFactory.getLogger(IndicatorRecords.class);
    private static final List<String> COUNTED = List.of("obs", "wav", "alarm", "res", "evt");
    private static final Set<String> READ = Set.of("alarm", "res", "evt");
    private static final String IMAGING = "dicom";
    private static final String IMAGING_CLASS = "imaging modality";
    private static final long NS_PER_MS = 1_000_000;
    private static final long SAVE_NS = 60_000 * NS_PER_MS;

    private final String gateway;
    private final Outbox outbox;
    private final LongSupplier nowMs;
    private final Path file;
    private volatile Map<String, Place> places = Map.of();
    private volatile Map<String, Place> ports = Map.of();
    private final Turnarounds turnarounds = new Turnarounds();
    private final Indicators indicators;
    private final StreamReader reader;
    private long lookedNs = System.nanoTime();
    private long savedNs = lookedNs - SAVE_NS;

    /** @param nowMs the wall clock, UTC */
    IndicatorRecords(Config config, Set<Grain> wanted, Outbox outbox, LongSupplier nowMs) {
        this.gateway = config.gateway().id();
        this.outbox = outbox;
        this.nowMs = nowMs;
        this.file = outbox.directory().resolve(FILE);
        this.indicators = new Indicators(config.gateway().zone(), wanted, Set.of(), this::place, turnarounds);
        devices(config);
        this.reader = new StreamReader(outbox, COUNTED, READ);
        restore();
        begin();
    }

    /** Devices have come or gone. */
    void devices(Config config) {
        Map<String, Place> places = new HashMap<>();
        Map<String, Place> ports = new HashMap<>();
        Set<String> configured = new HashSet<>();
        for (Config.Device device : config.devices()) {
            String kind = device.profile().device().kind();
            ports.put(device.id(), Place.of(device.location(), kind));
            device.parts().values().forEach(part -> {
                String location = part.location() == null ? device.location() : part.location();
                places.put(part.id(), Place.of(location, kind));
                configured.add(part.id());
            });
            if (device.parts().isEmpty()) {
                places.put(device.id(), Place.of(device.location(), kind));
                configured.add(device.id());
            }
        }
        this.places = Map.copyOf(places);
        this.ports = Map.copyOf(ports);
        indicators.configured(configured);
    }

    /** What came after the last note of a run before still counts in its periods; then those of now are open. */
    private void begin() {
        try {
            reader.read(this);
        } catch (IOException notNow) {
            LOG.warn("indicators lack records cause=\"{}\"", notNow.getMessage());
        }
        look(List.of(), "sync", false);
    }

    /** A part that nobody named counts where its port does; a port with named parts and the box itself count nowhere. */
    private Optional<Place> place(String device) {
        if (places.containsKey(device) || ports.containsKey(device)) {
            return Optional.ofNullable(places.get(device));
        }
        if (device.equals(IMAGING) || device.startsWith(IMAGING + '-')) {
            return Optional.of(new Place(null, IMAGING_CLASS));
        }
        for (int dash = device.lastIndexOf('-'); dash > 0; dash = device.lastIndexOf('-', dash - 1)) {
            Place port = ports.get(device.substring(0, dash));
            if (port != null) {
                return Optional.of(port);
            }
        }
        return Optional.empty();
    }

    private void restore() {
        try {
            Optional<byte[]> content = SealedFile.read(file);
            Tree saved = Tree.read(content.orElseThrow(() -> new IOException("damaged")));
            if (!indicators.restore(saved.text("state").getBytes(StandardCharsets.UTF_8))) {
                throw new IOException("of another version");
            }
            reader.restore(saved);
        } catch (NoSuchFileException first) {
            LOG.debug("indicators begin now");
        } catch (IOException | RuntimeException unreadable) {
            LOG.warn("indicators begin anew cause=\"{}\"", unreadable.getMessage());
        }
    }

    void measured(String device, int values) {
        indicators.count(device, Count.VALUES, values);
    }

    void alarms(String device, List<Condition> open) {
        indicators.alarms(device, open.stream().map(Condition::priority).collect(Collectors.toSet()));
    }

    /** An order was taken: its specimens' turn-around times begin. */
    void ordered(Command.Errand errand) {
        if (errand instanceof Command.Worklist worklist) {
            for (Change change : worklist.changes(nowMs.getAsLong())) {
                if (change instanceof Change.Put put) {
                    turnarounds.ordered(put.order().specimen(), System.nanoTime());
                }
            }
        }
    }

    /** The same desk, whose questions are noticed. */
    OrderDesk noticing(String device, OrderDesk desk) {
        return new OrderDesk() {
            @Override
            public List<Order> ofSpecimen(String specimen) {
                turnarounds.asked(specimen, device, System.nanoTime());
                return desk.ofSpecimen(specimen);
            }

            @Override
            public List<Order> untaken() {
                return desk.untaken();
            }

            @Override
            public void taken(List<Order> orders) {
                orders.forEach(order -> turnarounds.asked(order.specimen(), device, System.nanoTime()));
                desk.taken(orders);
            }
        };
    }

    @Override
    public void numbers(String device, String kind, long count) {
        indicators.count(device, Count.RECORDS, count);
    }

    @Override
    public void record(Tree record) {
        indicators.record(record, System.nanoTime());
    }

    /** To be called every second or so. What the buffer refuses is tried again by the next call. */
    void tick(List<DeviceWorker> workers, String clockState, boolean clockStepped) {
        boolean hasTold = false;
        try {
            // First, so that what came before the end of a period counts in it.
            reader.read(this);
            look(workers, clockState, clockStepped);
            hasTold = tell();
        } catch (IOException notNow) {
            LOG.debug("indicators wait cause=\"{}\"", notNow.getMessage());
        }
        if (hasTold || System.nanoTime() - savedNs >= SAVE_NS) {
            save();
        }
    }

    private void look(List<DeviceWorker> workers, String clockState, boolean clockStepped) {
        Map<String, Boolean> up = new HashMap<>();
        for (DeviceWorker worker : workers) {
            boolean isUp = isUp(worker);
            if (worker.settings().parts().isEmpty()) {
                up.put(worker.settings().id(), isUp);
            }
            worker.settings().parts().values().forEach(part -> up.put(part.id(), isUp));
        }
        long waiting = 0;
        long oldestMs = 0;
        for (LaneStatus lane : outbox.lanes().values()) {
            waiting += lane.waiting();
            oldestMs = Math.max(oldestMs, lane.oldestMs());
        }
        long nowNs = System.nanoTime();
        long elapsedMs = (nowNs - lookedNs) / NS_PER_MS;
        lookedNs += elapsedMs * NS_PER_MS;
        indicators.look(
                new Indicators.Look(nowMs.getAsLong(), elapsedMs, clockState, clockStepped, up, waiting, oldestMs));
    }

    /** A scanner is silent until somebody scans. */
    private static boolean isUp(DeviceWorker worker) {
        DeviceState state = worker.status().state();
        boolean isScanner = worker.settings().profile().device().kind().equals(Bedside.SCANNER_KIND);
        return state == DeviceState.LINKED || isScanner && state == DeviceState.SILENT;
    }

    private boolean tell() throws IOException {
        boolean hasTold = false;
        for (Report report = indicators.next(); report != null; report = indicators.next()) {
            if (!isTold(report)) {
                outbox.keep(List.of(draft(report)));
            }
            indicators.told();
            hasTold = true;
        }
        return hasTold;
    }

    private static String kind(Report report) {
        return KIND + report.grain().wire();
    }

    private Draft draft(Report report) {
        Urgency urgency = report.grain() == Grain.MINUTE ? Urgency.OBSERVATION : Urgency.RESULT;
        return new Draft(
                gateway, kind(report), urgency, report.endMs(), (epoch, seq) -> report.json(gateway, epoch, seq));
    }

    /** A crash may have come between the document and the note that it is told. */
    private boolean isTold(Report report) throws IOException {
        long newest = outbox.lastNumber(gateway, kind(report));
        for (Entry entry : outbox.stream(gateway, kind(report), newest, newest, 1)) {
            return Tree.read(entry.payload()).text("id").equals(report.id(gateway));
        }
        return false;
    }

    /** What is not noted is counted again from the buffer, as far as records tell it. */
    private void save() {
        savedNs = System.nanoTime();
        String note = JsonText.write(json -> {
            reader.write(json);
            json.writeStringField("state", new String(indicators.state(), StandardCharsets.UTF_8));
        });
        try {
            SealedFile.write(file, note.getBytes(StandardCharsets.UTF_8));
        } catch (IOException notKept) {
            LOG.warn("indicators not noted cause=\"{}\"", notKept.getMessage());
        }
    }

    /** Before the buffer is closed. */
    void close() {
        save();
    }
}
