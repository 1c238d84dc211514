package org.wasla.gateway.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The devices of a box. Immutable.
 *
 * @param devices each with its first line
 * @param further more lines of the same devices, each with its device's id and a profile of its own
 */
public record DeviceList(List<Config.Device> devices, List<Config.Device> further) {
    static final DeviceList NONE = new DeviceList(List.of(), List.of());

    public DeviceList {
        devices = List.copyOf(devices);
        further = List.copyOf(further);
    }

    /** All lines by a name that stays with them: the device's id, and for a further one that of its profile too. */
    public Map<String, Config.Device> lines() {
        Map<String, Config.Device> lines = new LinkedHashMap<>();
        devices.forEach(each -> lines.put(each.id(), each));
        further.forEach(each -> lines.put(further(each), each));
        return lines;
    }

    private static String further(Config.Device line) {
        return line.id() + "/" + line.profile().id();
    }

    /** Whether a line of this name is a further one: it does not tell whether its device is there. */
    public static boolean isFurther(String line) {
        return line.contains("/");
    }
}
