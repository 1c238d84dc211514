package org.wasla.gateway.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.wasla.gateway.agent.Agent;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.simulator.SimulatedDevice;
import org.wasla.gateway.simulator.Simulator;
import org.wasla.gateway.uplink.Subscriber;
import org.wasla.gateway.uplink.UplinkSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla demo}: a small ward on this computer. */
@Command(
        name = "demo",
        description = {
            "Shows a small ward: simulated devices on pseudo-terminals, an analyser, an admission desk and a scanner,"
                    + " a CT and an ultrasound, the agent, a broker, and what a subscriber gets.",
            "Nothing leaves this computer. Ends with 0 only when every device's records arrived without a hole, the"
                    + " scanned patient stands in them, and the studies with dose and measurements were told."
        })
final class DemoVerb implements Callable<Integer> {
    private static final List<String[]> WARD = List.of(
            new String[] {"oxi-b01", "masimo-ascii1", "rea1/b01"},
            new String[] {"oxi-b02", "nellcor-printout", "rea1/b02"},
            new String[] {"oxi-b03", "nonin-df2", "rea1/b03"},
            new String[] {"vent-b04", "pb840", "rea1/b04"},
            new String[] {"lab-xn", "sysmex-xn", "lab"});
    private static final String SCANNER = "scan-1";
    /** The device whose patient the nurse scans. */
    private static final String SCANNED = "oxi-b01";

    /** Long enough for admission, scan and a record after it, and for a study; a shorter look is not judged by them. */
    private static final long SCANNED_S = 12;

    private final Workshop workshop;

    @Mixin
    Shared shared = new Shared();

    @Option(names = "--seconds", paramLabel = "N", description = "Ends after this time (default: Ctrl-C).")
    long seconds;

    DemoVerb(Workshop workshop) {
        this.workshop = workshop;
    }

    @Override
    public Integer call() throws Failure, IOException, InterruptedException {
        Path home = Files.createTempDirectory("wasla-demo");
        Stop stop = Stop.onSignal();
        Deque<AutoCloseable> open = new ArrayDeque<>();
        int code = 1;
        try {
            code = ward(home, open, stop);
        } finally {
            close(open);
            delete(home);
            stop.finished(code);
        }
        return code;
    }

    private int ward(Path home, Deque<AutoCloseable> open, Stop stop)
            throws Failure, IOException, InterruptedException {
        System.out.println(
                "Wasla demo: four simulated devices and an analyser -> pseudo-terminals -> agent -> buffer on"
                        + " disk -> MQTT -> this table.");
        System.out.println("Two patients are admitted (HL7 ADT); a wristband and the device " + SCANNED
                + " are scanned: its" + " values are a patient's, the others are nobody's.");
        Workshop.Broker broker = workshop.startBroker();
        open.push(broker);
        Workshop.Scanners scanners = workshop.scanners(home.resolve("scanners"));
        System.out.println("A CT and an ultrasound send a study each by DICOM, through " + scanners.sender() + ".");
        System.out.println(
                "Broker: " + broker.name() + " at " + broker.url() + "   Files: " + home + " (deleted at the end)");
        System.out.println("Look in from another window: ops/wasla subscribe --url " + broker.url());
        System.out.println((seconds > 0 ? "Ends after " + seconds + " s" : "Runs until Ctrl-C")
                + "; Ctrl-C stops it at any time. Read on: README.md, device-profiles/README.md");
        System.out.println();
        Watcher watcher = new Watcher(System.out, Watcher.Style.QUIET);
        UplinkSettings settings = new UplinkSettings(
                List.of(URI.create(broker.url())), null, null, "demo-subscriber", Main.VERSION, false);
        Subscriber subscriber = new Subscriber(settings, "wasla/1/#", watcher);
        open.push(subscriber);
        subscriber.start();
        await(() -> watcher.connection().isEmpty(), stop);
        int adtPort = freePort();
        int dicomPort = freePort();
        Config config = config(home, broker.url(), adtPort, dicomPort);
        DemoHospital hospital = new DemoHospital(workshop, home.resolve(SCANNER), adtPort);
        open.push(hospital);
        hospital.start();
        await(() -> Files.exists(home.resolve(SCANNER)), stop);
        for (Config.Device device : config.devices()) {
            if (device.id().equals(SCANNER)) {
                continue;
            }
            SimulatedDevice simulated = simulated(home, device);
            open.push(simulated);
            simulated.start();
            Path port = home.resolve(device.id());
            await(() -> Files.exists(port), stop);
        }
        Agent agent = new Agent(config, Main.VERSION);
        open.push(agent);
        agent.start();
        DemoScans scans = new DemoScans(scanners, dicomPort);
        open.push(scans);
        scans.start();
        show(watcher, stop);
        for (String failure : List.of(hospital.failure(), scans.failure())) {
            if (!failure.isEmpty()) {
                System.out.println("FAILED: " + failure);
                return 1;
            }
        }
        return verdict(watcher, config);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private SimulatedDevice simulated(Path home, Config.Device device) throws Failure {
        Profile profile = device.profile();
        Simulator spec = profile.simulator();
        if (spec == null) {
            throw new Failure(2, "the profile " + profile.id() + " has no simulator block");
        }
        Path link = home.resolve(device.id());
        return new SimulatedDevice(device.id(), () -> workshop.openPty(link), spec, Set.of(), 1, 1);
    }

    private Config config(Path home, String url, int adtPort, int dicomPort) throws Failure, IOException {
        StringBuilder yaml = new StringBuilder();
        yaml.append("gateway: {id: gw-demo, region: ma-06, site: demo, zone: Africa/Casablanca}\n");
        yaml.append("uplink: {servers: [\"").append(url).append("\"]}\n");
        yaml.append("buffer: {dir: ").append(home.resolve("buffer")).append(", max: 64MiB}\n");
        yaml.append("adt: {listen: ")
                .append(adtPort)
                .append(", peers: [127.0.0.1, \"::1\"], beds: {\"REA1^^B01^CHU\": rea1/b01}}\n");
        yaml.append("patient: {authority: CHU}\n");
        yaml.append("dicom: {ae: ").append(DemoScans.TITLE).append(", listen: ").append(dicomPort);
        yaml.append(", store: ").append(home.resolve("dicom")).append(", max: 64MiB, quiet: 2s}\n");
        yaml.append("devices:\n");
        yaml.append("  - {id: ").append(SCANNER).append(", profile: barcode-scanner, link: \"serial:");
        yaml.append(home.resolve(SCANNER)).append("\"}\n");
        for (String[] device : WARD) {
            yaml.append("  - {id: ").append(device[0]).append(", profile: ").append(device[1]);
            yaml.append(", location: ").append(device[2]);
            yaml.append(", link: \"serial:").append(home.resolve(device[0])).append("\"}\n");
        }
        Path file = Files.writeString(home.resolve("wasla.yaml"), yaml);
        List<Path> folders = new ArrayList<>(List.of(Shared.shipped()));
        folders.addAll(shared.folders);
        Problems problems = new Problems();
        Optional<Config> config = new ConfigReader(folders, problems).read(file);
        if (config.isEmpty()) {
            throw Failure.of(problems);
        }
        return config.get();
    }

    /** A condition that comes true. */
    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition, Stop stop) throws InterruptedException {
        long endNs = System.nanoTime() + 20_000_000_000L;
        while (!condition.holds() && endNs - System.nanoTime() > 0 && !stop.await(20)) {
            // looks again
        }
    }

