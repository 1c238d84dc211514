package org.wasla.gateway.agent;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.audit.AuditTrail;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.device.DeviceSettings;
import org.wasla.gateway.device.GapRecord;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Draft;

/** Says which numbers of a stream were lost, to the platform and to the audit. Thread-safe; never waits. */
final class GapTeller {
    private final Supplier<Clock> clock;
    private final AuditTrail trail;
    private volatile Config config;

    GapTeller(Config config, Supplier<Clock> clock, AuditTrail trail) {
        this.config = config;
        this.clock = clock;
        this.trail = trail;
    }

    /** Devices have come or gone. */
    void devices(Config now) {
        config = now;
    }

    /** The record that tells which numbers of a stream were lost (design, section 3, kind evt). */
    Draft gap(String device, String kind, long from, long to, String why) {
        trail.dropped(device + "." + kind, from, to, why);
        @Nullable String location = null;
        for (Config.Device each : config.devices()) {
            location = each.id().equals(device) ? each.location() : location;
            for (DeviceSettings.Part part : each.parts().values()) {
                location = part.id().equals(device) ? part.location() : location;
            }
        }
        return new GapRecord(device + "." + kind, from, to, why)
                .draft(config.gateway().id(), device, location, clock.get());
    }
}
