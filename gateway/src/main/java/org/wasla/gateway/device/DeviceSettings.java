package org.wasla.gateway.device;

import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.gateway.profile.Profile;

/**
 * One configured device. Immutable.
 *
 * @param gateway the gateway's id
 * @param id the device's id
 * @param location unit and bed, or null
 * @param codes version of the code table
 * @param parts what is known of the devices behind one port, by the part that a message names
 * @param zone the zone that device clocks are set to when they do not say
 */
public record DeviceSettings(
        String gateway,
        String id,
        @Nullable String location,
        Profile profile,
        LinkSettings link,
        Map<String, Part> parts,
        String codes,
        ZoneId zone) {
    public DeviceSettings {
        parts = Map.copyOf(parts);
    }

    /** The same under another profile. */
    public DeviceSettings under(Profile other) {
        return new DeviceSettings(gateway, id, location, other, link, parts, codes, zone);
    }

    /**
     * One of several devices behind one port.
     *
     * @param id its name in records and topics
     * @param location unit and bed, or null: that of the port
     */
    public record Part(String id, @Nullable String location) {}
}
