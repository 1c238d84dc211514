package org.wasla.gateway.agent;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.wasla.gateway.device.DeviceSettings;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.outbox.OutboxStatus;
import org.wasla.gateway.uplink.UplinkStatus;

/** Writes the last values that the agent publishes beside records: state and meta of devices, health. Immutable. */
final class Snapshots {
    private final String gateway;
    private final long startNs = System.nanoTime();

    Snapshots(String gateway) {
        this.gateway = gateway;
    }

    String deviceState(String device, DeviceWorker.Status status) {
        return JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeStringField("dev", device);
            json.writeStringField("s", status.state().wire());
            json.writeNumberField("t", status.sinceMs());
            json.writeStringField("why", status.why());
        });
    }

    String deviceMeta(DeviceSettings settings) {
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

    String health(List<DeviceWorker> workers, OutboxStatus buffer, UplinkStatus uplink) {
        return JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeStringField("gw", gateway);
            json.writeNumberField("t", System.currentTimeMillis());
            json.writeNumberField("up", (System.nanoTime() - startNs) / 1_000_000_000L);
            json.writeObjectFieldStart("buffer");
            for (var lane : new TreeMap<>(buffer.waiting()).entrySet()) {
                json.writeNumberField("waiting-" + lane.getKey().name().toLowerCase(Locale.ROOT), lane.getValue());
            }
            json.writeNumberField("bytes", buffer.bytesOnDisk());
            json.writeNumberField("accepted", buffer.accepted());
            json.writeNumberField("refused", buffer.refused());
            json.writeEndObject();
            json.writeObjectFieldStart("uplink");
            json.writeNumberField("sent", uplink.sent());
            json.writeNumberField("refused", uplink.refused());
            json.writeNumberField("reconnects", uplink.reconnects());
            json.writeNumberField("recordsPerS", Math.round(uplink.recordsPerS()));
            json.writeNumberField("bytesPerS", Math.round(uplink.bytesPerS()));
            json.writeStringField("replay", uplink.replay());
            json.writeEndObject();
            json.writeArrayFieldStart("devices");
            for (DeviceWorker worker : workers) {
                device(json, worker);
            }
            json.writeEndArray();
        });
    }

    private static void device(JsonGenerator json, DeviceWorker worker) throws IOException {
        var counts = worker.tally();
        json.writeStartObject();
        json.writeStringField("dev", worker.settings().id());
        json.writeStringField("s", worker.status().state().wire());
        json.writeNumberField("frames", counts.frames());
        json.writeNumberField("records", counts.records());
        json.writeNumberField("skippedBytes", counts.skippedBytes());
        json.writeObjectFieldStart("bad");
        for (Map.Entry<String, Long> bad : new TreeMap<>(counts.bad()).entrySet()) {
            json.writeNumberField(bad.getKey(), bad.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }
}
