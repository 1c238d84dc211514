package org.wasla.gateway.bedside;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.Why;
import org.wasla.gateway.device.DeviceSettings.Part;
import org.wasla.gateway.device.DeviceState;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.epi.Signals.Whose;
import org.wasla.gateway.identity.OrderStore;
import org.wasla.gateway.identity.PatientStore;
import org.wasla.gateway.imaging.Surroundings;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Patient;
import org.wasla.gateway.orders.OrderDesk;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.patient.Association;
import org.wasla.gateway.patient.PatientId;
import org.wasla.gateway.patient.ScanFlow.Signal;
import org.wasla.gateway.state.DevicePlan;
import org.wasla.gateway.ward.AdtPort;
import org.wasla.gateway.ward.AdtSettings;
import org.wasla.gateway.ward.Scanner;
import org.wasla.gateway.ward.Ward;
import org.wasla.gateway.ward.WardSettings;

/**
 * The patients' side of the agent: the ward, its port for the hospital and its scanners; on a box that has none of them
 * nobody is ever named. Thread-safe.
 */
public final class Bedside implements AutoCloseable {
    private static final long FORGET_NS = 3_600_000_000_000L;
    private static final Logger LOG = LoggerFactory.getLogger(Bedside.class);
    public static final String SCANNER_KIND = "bar-code scanner";
    private static final long MS = 1_000_000;
    private static final long RETYPED_MS = 30_000;
    private volatile @Nullable PatientStore store;
    private final @Nullable Ward ward;
    private final @Nullable AdtPort port;
    private final @Nullable Examinations examinations;
    private final long idleMs;
    private final Config config;
    private final Outbox outbox;
    private final BiConsumer<String, Signal> panel;
    private final Map<String, Scanner> scanners = new ConcurrentHashMap<>();
    private final Map<String, List<String>> devicesOfPorts = new ConcurrentHashMap<>();
    /** What was entered last at each device. */
    private final Map<String, Typed> typed = new ConcurrentHashMap<>();
    /** Ports that are not heard, and since when. */
    private final Map<String, Unheard> unheard = new ConcurrentHashMap<>();

    private final Set<String> idle = new HashSet<>();
    private final Supplier<Clock> clock;
    private long forgottenNs = System.nanoTime() - FORGET_NS;

    /**
     * @param ns monotonic
     * @param ms UTC of the same moment
     */
    private record Unheard(long ns, long ms) {}

    /** A number that was entered at a device, clear text, and when that was last looked at, UTC. */
    private record Typed(String patient, long ms) {
        @Override
        public String toString() {
            return "Typed[hidden]";
        }
    }

    private Bedside(
            Config config,
            Outbox outbox,
            @Nullable PatientStore store,
            @Nullable Ward ward,
            @Nullable AdtPort port,
            WardSettings settings,
            @Nullable Examinations examinations,
            BiConsumer<String, Signal> panel,
            Supplier<Clock> clock) {
        this.config = config;
        this.clock = clock;
        this.outbox = outbox;
        this.panel = panel;
        this.store = store;
        this.ward = ward;
        this.port = port;
        this.examinations = examinations;
        this.idleMs = settings.idleMs();
        follow(settings.devices());
    }

    private void follow(List<WardSettings.Device> devices) {
        Unheard now = new Unheard(System.nanoTime(), System.currentTimeMillis());
        Map<String, List<String>> ports = new HashMap<>();
        Set<String> readers = new HashSet<>();
        for (WardSettings.Device device : devices) {
            if (ward != null && device.isScanner()) {
                scanners.computeIfAbsent(device.id(), id -> new Scanner(id, ward, panel));
                readers.add(device.id());
            } else {
                ports.computeIfAbsent(device.port(), name -> new ArrayList<>()).add(device.id());
            }
        }
        ports.keySet().stream()
                .filter(port -> !devicesOfPorts.containsKey(port))
                .forEach(port -> unheard.put(port, now));
        devicesOfPorts.putAll(ports);
        devicesOfPorts.keySet().retainAll(ports.keySet());
        unheard.keySet().retainAll(ports.keySet());
        scanners.keySet().retainAll(readers);
    }

    /** Devices have come or gone while the box runs. */
    public void devices(Config now) {
        List<WardSettings.Device> devices = devicesOf(now);
        follow(devices);
        if (store == null && takesOrders(now)) {
            store = forOrders(config, outbox);
        }
        if (ward != null) {
            try {
                ward.devices(devices, System.currentTimeMillis());
            } catch (IOException notKept) {
                LOG.warn("associations of devices that are gone not ended cause=\"{}\"", notKept.getMessage());
            }
        }
    }

