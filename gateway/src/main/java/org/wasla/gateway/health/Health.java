package org.wasla.gateway.health;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.hospital.HospitalProgress;
import org.wasla.gateway.imaging.ForwardProgress;
import org.wasla.gateway.imaging.Imaging;
import org.wasla.gateway.imaging.ObjectStore;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxStatus;
import org.wasla.gateway.outbox.OutboxStatus.LaneStatus;
import org.wasla.gateway.outbox.Stopped;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.uplink.UplinkStatus;

/**
 * The health document: every queue in figures. What is not known is left out, never 0. Thread-safe. It is published once
 * a minute and answered by {@link StatusSocket}.
 */
public final class Health {

    private static final List<String> IMAGING_COUNTS = List.of(
            "connections",
            "refused",
            "evicted",
            "stored",
            "prints",
            "prints-refused",
            "steps",
            "steps-refused",
            "worklist-queries",
            "aborted-peer",
            "aborted-closed",
            "aborted-protocol",
            "aborted-message",
            "aborted-silence");

    private final String gateway;
    private final Part certificate;
    private final long startNs = System.nanoTime();
    private final SyncMax syncMax = new SyncMax();
    private volatile int mistakes;

    private volatile JsonText.@Nullable Fields further;

    Health(String gateway) {
        this(gateway, json -> {});
    }

    /** @param certificate writes how the box's certificate stands, or nothing */
    public Health(String gateway, Part certificate) {
        this.gateway = gateway;
        this.certificate = certificate;
    }

    /** A part of the document that another class knows. */
    public interface Part {
        void write(JsonGenerator json) throws IOException;
    }

    /** How many mistakes the configuration has, in the place of which the last good one is in force; 0: it is right. */
    public void mistakes(int count) {
        mistakes = count;
    }

    /** What else stands in the document of a running agent. */
    public void with(JsonText.Fields fields) {
        further = fields;
    }

    /** The same; its longest sync, which nobody is told twice, is not forgotten. */
    public OutboxStatus noted(OutboxStatus status) {
        syncMax.with(status.syncMaxMs(), System.nanoTime());
        return status;
    }

    /** The document of a running agent. */
    public String running(
            Outbox outbox,
            UplinkStatus uplink,
            List<DeviceWorker> workers,
            Clock clock,
            @Nullable Imaging imaging,
            List<HospitalProgress> hospital) {
        OutboxStatus status = outbox.status();
        return JsonText.write(json -> {
            head(json, gateway, true);
            json.writeNumberField("up", (System.nanoTime() - startNs) / 1_000_000_000L);
            clock(json, clock);
            if (mistakes > 0) {
                json.writeObjectFieldStart("config");
                json.writeNumberField("mistakes", mistakes);
                json.writeEndObject();
            }
            json.writeObjectFieldStart("buffer");
            json.writeStringField("epoch", outbox.epoch());
            json.writeNumberField("boot", outbox.boot());
            json.writeBooleanField("volatile", !outbox.isDurable());
            buffer(json, status);
            json.writeEndObject();
            json.writeObjectFieldStart("uplink");
            uplink(json, uplink);
            json.writeEndObject();
            json.writeArrayFieldStart("devices");
            for (DeviceWorker worker : workers) {
                device(json, worker);
            }
            json.writeEndArray();
            imaging(json, imaging);
            HospitalHealth.write(json, hospital);
            JsonText.Fields more = further;
            if (more != null) {
                more.write(json);
            }
            certificate.write(json);
        });
    }