    private void show(Watcher watcher, Stop stop) throws InterruptedException {
        boolean terminal = Shared.isTerminal();
        long startNs = System.nanoTime();
        long nextPrintS = 0;
        for (long atS = 0; seconds == 0 || atS < seconds; atS = (System.nanoTime() - startNs) / 1_000_000_000L) {
            if (stop.await(500)) {
                break;
            }
            if (terminal) {
                watcher.draw("");
            } else if (atS >= nextPrintS) {
                nextPrintS = atS + 5;
                watcher.table().lines(System.currentTimeMillis()).forEach(System.out::println);
                System.out.println();
            }
        }
    }

    private int verdict(Watcher watcher, Config config) {
        List<Ledger.Stream> streams = watcher.ledger().streams();
        Set<String> silent = new TreeSet<>();
        config.devices().forEach(device -> silent.add(device.id()));
        silent.remove(SCANNER);
        long records = 0;
        long missing = 0;
        System.out.println();
        for (Ledger.Stream stream : streams) {
            String[] parts = stream.name().split("\\.");
            if (parts[3].equals("obs") || parts[3].equals("res")) {
                silent.remove(parts[2]);
            }
            boolean whole = stream.first() == 1 && stream.missing() == 0;
            missing += whole ? 0 : stream.missing() + stream.first() - 1;
            records += stream.received();
            System.out.printf(
                    "%-28s %6d records, numbers %d..%d, %d missing%n",
                    parts[2] + "." + parts[3], stream.received(), stream.first(), stream.last(), stream.missing());
        }
        boolean isLong = seconds == 0 || seconds >= SCANNED_S;
        boolean unknown = isLong && !watcher.table().hasPatient(SCANNED);
        List<String> untold = isLong ? untold(watcher.table()) : List.of();
        boolean good = silent.isEmpty() && missing == 0 && !unknown && untold.isEmpty();
        System.out.println(
                good
                        ? "Every device's records arrived, " + records + " in all, without a hole."
                        : "FAILED: " + missing + " records are missing"
                                + (silent.isEmpty() ? "" : "; nothing arrived from " + String.join(", ", silent))
                                + (unknown ? "; the scanned patient stands in no record of " + SCANNED : "")
                                + (untold.isEmpty() ? "" : "; not told: " + String.join(", ", untold)));
        return good ? 0 : 1;
    }

    /** What should have been told of the scanners, and was not. */
    private static List<String> untold(WardTable table) {
        List<String> untold = new ArrayList<>();
        DemoScans.FIGURES.forEach((scanner, figures) -> {
            if (!table.hasClosedStudy(scanner)) {
                untold.add("the closed study of " + scanner);
            }
            figures.stream()
                    .filter(figure -> !table.hasTold(scanner, figure))
                    .forEach(figure -> untold.add(figure + " of " + scanner));
        });
        return untold;
    }

    private static void close(Deque<AutoCloseable> open) {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception last) {
                System.err.println("while ending: " + last.getMessage());
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