    /** Whether a device is heard; a scanner is silent until somebody scans. */
    public static boolean isHeard(DeviceWorker worker) {
        boolean isScanner = worker.settings().profile().device().kind().equals(SCANNER_KIND);
        DeviceState state = worker.status().state();
        return state == DeviceState.LINKED || isScanner && state == DeviceState.SILENT;
    }

    /** What keeps a line from being taken up while the box runs. */
    public List<Why> problem(DevicePlan.Step step) {
        Config.Device is = step.is();
        boolean isScanner = is != null && is.profile().device().kind().equals(SCANNER_KIND);
        return isScanner && ward == null
                ? List.of(new Why(
                        step.line(),
                        "it is the first scanner of a box that follows no patients; add it to the configuration file"
                                + " and start the box anew"))
                : List.of();
    }

    /**
     * @param panel shows what came of a scan
     * @throws IOException when the folder of patients cannot be used
     */
    public static Bedside open(
            Config config,
            Outbox outbox,
            Supplier<Clock> clock,
            BiConsumer<String, String> board,
            BiConsumer<String, Signal> panel,
            Consumer<Association> witness)
            throws IOException {
        WardSettings settings = settings(config);
        boolean hasScanner = settings.devices().stream().anyMatch(WardSettings.Device::isScanner);
        boolean hasWard = config.patients().isAsked() || hasScanner;
        if (!hasWard) {
            PatientStore orders = takesOrders(config) ? forOrders(config, outbox) : null;
            Examinations examinations = orders == null
                    ? null
                    : new Examinations(orders, null, config.patients().authority());
            return new Bedside(config, outbox, orders, null, null, settings, examinations, panel, clock);
        }
        PatientStore store = PatientStore.open(folder(config, outbox), outbox.safe("identity"));
        Ward ward = new Ward(settings, store, outbox, clock, board, witness);
        AdtSettings adt = config.patients().adt();
        Examinations examinations = new Examinations(store, ward, settings.authority());
        AdtPort open = adt.port() > 0 ? new AdtPort(adt, ward) : null;
        if (open != null && !adt.isGuarded()) {
            LOG.warn(
                    "hospital port is open to whoever reaches it port={}; write adt.peers or adt.tls.ca, or see to a"
                            + " firewall",
                    adt.port());
        }
        return new Bedside(config, outbox, store, ward, open, settings, examinations, panel, clock);
    }

    /**
     * While nothing can be kept nobody is known: an association that can no longer be ended would name the wrong patient.
     * The folder that is empty then refuses what comes in the protocol of who says it.
     */
    private static Path folder(Config config, Outbox outbox) {
        return outbox.isDurable() ? config.patients().dir() : outbox.directory().resolve("patients");
    }

    /** Results are to be read although orders cannot be kept. */
    private static @Nullable PatientStore forOrders(Config config, Outbox outbox) {
        try {
            return PatientStore.open(folder(config, outbox), outbox.safe("identity"));
        } catch (IOException unusable) {
            LOG.error("orders are not taken cause=\"{}\"", unusable.getMessage());
            return null;
        }
    }

    /** Whether anything here may ask what is ordered. */
    private static boolean takesOrders(Config config) {
        return config.dicom() != null
                || Stream.concat(config.devices().stream(), config.further().stream())
                        .anyMatch(device -> device.profile().talk().takesOrders()
                                && !device.link().readOnly());
    }

    /** What the platform has ordered, null where nothing here would ask for it. */
    @Nullable
    public OrderStore orders() {
        PatientStore open = store;
        return open == null ? null : open.orders();
    }

    /** What is ordered of a device. */
    public OrderDesk orders(String device) {
        OrderStore orders = orders();
        return orders == null ? OrderDesk.NONE : new DeviceOrders(orders, device);
    }

    /** The ward, null where nobody is ever named. */
    @Nullable
    Ward ward() {
        return ward;
    }

    private static List<WardSettings.Device> devicesOf(Config config) {
        List<WardSettings.Device> devices = new ArrayList<>();
        for (Config.Device device : config.devices()) {
            boolean isScanner = device.profile().device().kind().equals(SCANNER_KIND);
            devices.add(
                    new WardSettings.Device(device.id(), device.id(), device.location(), device.aliases(), isScanner));
            for (Part part : device.parts().values()) {
                String location = part.location() == null ? device.location() : part.location();
                devices.add(new WardSettings.Device(part.id(), device.id(), location, List.of(), false));
            }
        }
        return devices;
    }

