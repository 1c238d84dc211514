package org.wasla.gateway.agent;

import java.net.URI;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.gateway.device.DeviceSettings;
import org.wasla.gateway.imaging.ImagingSettings;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.uplink.UplinkSettings;

/**
 * A configuration that was read and checked. Immutable.
 *
 * @param further more lines of the same devices, each with its device's id and a profile of its own
 * @param dicom how the box receives images, null when it does not
 * @param notYet sections that are configured and that this version does not serve
 */
public record Config(
        Gateway gateway,
        Uplink uplink,
        Buffer buffer,
        String codes,
        List<Device> devices,
        List<Device> further,
        @Nullable ImagingSettings dicom,
        List<String> notYet) {
    public Config {
        further = List.copyOf(further);
        devices = List.copyOf(devices);
        notYet = List.copyOf(notYet);
    }

    /** Who this box is. */
    public record Gateway(String id, String region, String site, ZoneId zone) {}

    /** Where records go, and how much when. */
    public record Uplink(
            List<URI> servers, @Nullable Path ca, @Nullable Path key, boolean compress, UplinkSettings.Flow flow) {
        public Uplink {
            servers = List.copyOf(servers);
        }
    }

    /**
     * Where records wait.
     *
     * @param maxBytes all files together
     * @param commitMs how long observations may wait for others before they are made durable
     */
    public record Buffer(Path dir, long maxBytes, long commitMs) {}

    /**
     * One device, with its line settings made whole from its profile.
     *
     * @param parts names and locations of the devices behind its port, by the part that a message names
     */
    public record Device(
            String id,
            @Nullable String location,
            Profile profile,
            LinkSettings link,
            Map<String, DeviceSettings.Part> parts) {
        public Device {
            parts = Map.copyOf(parts);
        }
    }
}
