package org.wasla.gateway.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.wasla.bridge.link.SerialSettings;
import org.wasla.gateway.config.Config;

/** Looks at the lines of the devices, and opens those that nobody holds. Stateless. */
public final class LineLook {
    private LineLook() {}

    /** @param held devices whose line the running agent has open: these are only looked at */
    public static List<Advice> at(Config config, Set<String> held) {
        List<Advice> found = new ArrayList<>();
        List<Config.Device> lines = new ArrayList<>(config.devices());
        lines.addAll(config.further());
        for (Config.Device device : lines) {
            if (device.link() instanceof SerialSettings serial && !Files.exists(Path.of(serial.path()))) {
                found.add(Advice.wrong("line.absent", device.id(), serial.path()));
            } else if (!held.contains(device.id())) {
                open(device, found);
            }
        }
        return found;
    }

    private static void open(Config.Device device, List<Advice> found) {
        try {
            device.link().open().close();
        } catch (IOException closed) {
            String cause = String.valueOf(closed.getMessage());
            String line = device.link().text();
            if (cause.startsWith("no right to open")) {
                found.add(Advice.wrong("line.forbidden", device.id(), line));
            } else if (cause.contains("in use")) {
                found.add(Advice.wrong("line.taken", device.id(), line));
            } else {
                found.add(Advice.wrong("line.closed", device.id(), line, cause));
            }
        }
    }
}