    private static WardSettings settings(Config config) {
        Config.Patients patients = config.patients();
        return new WardSettings(
                config.gateway().id(),
                config.gateway().zone(),
                devicesOf(config),
                patients.beds(),
                patients.bedsAttribute(),
                patients.idleMs(),
                patients.authority(),
                patients.wristband(),
                patients.registry(),
                patients.keepMs());
    }

    public void start() {
        if (ward != null) {
            try {
                ward.start();
            } catch (IOException notKept) {
                LOG.warn("associations not taken over cause=\"{}\"", notKept.getMessage());
            }
        }
        if (port != null) {
            port.start();
        }
    }

    /** What imaging may ask of patients and orders. */
    Surroundings surroundings() {
        return examinations == null ? Surroundings.NONE : examinations.surroundings();
    }

    /**
     * What is known of the patient of a specimen, for what is told without patients.
     *
     * @param specimen its number, may be empty
     * @param order the order that a result names, may be empty
     */
    public Whose whose(String specimen, String order) {
        return examinations == null ? Whose.UNKNOWN : examinations.ofSpecimen(specimen, order);
    }

    @Nullable
    public Patient patient(String device, long timeMs) {
        return ward == null ? null : ward.patient(device, timeMs);
    }

    /**
     * A number is told with every message. One that was ended by a scan or a discharge does not come back by being told
     * again: only a change counts, and whether the hospital has come to know the patient.
     */
    public void typed(String device, String patient, long timeMs) {
        if (ward == null) {
            return;
        }
        Typed last = typed.get(device);
        boolean isSame = last != null && last.patient().equals(patient);
        boolean isLately = last != null && timeMs - last.ms() < RETYPED_MS;
        if (isSame && (isLately || !ward.isTyped(device))) {
            return;
        }
        try {
            PatientId id = PatientId.of(List.of(patient.split("\\^", -1))).orElse(null);
            ward.typed(device, id, timeMs);
            typed.put(device, new Typed(patient, timeMs));
        } catch (IOException notKept) {
            LOG.warn("device={} entered patient not kept cause=\"{}\"", device, notKept.getMessage());
        }
    }

    public void heard(String device, byte[] bytes, int length, long timeMs) {
        Scanner scanner = scanners.get(device);
        if (scanner != null) {
            scanner.heard(bytes, length, timeMs, System.nanoTime());
        }
    }

    public void changed(String device, DeviceWorker.Status status) {
        if (status.state() == DeviceState.LINKED) {
            unheard.remove(device);
        } else {
            unheard.putIfAbsent(device, new Unheard(System.nanoTime(), status.sinceMs()));
        }
    }

    /** To be called every second by one thread. A device that is not heard for long is on nobody any more. */
    public void tick() {
        if (ward == null) {
            return;
        }
        ward.tell();
        forget(ward);
        idle.retainAll(unheard.keySet());
        for (Map.Entry<String, Unheard> each : unheard.entrySet()) {
            boolean isLong = System.nanoTime() - each.getValue().ns() > idleMs * MS;
            if (idleMs > 0 && isLong && !idle.contains(each.getKey())) {
                end(each.getKey(), each.getValue().ms());
            }
        }
    }

    /** Once an hour, and only by a clock that is right: one that runs ahead would forget everybody. */
    private void forget(Ward from) {
        long nowNs = System.nanoTime();
        if (nowNs - forgottenNs < FORGET_NS || !clock.get().state().equals("sync")) {
            return;
        }
        forgottenNs = nowNs;
        try {
            from.forget(System.currentTimeMillis());
        } catch (IOException notKept) {
            LOG.warn("patients of long ago not forgotten cause=\"{}\"", notKept.getMessage());
        }
    }

    private void end(String port, long sinceMs) {
        try {
            for (String device : devicesOfPorts.getOrDefault(port, List.of())) {
                if (ward != null) {
                    ward.ended(device, sinceMs);
                }
            }
            idle.add(port);
        } catch (IOException notKept) {
            LOG.warn("device={} idle, its associations not ended cause=\"{}\"", port, notKept.getMessage());
        }
    }

    @Override
    public void close() {
        if (port != null) {
            port.close();
        }
        PatientStore open = store;
        if (open != null) {
            try {
                open.close();
            } catch (IOException given) {
                LOG.debug("folder of patients closed cause=\"{}\"", given.getMessage());
            }
        }
    }
}
