package org.wasla.gateway.ward;

import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.patient.Beds;

/**
 * What the site says of its patients and devices. Immutable.
 *
 * @param gateway the gateway's id
 * @param zone of times that come without one
 * @param devices all that a patient may be on, parts of ports too
 * @param beds how the hospital's beds are called here
 * @param bedsAttribute whether a bed alone names the patient
 * @param idleMs a device that is not heard for so long is on nobody any more; 0: that ends nothing
 * @param authority of patient numbers that come without one, may be empty
 * @param wristband form of the house's own wristbands, or null
 * @param registry what a registry of patients is told and asked, null: there is none
 * @param keepMs who is in no bed and on no device is forgotten after so long without news; 0: never
 */
public record WardSettings(
        String gateway,
        ZoneId zone,
        List<Device> devices,
        Beds beds,
        boolean bedsAttribute,
        long idleMs,
        String authority,
        @Nullable Pattern wristband,
        @Nullable RegistrySettings registry,
        long keepMs) {
    public WardSettings {
        devices = List.copyOf(devices);
    }

    /** Of a site that forgets nobody by itself. */
    public WardSettings(
            String gateway,
            ZoneId zone,
            List<Device> devices,
            Beds beds,
            boolean bedsAttribute,
            long idleMs,
            String authority,
            @Nullable Pattern wristband,
            @Nullable RegistrySettings registry) {
        this(gateway, zone, devices, beds, bedsAttribute, idleMs, authority, wristband, registry, 0);
    }

    /** Of a site without a registry. */
    public WardSettings(
            String gateway,
            ZoneId zone,
            List<Device> devices,
            Beds beds,
            boolean bedsAttribute,
            long idleMs,
            String authority,
            @Nullable Pattern wristband) {
        this(gateway, zone, devices, beds, bedsAttribute, idleMs, authority, wristband, null);
    }

    /** The same site with other devices. */
    public WardSettings with(List<Device> others) {
        return new WardSettings(
                gateway, zone, others, beds, bedsAttribute, idleMs, authority, wristband, registry, keepMs);
    }

    /**
     * One device.
     *
     * @param port the device whose line it is heard on: itself, or the one that it is a part of
     * @param location unit and bed, or null
     * @param aliases what else it is called by: on its label, or in PCIM messages
     * @param isScanner whether what it reads are codes that name patients and devices
     */
    public record Device(String id, String port, @Nullable String location, List<String> aliases, boolean isScanner) {
        public Device {
            aliases = List.copyOf(aliases);
        }
    }

    /** Devices and the beds they stand at, as far as that is known; scanners stand nowhere. */
    Map<String, String> bedsOfDevices() {
        Map<String, String> found = new HashMap<>();
        for (Device device : devices) {
            if (device.location() != null && !device.isScanner()) {
                found.put(device.id(), device.location());
            }
        }
        return found;
    }

    /** Devices by id and alias. */
    Map<String, String> labels() {
        Map<String, String> found = new HashMap<>();
        for (Device device : devices) {
            if (!device.isScanner()) {
                device.aliases().forEach(alias -> found.put(alias, device.id()));
                found.put(device.id(), device.id());
            }
        }
        return found;
    }

    @Nullable
    String location(String device) {
        for (Device each : devices) {
            if (each.id().equals(device)) {
                return each.location();
            }
        }
        return null;
    }
}
