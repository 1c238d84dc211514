package org.wasla.gateway.agent;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.wasla.gateway.imaging.Imaging.StudyFigures;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Urgency;

/**
 * Studies as events (design, section 3, kind {@code evt}): {@code study-opened}, {@code study-progress}, {@code
 * study-closed}. Each scanner has a stream of its own, {@code dicom-<title>}. One thread.
 */
final class StudyEvents {
    /** Any caller may invent titles; streams are kept for ever. */
    private static final int STREAMS_MAX = 64;

    private final String gateway;
    private final Set<String> streams = new HashSet<>();

    StudyEvents(String gateway) {
        this.gateway = gateway;
    }

    Draft draft(String event, String caller, StudyFigures figures, Clock clock) {
        long nowMs = System.currentTimeMillis();
        String device = device(caller);
        Envelope envelope = new Envelope(gateway, device, null, null, null, null, nowMs, null, clock);
        RecordBody body = new RecordBody.Event(
                event,
                Map.of(
                        "study", figures.study(),
                        "series", figures.series(),
                        "instances", figures.instances(),
                        "bytes", figures.bytes(),
                        "ae", caller));
        return new Draft(
                device, "evt", Urgency.RESULT, nowMs, (epoch, seq) -> RecordJson.write(envelope, body, epoch, seq));
    }

    private String device(String caller) {
        String name =
                caller.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        String device = name.isEmpty() ? "dicom" : "dicom-" + name;
        if (streams.size() >= STREAMS_MAX && !streams.contains(device)) {
            return "dicom";
        }
        streams.add(device);
        return device;
    }
}
