package org.wasla.gateway.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.bridge.link.SerialSettings;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.ProfileStore;
import org.wasla.gateway.profile.Section;

/**
 * The text of a list of devices, to be read again whenever profiles change. Immutable.
 *
 * @param file what it is called in problems
 * @param text YAML
 * @param isConfiguration whether it is a whole configuration, whose {@code devices} the list is
 */
public record DeviceListing(String file, String text, boolean isConfiguration) {
    private static final Path PORTS = Path.of("/dev");

    /** One that was given while the box runs, or of a state on disk. */
    public static DeviceListing given(String text) {
        return new DeviceListing("devices", text, false);
    }

    private List<Entry> entries(Problems problems) {
        return isConfiguration
                ? Section.parse(file, text, problems).list("devices")
                : Section.parseList(file, text, problems);
    }

    /** @param problems gets all mistakes, by line; then what is returned is not whole */
    public DeviceList read(ProfileStore profiles, Problems problems) throws IOException {
        return new DevicesReader(profiles, problems).read(entries(problems));
    }

    /** The list alone, a line a device; of one that was read without a problem. */
    public String list() {
        List<Entry> entries = entries(new Problems());
        return entries.isEmpty()
                ? "[]\n"
                : entries.stream().map(each -> "- " + each.flow() + "\n").collect(Collectors.joining());
    }

    /** What nobody from outside may write: a profile or a port by a path that leads elsewhere. */
    public List<String> escapes(DeviceList read) {
        List<String> found = new ArrayList<>();
        for (Entry entry : entries(new Problems())) {
            Section section = entry.section();
            if (section.text("profile", "").contains("/")) {
                found.add("line " + entry.line() + ": profile is a path; write the id of a profile");
            }
        }
        read.lines().forEach((name, device) -> {
            if (isElsewhere(device.link())) {
                found.add("the line of " + name + " is no port; write one below /dev, such as serial:/dev/ttyUSB0");
            }
        });
        return found;
    }

    private static boolean isElsewhere(LinkSettings link) {
        if (!(link instanceof SerialSettings serial)) {
            return false;
        }
        Path path = Path.of(serial.path());
        return !path.startsWith(PORTS) || !path.equals(path.normalize());
    }
}
