package org.wasla.gateway.view;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.link.SerialSettings;
import org.wasla.gateway.bedside.Bedside;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.device.DeviceSettings;
import org.wasla.gateway.device.DeviceState;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.device.LineQuality;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Tally;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.OutboxStatus;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.seek.Finding;
import org.wasla.gateway.uplink.UplinkStatus;
import org.wasla.gateway.view.Assistant.State;
import org.wasla.gateway.view.LocalPage.Around;

/**
 * Writes the one JSON object that the page shows: what is not known is left out, never 0. Thread-safe; a look each second
 * or so is meant, since qualities are told from the last half minute of looks.
 */
final class PageView {
    private static final long WINDOW_NS = 30_000_000_000L;
    private static final Set<String> SELDOM = Set.of(Bedside.SCANNER_KIND);
    private static final String ANALYSER = "analyser";

    private final Around around;
    private final Screen screen;
    private final Assistant assistant;
    private final SerialPorts ports;
    private final Map<String, Deque<Mark>> marks = new HashMap<>();

    /** Counts of a line at one moment. */
    private record Mark(long atNs, Screen.Count bytes, Tally.Counts counts) {}

    PageView(Around around, Screen screen, Assistant assistant, SerialPorts ports) {
        this.around = around;
        this.screen = screen;
        this.assistant = assistant;
        this.ports = ports;
    }

    /** The device on a port; empty: it is free. */
    String device(Path port) {
        Path real = SerialPorts.real(port);
        for (DeviceWorker worker : around.devices().workers()) {
            if (isOn(worker.settings(), real)) {
                return worker.settings().id();
            }
        }
        for (Config.Device line : around.devices().config().further()) {
            if (line.link() instanceof SerialSettings serial
                    && SerialPorts.real(Path.of(serial.path())).equals(real)) {
                return line.id();
            }
        }
        return "";
    }

    private static boolean isOn(DeviceSettings settings, Path real) {
        return settings.link() instanceof SerialSettings serial
                && SerialPorts.real(Path.of(serial.path())).equals(real);
    }

    synchronized String json() {
        long nowNs = System.nanoTime();
        return JsonText.write(json -> {
            json.writeNumberField("t", System.currentTimeMillis());
            json.writeStringField("gw", around.config().gateway().id());
            json.writeStringField("site", around.config().gateway().site());
            json.writeStringField("zone", around.config().gateway().zone().getId());
            text(json, "words", around.words().get());
            clock(json, around.clock().get());
            buffer(json, around.outbox().status(), !around.outbox().isDurable());
            uplink(json, around.uplink().status());
            json.writeArrayFieldStart("devices");
            for (DeviceWorker worker : around.devices().workers()) {
                device(json, worker, nowNs);
            }
            json.writeEndArray();
            ports(json);
            setup(json, assistant.state());
        });
    }

    private static void clock(JsonGenerator json, Clock clock) throws IOException {
        json.writeObjectFieldStart("clock");
        json.writeStringField("s", clock.state());
        if (clock.errorMs() != null) {
            json.writeNumberField("e", clock.errorMs());
        }
        json.writeEndObject();
    }

    private static void buffer(JsonGenerator json, OutboxStatus status, boolean isVolatile) throws IOException {
        json.writeObjectFieldStart("buffer");
        json.writeNumberField(
                "waiting",
                status.waiting().values().stream().mapToLong(Long::longValue).sum());
        json.writeNumberField("bytes", status.bytesOnDisk());
        json.writeNumberField("max", status.maxBytes());
        long oldest = status.lanes().values().stream()
                .mapToLong(OutboxStatus.LaneStatus::oldestMs)
                .max()
                .orElse(-1);
        if (oldest >= 0) {
            json.writeNumberField("oldest", oldest);
        }
        if (status.hoursToFull() >= 0 && Double.isFinite(status.hoursToFull())) {
            json.writeNumberField(
                    "hours", BigDecimal.valueOf(status.hoursToFull()).setScale(1, RoundingMode.DOWN));
        }
        json.writeBooleanField("full", status.full());
        json.writeBooleanField("volatile", isVolatile);
        text(json, "error", status.lastError());
        json.writeEndObject();
    }