    private static void imaging(JsonGenerator json, @Nullable Imaging imaging) throws IOException {
        if (imaging == null) {
            return;
        }
        json.writeObjectFieldStart("imaging");
        imaging(json, imaging.figures());
        json.writeNumberField("associations", imaging.associations());
        for (String what : IMAGING_COUNTS) {
            json.writeNumberField(what, imaging.count(what));
        }
        json.writeNumberField("deleted", imaging.deleted());
        json.writeArrayFieldStart("forward");
        for (ForwardProgress progress : imaging.forwarded()) {
            forward(json, progress);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void forward(JsonGenerator json, ForwardProgress progress) throws IOException {
        json.writeStartObject();
        json.writeStringField("to", progress.to());
        json.writeNumberField("waiting", progress.waiting());
        if (progress.oldestMs() != null) {
            json.writeNumberField("oldest", progress.oldestMs());
        }
        json.writeNumberField("sent", progress.sent());
        json.writeNumberField("warned", progress.warned());
        json.writeNumberField("withheld", progress.withheld());
        json.writeObjectFieldStart("aside");
        for (Map.Entry<String, Integer> aside : new TreeMap<>(progress.aside()).entrySet()) {
            json.writeNumberField(aside.getKey(), aside.getValue());
        }
        json.writeEndObject();
        text(json, "lastError", progress.lastError().isEmpty() ? null : progress.lastError());
        json.writeEndObject();
    }

    /** How full a store is. */
    public static void imaging(JsonGenerator json, ObjectStore.Figures figures) throws IOException {
        json.writeNumberField("instances", figures.instances());
        json.writeNumberField("bytes", figures.bytes());
        json.writeNumberField("maxBytes", figures.maxBytes());
        json.writeBooleanField("full", figures.isFull());
    }

    /** The same document of a buffer whose agent does not run: what only an agent knows is not in it. */
    public static String stopped(String gateway, Stopped buffer) {
        return JsonText.write(json -> {
            head(json, gateway, false);
            json.writeObjectFieldStart("buffer");
            text(json, "epoch", buffer.epoch());
            json.writeNumberField("boot", buffer.boot());
            lanes(json, buffer.lanes());
            json.writeNumberField("keptEntries", buffer.keptEntries());
            json.writeNumberField("bytes", buffer.bytesOnDisk());
            json.writeNumberField("bytesOnDisk", buffer.bytesOnDisk());
            json.writeNumberField("maxBytes", buffer.maxBytes());
            json.writeNumberField("quarantined", buffer.quarantined());
            text(json, "lastError", buffer.fault());
            json.writeEndObject();
        });
    }

    private static void head(JsonGenerator json, String gateway, boolean isRunning) throws IOException {
        json.writeNumberField("v", 1);
        json.writeStringField("gw", gateway);
        json.writeNumberField("t", System.currentTimeMillis());
        json.writeBooleanField("running", isRunning);
    }

    private static void clock(JsonGenerator json, Clock clock) throws IOException {
        json.writeObjectFieldStart("clk");
        json.writeStringField("s", clock.state());
        if (clock.errorMs() != null) {
            json.writeNumberField("e", clock.errorMs());
        }
        json.writeEndObject();
    }

    private void buffer(JsonGenerator json, OutboxStatus status) throws IOException {
        lanes(json, status.lanes());
        json.writeNumberField("queued", status.queued());
        json.writeNumberField("tailBytes", status.tailBytes());
        json.writeNumberField("keptEntries", status.keptEntries());
        json.writeNumberField("bytes", status.bytesOnDisk());
        json.writeNumberField("bytesOnDisk", status.bytesOnDisk());
        json.writeNumberField("maxBytes", status.maxBytes());
        known(json, "hoursToFull", status.hoursToFull());
        known(json, "secondsToDrained", status.secondsToDrained());
        json.writeNumberField("accepted", status.accepted());
        json.writeNumberField("refused", status.refused());
        json.writeNumberField("lost", status.lost());
        json.writeNumberField("published", status.published());
        known(json, "recordsPerSecond", status.recordsPerSecond());
        known(json, "publishedPerSecond", status.publishedPerSecond());
        json.writeNumberField("commits", status.commits());
        if (status.commits() > 0) {
            known(json, "syncMaxMs", syncMax.with(status.syncMaxMs(), System.nanoTime()));
        }
        json.writeNumberField("quarantined", status.quarantined());
        json.writeBooleanField("full", status.full());
        text(json, "lastError", status.lastError());
    }

    private static void lanes(JsonGenerator json, Map<Urgency, LaneStatus> all) throws IOException {
        Map<Urgency, LaneStatus> lanes = new TreeMap<>(all);
        for (var lane : lanes.entrySet()) {
            json.writeNumberField(
                    "waiting-" + name(lane.getKey()), lane.getValue().waiting());
        }
        json.writeObjectFieldStart("lanes");
        for (var lane : lanes.entrySet()) {
            json.writeObjectFieldStart(name(lane.getKey()));
            json.writeNumberField("waiting", lane.getValue().waiting());
            json.writeNumberField("waitingBytes", lane.getValue().waitingBytes());
            if (lane.getValue().oldestMs() >= 0) {
                json.writeNumberField("oldestMs", lane.getValue().oldestMs());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static String name(Urgency urgency) {
        return urgency.name().toLowerCase(Locale.ROOT);
    }

    private static void uplink(JsonGenerator json, UplinkStatus status) throws IOException {
        json.writeBooleanField("connected", status.connected());
        text(json, "server", status.server());
        json.writeNumberField("inFlight", status.inFlight());
        if (status.window() > 0) {
            json.writeNumberField("window", status.window());
            json.writeNumberField("windowBytes", status.windowBytes());
        }
        json.writeNumberField("sent", status.sent());
        at(json, status.ackAgeMs());
        json.writeNumberField("refused", status.refused());
        json.writeNumberField("givenUp", status.givenUp());
        json.writeNumberField("reconnects", status.reconnects());
        json.writeBooleanField("nobodyListens", status.nobodyListens());
        known(json, "recordsPerS", status.recordsPerS());
        known(json, "bytesPerS", status.bytesPerS());
        json.writeStringField("replay", status.replay());
        json.writeStringField(
                "state", status.state().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        json.writeArrayFieldStart("held");
        for (UplinkStatus.Held held : status.held()) {
            held(json, held);
        }
        json.writeEndArray();
        json.writeBooleanField("retains", status.retains());
        json.writeNumberField("sessionsLost", status.sessionsLost());
        text(json, "lastError", status.lastError());
    }

    private static void held(JsonGenerator json, UplinkStatus.Held held) throws IOException {
        json.writeStartObject();
        json.writeStringField("topic", held.topic());
        if (held.reason() > 0) {
            json.writeStringField("reason", String.format("0x%02x", held.reason()));
        }
        json.writeNumberField("times", held.times());
        json.writeBooleanField("ends", held.ends());
        json.writeEndObject();
    }

    private static void device(JsonGenerator json, DeviceWorker worker) throws IOException {
        var counts = worker.tally();
        json.writeStartObject();
        json.writeStringField("dev", worker.settings().id());
        json.writeStringField("prof", worker.settings().profile().name());
        DeviceWorker.Status status = worker.status();
        json.writeStringField("s", status.state().wire());
        json.writeStringField("why", status.why());
        if (status.sinceMs() > 0) {
            json.writeNumberField("t", status.sinceMs());
        }
        json.writeNumberField("frames", counts.frames());
        json.writeNumberField("records", counts.records());
        at(json, worker.recordAgeMs());
        json.writeNumberField("skippedBytes", counts.skippedBytes());
        json.writeObjectFieldStart("bad");
        for (Map.Entry<String, Long> bad : new TreeMap<>(counts.bad()).entrySet()) {
            json.writeNumberField(bad.getKey(), bad.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /** By the clock of now, although that may have stood elsewhere then; nothing when it never was. */
    private static void at(JsonGenerator json, long ageMs) throws IOException {
        if (ageMs >= 0) {
            json.writeNumberField("last", System.currentTimeMillis() - ageMs);
        }
    }

    /** A figure with one or two digits behind the point; nothing when it is negative: not known. */
    private static void known(JsonGenerator json, String name, double figure) throws IOException {
        if (figure >= 0 && Double.isFinite(figure)) {
            json.writeNumberField(name, BigDecimal.valueOf(figure).setScale(2, RoundingMode.HALF_UP));
        }
    }

    private static void text(JsonGenerator json, String name, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeStringField(name, text);
        }
    }
}
