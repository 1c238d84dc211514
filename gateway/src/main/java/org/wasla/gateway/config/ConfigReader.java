package org.wasla.gateway.config;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.wasla.gateway.hospital.HospitalSettings;
import org.wasla.gateway.imaging.ImagingSettings;
import org.wasla.gateway.indicators.Grain;
import org.wasla.gateway.page.PageSettings;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Section;
import org.wasla.gateway.uplink.UplinkSettings;
import org.wasla.gateway.vault.KeySource;
import org.wasla.gateway.ward.RegistrySettings;

/** Reads the configuration file and the profiles that it names: all mistakes at once. One thread. */
public final class ConfigReader {
    static final Pattern LEVEL = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    static final String LEVEL_REMEDY = "write small letters, digits and dashes, such as gw-7f3a9c21";
    static final Path BUFFER = Path.of("/var/lib/wasla/buffer");
    private static final long BUFFER_BYTES_MIN = 4L << 20;
    private static final long MEMORY_BYTES = 8L << 20;
    private static final long MEMORY_BYTES_MAX = 64L << 20;
    private final Problems problems;
    private final List<Path> profileFolders;

    /** @param profileFolders folders of profiles beside those of the configuration, the shipped one first */
    public ConfigReader(List<Path> profileFolders, Problems problems) {
        this.profileFolders = List.copyOf(profileFolders);
        this.problems = problems;
    }

    /** Empty when there are problems. */
    public Optional<Config> read(Path file) {
        Section root = Section.read(file, problems);
        Config.Gateway gateway = gateway(root.need("gateway", "{id: gw-7f3a9c21, region: ma-06, site: chu-ibnrochd}"));
        EnrolReader.Enrol enrol = EnrolReader.read(root, gateway.id());
        Config.Uplink uplink = uplink(root, enrol);
        Config.Buffer buffer = buffer(root.section("buffer"));
        ImagingSettings dicom = root.has("dicom") ? DicomReader.read(root.section("dicom")) : null;
        RegistrySettings registry = root.has("registry") ? RegistryReader.read(root.section("registry")) : null;
        Config.Patients patients =
                PatientsReader.read(root.section("adt"), root.section("patient"), registry, buffer.dir());
        PageSettings page = PageReader.read(root, buffer.dir());
        GpioReader.Gpio gpio = GpioReader.read(root.section("gpio"));
        TrustReader.Trust trust = TrustReader.read(root.section("trust"));
        InetSocketAddress metrics = MetricsReader.read(root.section("metrics"));
        FhirReader.Rates fhir = FhirReader.read(root);
        long alarmsMs = AlarmsReader.read(root.section("alarms"));
        Set<Grain> indicators = FiguresReader.indicators(root.section("indicators"));
        Config.Epi epi = FiguresReader.epi(root.section("epi"));
        ActsReader.Asked acts = ActsReader.read(root.section("acts"), problems);
        DeviceList devices = DeviceList.NONE;
        Given given = null;
        String codes = "";
        List<Path> folders = List.of();
        List<HospitalSettings.Receiver> receivers = HospitalReader.read(root);
        Map<Integer, String> references = Map.of();
        try {
            folders = folders(root.section("profiles"));
            root.list("devices");
            DeviceListing installed = new DeviceListing(file.toString(), Files.readString(file), true);
            Given.Reading reading = Given.read(new StateStore(buffer.dir()), folders, installed, problems);
            given = reading.given();
            codes = reading.profiles().codes().version();
            references = reading.profiles().codes().references();
            devices = reading.devices();
            if (given.listing().equals(given.installed())) {
                TwoWires.check(devices, gpio.board(), root.section("gpio"));
            }
        } catch (IOException unreadable) {
            root.problem("leads to no profiles: " + unreadable.getMessage(), "correct profiles.dir");
        }
        root.end();
        HospitalSettings hospital = receivers.isEmpty()
                ? null
                : new HospitalSettings(receivers, gateway.site(), gateway.zone(), references);
        return problems.isEmpty() && given != null
                ? Optional.of(new Config(
                        gateway,
                        uplink,
                        enrol,
                        buffer,
                        patients,
                        codes,
                        devices.devices(),
                        devices.further(),
                        dicom,
                        gpio.board(),
                        gpio.watchdog(),
                        trust,
                        folders,
                        fhir,
                        alarmsMs,
                        indicators,
                        epi,
                        acts.of(devices.devices()),
                        hospital,
                        metrics,
                        given,
                        page))
                : Optional.empty();
    }

    private static Config.Gateway gateway(Entry entry) {
        Section section = entry.section();
        Config.Gateway gateway = new Config.Gateway(
                section.need("id", "gw-7f3a9c21").text(LEVEL, LEVEL_REMEDY),
                section.need("region", "ma-06").text(LEVEL, LEVEL_REMEDY),
                section.need("site", "chu-ibnrochd").text(LEVEL, LEVEL_REMEDY),
                section.get("zone").map(ConfigReader::zone).orElse(ZoneId.systemDefault()));
        section.end();
        return gateway;
    }

