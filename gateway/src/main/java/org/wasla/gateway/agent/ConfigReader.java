package org.wasla.gateway.agent;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.gpio.Board;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.gateway.device.DeviceSettings.Part;
import org.wasla.gateway.hospital.HospitalSettings;
import org.wasla.gateway.imaging.ImagingSettings;
import org.wasla.gateway.indicators.Grain;
import org.wasla.gateway.page.PageSettings;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;
import org.wasla.gateway.profile.Section;
import org.wasla.gateway.uplink.UplinkSettings;
import org.wasla.gateway.ward.RegistrySettings;

/** Reads the configuration file and the profiles that it names: all mistakes at once. One thread. */
public final class ConfigReader {
    private static final Pattern LEVEL = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final String LEVEL_REMEDY = "write small letters, digits and dashes, such as gw-7f3a9c21";
    private static final Path BUFFER = Path.of("/var/lib/wasla/buffer");
    private static final long BUFFER_BYTES_MIN = 4L << 20;
    private static final long FHIR_MS = 60_000;
    private static final long FHIR_MS_MIN = 10_000;
    private final Problems problems;
    private final List<Path> profileFolders;
    private final List<Config.Device> further = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private final Set<String> links = new HashSet<>();

    /** @param profileFolders folders of profiles beside those of the configuration, the shipped one first */
    public ConfigReader(List<Path> profileFolders, Problems problems) {
        this.profileFolders = List.copyOf(profileFolders);
        this.problems = problems;
    }

    /** Empty when there are problems. */
    public Optional<Config> read(Path file) {
        Section root = Section.read(file, problems);
        Config.Gateway gateway = gateway(root.need("gateway", "{id: gw-7f3a9c21, region: ma-06, site: chu-ibnrochd}"));
        Config.Uplink uplink = uplink(root.need("uplink", "{servers: [mqtts://broker.example:8883]}"));
        Config.Buffer buffer = buffer(root.section("buffer"));
        ImagingSettings dicom = root.has("dicom") ? DicomReader.read(root.section("dicom")) : null;
        RegistrySettings registry = root.has("registry") ? RegistryReader.read(root.section("registry")) : null;
        Config.Patients patients =
                PatientsReader.read(root.section("adt"), root.section("patient"), registry, buffer.dir());
        PageSettings page = PageReader.read(root, buffer.dir());
        Board board = GpioReader.read(root.section("gpio"));
        TrustReader.Trust trust = TrustReader.read(root.section("trust"));
        long fhirMs = fhir(root);
        long alarmsMs = AlarmsReader.read(root.section("alarms"));
        Set<Grain> indicators = FiguresReader.indicators(root.section("indicators"));
        Config.Epi epi = FiguresReader.epi(root.section("epi"));
        ActsReader.Asked acts = ActsReader.read(root.section("acts"), problems);
        List<Config.Device> devices = List.of();
        String codes = "";
        List<Path> folders = List.of();
        List<HospitalSettings.Receiver> receivers = HospitalReader.read(root);
        Map<Integer, String> references = Map.of();
        try {
            folders = folders(root.section("profiles"));
            ProfileStore store = ProfileStore.open(folders);
            Optional<Path> given = trust == null ? Optional.empty() : new StateStore(buffer.dir()).profiles();
            if (given.isPresent()) {
                List<Path> all = new ArrayList<>(folders);
                all.add(given.get());
                store = ProfileStore.open(all);
            }
            codes = store.codes().version();
            references = store.codes().references();
            List<Entry> entries = new ArrayList<>(root.list("devices"));
            entries.addAll(new LocalDevices(buffer.dir()).read(problems));
            devices = devices(entries, store);
        } catch (IOException unreadable) {
            root.problem("leads to no profiles: " + unreadable.getMessage(), "correct profiles.dir");
        }
        root.end();
        HospitalSettings hospital = receivers.isEmpty()
                ? null
                : new HospitalSettings(receivers, gateway.site(), gateway.zone(), references);
        return problems.isEmpty()
                ? Optional.of(new Config(
                        gateway,
                        uplink,
                        buffer,
                        patients,
                        codes,
                        devices,
                        further,
                        dicom,
                        board,
                        trust,
                        folders,
                        fhirMs,
                        alarmsMs,
                        indicators,
                        epi,
                        acts.of(devices),
                        hospital,
                        page))
                : Optional.empty();
    }

    /** Devices that are added to a configuration, by the same rules; empty, or fewer, when there are problems. */
    List<Config.Device> added(Config to, ProfileStore store, List<Entry> entries) throws IOException {
        for (Config.Device each : to.devices()) {
            ids.add(each.id());
            ids.addAll(each.aliases());
            each.parts().values().forEach(part -> ids.add(part.id()));
            links.add(each.link().text());
        }
        to.further().forEach(each -> links.add(each.link().text()));
        return devices(entries, store);
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

    private static Config.Uplink uplink(Entry entry) {
        Section section = entry.section();
        boolean insecure = section.flag("insecure", false);
        List<URI> servers = new ArrayList<>();
        Entry list = section.need("servers", "[mqtts://broker.example:8883]");
        for (Entry server : list.list()) {
            server(server, insecure).ifPresent(servers::add);
        }
        if (list.isEmptyList()) {
            list.problem("names no server", "write [mqtts://broker.example:8883]");
        }
        Path ca = section.get("ca").flatMap(ConfigReader::file).orElse(null);
        Path key = section.get("key").flatMap(ConfigReader::file).orElse(null);
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
                entry.problem("is '" + entry.text() + "'", "write mqtts://HOST:8883");
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
            entry.problem("is '" + entry.text() + "'", "write mqtts://HOST:8883");
            return Optional.empty();
        }
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
        Config.Buffer buffer =
                new Config.Buffer(dir, Math.max(maxBytes, BUFFER_BYTES_MIN), section.millis("commit", 100));
        if (!section.text("key", "").isEmpty()) {
            section.need("key", "\"\"")
                    .problem("asks for encryption, which this version does not have", "leave it out");
        }
        section.end();
        return buffer;
    }

