package org.wasla.gateway.agent;

import org.wasla.gateway.config.Config;
import org.wasla.gateway.device.DeviceSettings;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.observation.JsonText;

/** Writes the last values of devices that the agent publishes beside records: state and meta. Stateless. */
final class Snapshots {
    private Snapshots() {}

    /** @param isSure whether the clock is confirmed now */
    static String deviceState(String device, DeviceWorker.Status status, boolean isSure) {
        return JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeStringField("dev", device);
            json.writeStringField("s", status.state().wire());
            json.writeNumberField("t", status.sinceMs());
            JsonText.unsure(json, isSure);
            json.writeStringField("why", status.why());
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
            if (config.trust() != null) {
                json.writeArrayFieldStart("groups");
                for (String group : config.trust().groups()) {
                    json.writeString(group);
                }
                json.writeEndArray();
            }
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
