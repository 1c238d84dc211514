package org.wasla.gateway.bedside;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.imaging.Imaging.Told;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.observation.RecordJson.Patient;
import org.wasla.gateway.observation.Unnumbered;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Urgency;

/**
 * What imaging tells as records (design, sections 3 and 9): events of studies, results and waves of objects. Each scanner has
 * streams of its own, those of the device {@code dicom-<title>}. An examination follows its order, not a bed: it is a
 * patient's only where imaging has matched it. One thread but for {@link #devices}.
 */
final class ImagingRecords {
    /** Any caller may invent titles; streams are kept for ever. */
    private static final int STREAMS_MAX = 64;

    private final String gateway;
    private final Set<String> streams = ConcurrentHashMap.newKeySet();

    ImagingRecords(String gateway) {
        this.gateway = gateway;
    }

    /**
     * All of it in one go, so that it is kept together or not at all.
     *
     * @param registered the reference under which a registry knows the patient, or null
     */
    List<Draft> drafts(Told told, Clock clock, @Nullable String registered) {
        String device = device(told.caller());
        Envelope envelope =
                new Envelope(gateway, device, null, null, null, null, told.timeMs(), told.deviceTime(), clock);
        String ref = told.whose().ref();
        if (ref != null) {
            envelope = envelope.of(new Patient(ref, null, told.whose().how(), "F", registered));
        }
        List<Draft> drafts = new ArrayList<>();
        for (RecordBody body : told.bodies()) {
            Urgency urgency = body.kind().equals("wav") ? Urgency.WAVE : Urgency.RESULT;
            Unnumbered record = RecordJson.unnumbered(envelope, body);
            drafts.add(new Draft(device, body.kind(), urgency, told.timeMs(), record::numbered));
        }
        return drafts;
    }

    /** Whether it tells that a study is closed: its patient is known as surely as he will be. */
    static boolean isClosed(Told told) {
        return told.bodies().stream()
                .anyMatch(body ->
                        body instanceof RecordBody.Event event && event.name().equals("study-closed"));
    }

    /** The devices that told something in this run. */
    Set<String> devices() {
        return Set.copyOf(streams);
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
