package org.wasla.gateway.agent;

import org.wasla.gateway.device.DeviceSettings;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.observation.JsonText;

/** Writes the last values of devices that the agent publishes beside records: state and meta. Stateless. */
final class Snapshots {
    private Snapshots() {}

    static String deviceState(String device, DeviceWorker.Status status) {
        return JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeStringField("dev", device);
            json.writeStringField("s", status.state().wire());
            json.writeNumberField("t", status.sinceMs());
            json.writeStringField("why", status.why());
        });
    }

    /** What became of a device that was added at the box; no state from outside is meant. */
    static String local(String hash) {
        return JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeNumberField("rev", 0);
            json.writeStringField("hash", hash);
            json.writeStringField("s", "applied");
            json.writeNumberField("t", System.currentTimeMillis());
            json.writeArrayFieldStart("why");
            json.writeEndArray();
            json.writeBooleanField("local", true);
        });
    }

    static String meta(Config config, String software, String auditKey) {
        return JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeStringField("gw", config.gateway().id());
            json.writeStringField("sw", software);
            json.writeStringField("zone", config.gateway().zone().getId());
            json.writeStringField("audit-key", auditKey);
            json.writeBooleanField("cfg", config.trust() != null);
        });
    }

    static String deviceMeta(DeviceSettings settings) {
        return JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeStringField("dev", settings.id());
            if (settings.location() != null) {
                json.writeStringField("loc", settings.location());
            }
            json.writeStringField("prof", settings.profile().name());
            json.writeStringField("ph", settings.profile().hash());
            json.writeStringField("kind", settings.profile().device().kind());
            json.writeStringField("trust", settings.profile().trust().wire());
        });
    }
}