    private static void uplink(JsonGenerator json, UplinkStatus status) throws IOException {
        json.writeObjectFieldStart("uplink");
        json.writeBooleanField("connected", status.connected());
        text(json, "server", status.server());
        json.writeStringField(
                "state", status.state().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        text(json, "error", status.connected() ? null : status.lastError());
        json.writeEndObject();
    }

    private void device(JsonGenerator json, DeviceWorker worker, long nowNs) throws IOException {
        DeviceSettings settings = worker.settings();
        DeviceWorker.Status status = worker.status();
        Tally.Counts counts = worker.tally();
        json.writeStartObject();
        json.writeStringField("id", settings.id());
        text(json, "loc", settings.location());
        profile(json, settings.profile());
        json.writeStringField("link", settings.link().text());
        if (settings.link() instanceof SerialSettings serial) {
            json.writeStringField("line", serial.line());
        }
        json.writeStringField("s", status.state().wire());
        json.writeNumberField("since", status.sinceMs());
        json.writeStringField("q", quality(worker, status, counts, nowNs).key());
        json.writeNumberField("frames", counts.frames());
        json.writeNumberField("skipped", counts.skippedBytes());
        json.writeNumberField("bytes", screen.count(settings.id()).bytes());
        json.writeArrayFieldStart("shown");
        Set<String> shown = new LinkedHashSet<>(List.of(settings.id()));
        settings.parts().values().forEach(part -> shown.add(part.id()));
        shown.addAll(screen.devices(settings.id()));
        for (String each : shown) {
            ScreenJson.write(
                    json,
                    each,
                    screen.look(each),
                    around.bedside().patient(each, System.currentTimeMillis()),
                    around.alarms().open(each));
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void profile(JsonGenerator json, Profile profile) throws IOException {
        json.writeStringField("prof", profile.id());
        json.writeStringField("maker", String.join(", ", profile.device().makers()));
        json.writeStringField("model", String.join(", ", profile.device().models()));
        json.writeStringField("kind", profile.device().kind());
        json.writeStringField("trust", profile.trust().wire());
    }

    private LineQuality quality(DeviceWorker worker, DeviceWorker.Status status, Tally.Counts counts, long nowNs) {
        DeviceSettings settings = worker.settings();
        Deque<Mark> seen = marks.computeIfAbsent(settings.id(), id -> new ArrayDeque<>());
        Screen.Count bytes = screen.count(settings.id());
        seen.addLast(new Mark(nowNs, bytes, counts));
        while (seen.size() > 2 && nowNs - seen.getFirst().atNs() > WINDOW_NS) {
            seen.removeFirst();
        }
        Mark first = seen.size() == 1
                ? new Mark(nowNs, Screen.Count.NONE, new Tally.Counts(0, Map.of(), 0, 0))
                : seen.getFirst();
        LineQuality.Heard heard = new LineQuality.Heard(
                bytes.bytes() - first.bytes().bytes(),
                bytes.text() - first.bytes().text(),
                bytes.flat() - first.bytes().flat(),
                counts.frames() - first.counts().frames(),
                counts.skippedBytes() - first.counts().skippedBytes(),
                failed(counts) - failed(first.counts()));
        boolean isSerial = settings.link() instanceof SerialSettings;
        boolean isThere = !(settings.link() instanceof SerialSettings serial) || Files.exists(Path.of(serial.path()));
        String kind = settings.profile().device().kind();
        boolean isSeldom = SELDOM.contains(kind) || kind.contains(ANALYSER);
        boolean isStarting = status.state() == DeviceState.FAULT && status.sinceMs() == 0;
        return LineQuality.of(status.state(), isStarting, new LineQuality.Line(!isSerial, isThere, isSeldom), heard);
    }

    private static long failed(Tally.Counts counts) {
        return counts.bad().getOrDefault(Fault.CHECKSUM.counter(), 0L);
    }

    private void ports(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("ports");
        for (Path port : ports.list()) {
            json.writeStartObject();
            json.writeStringField("path", port.toString());
            String device = device(port);
            text(json, "dev", device.isEmpty() ? null : device);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void setup(JsonGenerator json, State state) throws IOException {
        json.writeObjectFieldStart("setup");
        json.writeStringField("phase", state.phase().name().toLowerCase(Locale.ROOT));
        json.writeStringField("port", state.port());
        text(json, "told", state.told().isEmpty() ? null : state.told());
        text(json, "error", state.error().isEmpty() ? null : state.error());
        text(json, "profile", state.profile().isEmpty() ? null : state.profile());
        json.writeArrayFieldStart("found");
        for (Finding finding : state.found()) {
            json.writeStartObject();
            profile(json, finding.candidate().profile());
            json.writeNumberField("confidence", finding.confidence());
            json.writeStringField("link", finding.link());
            json.writeStringField("why", finding.candidate().why());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeBooleanField("file", assistant.hasCapture());
        TryOut tryOut = assistant.tryOut();
        if (tryOut != null) {
            json.writeStringField("q", tryOut.quality().key());
            json.writeArrayFieldStart("shown");
            for (String each : new ArrayList<>(tryOut.screen().devices(TryOut.DEVICE))) {
                ScreenJson.write(json, each, tryOut.screen().look(each), null, null);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String name, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeStringField(name, text);
        }
    }
}