    private static ZoneId zone(Entry entry) {
        try {
            return ZoneId.of(entry.text());
        } catch (DateTimeException unknown) {
            entry.problem("is '" + entry.text() + "', no time zone", "write one such as Africa/Casablanca");
            return ZoneId.systemDefault();
        }
    }

    private static Config.Uplink uplink(Section root, EnrolReader.Enrol enrol) {
        boolean isTold = !enrol.servers().isEmpty();
        Section section = isTold
                ? root.section("uplink")
                : root.need("uplink", "{servers: [mqtts://broker.example:8883]}")
                        .section();
        boolean insecure = section.flag("insecure", false);
        List<URI> servers = new ArrayList<>();
        if (isTold && !section.has("servers")) {
            servers.addAll(enrol.servers());
        } else {
            Entry list = section.need("servers", "[mqtts://broker.example:8883]");
            for (Entry server : list.list()) {
                server(server, insecure).ifPresent(servers::add);
            }
            if (list.isEmptyList()) {
                list.problem("names no server", "write [mqtts://broker.example:8883]");
            }
        }
        Path ca = section.get("ca").flatMap(ConfigReader::file).orElse(enrol.ca());
        Path key = section.get("key").flatMap(ConfigReader::file).orElse(enrol.key());
        UplinkSettings.Flow flow = FlowReader.read(section);
        UplinkSettings.Encoding encoding = EncodingReader.read(section);
        section.end();
        return new Config.Uplink(servers, ca, key, encoding, flow);
    }

    static Optional<Path> file(Entry entry) {
        Optional<Path> file = entry.file();
        if (file.isPresent() && !Files.isReadable(file.get())) {
            entry.problem(
                    "is '" + file.get() + "', no file that can be read",
                    "correct the path, or give the right to read it");
        }
        return file;
    }

    private static Optional<URI> server(Entry entry, boolean insecure) {
        try {
            URI uri = new URI(entry.text());
            boolean plain = "mqtt".equals(uri.getScheme());
            if (!plain && !"mqtts".equals(uri.getScheme()) || uri.getHost() == null) {
                entry.problem("is '" + open(entry.text()) + "'", "write mqtts://HOST:8883");
                return Optional.empty();
            }
            if (uri.getPort() == 0 || uri.getPort() > 65_535) {
                entry.problem("has the port " + uri.getPort(), "write a port from 1 to 65535, such as 8883");
                return Optional.empty();
            }
            if (plain && !insecure && !isLoopback(uri.getHost())) {
                entry.problem("would send patient data without TLS", "write mqtts://, or add uplink.insecure: true");
            }
            return Optional.of(uri);
        } catch (URISyntaxException wrong) {
            entry.problem("is '" + open(entry.text()) + "'", "write mqtts://HOST:8883");
            return Optional.empty();
        }
    }

    /** Without user and password, whatever the rest is. */
    private static String open(String address) {
        return address.replaceFirst("//.*@", "//");
    }

    static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
    }

    private static Config.Buffer buffer(Section section) {
        Path dir = section.get("dir").flatMap(Entry::file).orElse(BUFFER);
        long maxBytes = section.get("max").map(Entry::bytes).orElse(8L << 30);
        if (maxBytes < BUFFER_BYTES_MIN) {
            section.need("max", "8GiB").problem("is too small", "write at least 4MiB");
        }
        long memoryBytes = section.get("memory").map(Entry::bytes).orElse(MEMORY_BYTES);
        if (memoryBytes < BUFFER_BYTES_MIN || memoryBytes > MEMORY_BYTES_MAX) {
            section.need("memory", "8MiB").problem("is no size for memory", "write 4MiB to 64MiB");
        }
        Config.Buffer buffer = new Config.Buffer(
                dir,
                Math.max(maxBytes, BUFFER_BYTES_MIN),
                section.millis("commit", 100),
                Math.max(memoryBytes, BUFFER_BYTES_MIN),
                key(section));
        section.end();
        return buffer;
    }

    private static KeySource key(Section section) {
        String text = section.text("key", "");
        Optional<KeySource> key = KeySource.of(text);
        if (key.isEmpty()) {
            section.need("key", "credential:wasla").problem("is '" + text + "'", KeySource.REMEDY);
        }
        return key.orElse(KeySource.NONE);
    }

    private List<Path> folders(Section section) {
        List<Path> folders = new ArrayList<>(profileFolders);
        for (Entry dir : section.list("dir")) {
            Optional<Path> folder = dir.file();
            folder.ifPresent(folders::add);
            if (folder.isPresent() && !Files.isDirectory(folder.get())) {
                dir.problem("is '" + dir.text() + "', no folder", "correct the path, or leave it out");
            }
        }
        section.end();
        return folders;
    }
}
