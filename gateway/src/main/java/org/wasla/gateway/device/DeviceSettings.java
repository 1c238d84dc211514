package org.wasla.gateway.device;

import java.time.ZoneId;
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
 * @param zone the zone that device clocks are set to when they do not say
 */
public record DeviceSettings(
        String gateway,
        String id,
        @Nullable String location,
        Profile profile,
        LinkSettings link,
        String codes,
        ZoneId zone) {}
