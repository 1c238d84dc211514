package org.wasla.gateway.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.gateway.device.DeviceSettings.Part;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;
import org.wasla.gateway.profile.Section;

/** Reads a list of devices, and the profiles that it names: all mistakes at once. One thread. */
final class DevicesReader {
    private final ProfileStore store;
    private final Problems problems;
    private final Map<Path, Optional<Profile>> read = new HashMap<>();

    DevicesReader(ProfileStore store, Problems problems) {
        this.store = store;
        this.problems = problems;
    }

    /** @param entries one a device */
    DeviceList read(List<Entry> entries) throws IOException {
        List<Config.Device> devices = new ArrayList<>();
        List<Config.Device> further = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        Set<String> links = new HashSet<>();
        for (Entry entry : entries) {
            Section section = entry.section();
            Entry id = section.need("id", "oxi-b07");
            if (!ids.add(id.text(ConfigReader.LEVEL, ConfigReader.LEVEL_REMEDY))) {
                id.problem("is '" + id.text() + "' a second time", "give every device its own id");
            }
            Optional<Profile> profile = profile(section.need("profile", "masimo-ascii1"));
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
                        : port(own, profile.get().id() + "-" + port);
                Optional<LinkSettings> line = LinkReader.read(own, of.orElse(null));
                tellSecond(own, line, links);
                if (of.isPresent() && line.isPresent()) {
                    further.add(new Config.Device(id.text(), location, of.get(), line.get(), Map.of(), List.of()));
                }
            }
            section.end();
        }
        return new DeviceList(devices, further);
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
            if (!ConfigReader.LEVEL.matcher(key).matches()) {
                entry.problem("is no part of a device", ConfigReader.LEVEL_REMEDY.replace("gw-7f3a9c21", "1-1"));
            }
            Section part = entry.section();
            Entry id = part.need("id", "pump-1");
            if (!ids.add(id.text(ConfigReader.LEVEL, ConfigReader.LEVEL_REMEDY))) {
                id.problem("is '" + id.text() + "' a second time", "give every device and part its own id");
            }
            parts.put(key, new Part(id.text(), part.has("location") ? part.text("location", "") : null));
            part.end();
        }
        return parts;
    }

    /** @param links so far, and the outputs that turn them */
    private static void tellSecond(Entry link, Optional<LinkSettings> settings, Set<String> links) {
        String output = settings.map(TwoWires::of).orElse(null);
        if (output != null && !links.add(output)) {
            link.problem(
                    "is turned by " + output + ", as another line is", "give every line of two wires its own output");
        }
        if (settings.isPresent() && !links.add(settings.get().text())) {
            link.problem("is " + settings.get().text() + " a second time", "give every device its own line");
        }
    }

    /** The profile of another port of a device is named after both: pb840-waves. */
    private Optional<Profile> port(Entry link, String id) throws IOException {
        Path folder = store.find(id).orElse(null);
        if (folder == null) {
            link.problem("is a port that the profile does not have: there is no profile " + id, "leave it out");
            return Optional.empty();
        }
        return profile(folder);
    }

    private Optional<Profile> profile(Entry entry) throws IOException {
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
        return profile(folder);
    }

    private Optional<Profile> profile(Path folder) {
        if (!read.containsKey(folder)) {
            Problems own = new Problems();
            Profile profile = store.read(folder, own);
            own.list().forEach(p -> problems.add(p.file(), p.line(), p.what(), p.remedy()));
            read.put(folder, own.isEmpty() ? Optional.of(profile) : Optional.empty());
        }
        return read.getOrDefault(folder, Optional.empty());
    }
}