    private static long fhir(Section root) {
        if (!root.has("fhir")) {
            return 0;
        }
        Section section = root.section("fhir");
        long everyMs = section.millis("every", FHIR_MS);
        if (everyMs < FHIR_MS_MIN) {
            section.problem("asks for a bundle every " + everyMs + " ms", "write every: 10s or more, such as 60s");
        }
        section.end();
        return everyMs;
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

    private List<Config.Device> devices(List<Entry> entries, ProfileStore store) throws IOException {
        List<Config.Device> devices = new ArrayList<>();
        Map<Path, Optional<Profile>> read = new HashMap<>();
        for (Entry entry : entries) {
            Section section = entry.section();
            Entry id = section.need("id", "oxi-b07");
            if (!ids.add(id.text(LEVEL, LEVEL_REMEDY))) {
                id.problem("is '" + id.text() + "' a second time", "give every device its own id");
            }
            Optional<Profile> profile = profile(section.need("profile", "masimo-ascii1"), store, read);
            String location = section.has("location") ? section.text("location", "") : null;
            List<String> aliases = aliases(section, ids);
            Map<String, Part> parts = parts(section.section("parts"), ids);
            Entry link = section.need("link", "\"serial:/dev/ttyUSB0\"");
            Optional<LinkSettings> settings = LinkReader.read(link, profile.orElse(null));
            if (profile.isPresent() && settings.isPresent()) {
                devices.add(new Config.Device(id.text(), location, profile.get(), settings.get(), parts, aliases));
            }
            tellSecond(link, settings, links);
            Section ports = section.section("ports");
            for (String port : ports.keys()) {
                Entry own = ports.need(port, "\"serial:/dev/ttyUSB1\"");
                Optional<Profile> of = profile.isEmpty()
                        ? Optional.empty()
                        : port(own, profile.get().id() + "-" + port, store, read);
                Optional<LinkSettings> line = LinkReader.read(own, of.orElse(null));
                tellSecond(own, line, links);
                if (of.isPresent() && line.isPresent()) {
                    further.add(new Config.Device(id.text(), location, of.get(), line.get(), Map.of(), List.of()));
                }
            }
            section.end();
        }
        return devices;
    }

    /** @param ids of devices and parts so far, and their aliases: a label names one device */
    private static List<String> aliases(Section section, Set<String> ids) {
        for (Entry alias : section.list("aliases")) {
            if (!ids.add(alias.text())) {
                alias.problem("is '" + alias.text() + "', the name of another device too", "give every device its own");
            }
        }
        return section.texts("aliases");
    }

    /** @param ids of devices and parts so far */
    private static Map<String, Part> parts(Section section, Set<String> ids) {
        Map<String, Part> parts = new HashMap<>();
        for (String key : section.keys()) {
            Entry entry = section.need(key, "{id: pump-1}");
            if (!LEVEL.matcher(key).matches()) {
                entry.problem("is no part of a device", LEVEL_REMEDY.replace("gw-7f3a9c21", "1-1"));
            }
            Section part = entry.section();
            Entry id = part.need("id", "pump-1");
            if (!ids.add(id.text(LEVEL, LEVEL_REMEDY))) {
                id.problem("is '" + id.text() + "' a second time", "give every device and part its own id");
            }
            parts.put(key, new Part(id.text(), part.has("location") ? part.text("location", "") : null));
            part.end();
        }
        return parts;
    }

    private static void tellSecond(Entry link, Optional<LinkSettings> settings, Set<String> links) {
        if (settings.isPresent() && !links.add(settings.get().text())) {
            link.problem("is " + settings.get().text() + " a second time", "give every device its own line");
        }
    }

    /** The profile of another port of a device is named after both: pb840-waves. */
    private Optional<Profile> port(Entry link, String id, ProfileStore store, Map<Path, Optional<Profile>> read)
            throws IOException {
        Path folder = store.find(id).orElse(null);
        if (folder == null) {
            link.problem("is a port that the profile does not have: there is no profile " + id, "leave it out");
            return Optional.empty();
        }
        return profile(folder, store, read);
    }

    private Optional<Profile> profile(Entry entry, ProfileStore store, Map<Path, Optional<Profile>> read)
            throws IOException {
        @Nullable Path folder = store.find(entry.text()).orElse(null);
        if (folder == null) {
            if (!entry.text().isEmpty()) {
                List<String> known = store.all().stream()
                        .map(path -> path.getFileName().toString())
                        .toList();
                entry.problem("is '" + entry.text() + "', no profile", "write one of " + String.join(", ", known));
            }
            return Optional.empty();
        }
        return profile(folder, store, read);
    }

    private Optional<Profile> profile(Path folder, ProfileStore store, Map<Path, Optional<Profile>> read)
            throws IOException {
        if (!read.containsKey(folder)) {
            Problems own = new Problems();
            Profile profile = store.read(folder, own);
            own.list().forEach(p -> problems.add(p.file(), p.line(), p.what(), p.remedy()));
            read.put(folder, own.isEmpty() ? Optional.of(profile) : Optional.empty());
        }
        return read.getOrDefault(folder, Optional.empty());
    }
}
