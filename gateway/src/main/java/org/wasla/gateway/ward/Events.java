package org.wasla.gateway.ward;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordBody.Event.Range;
import org.wasla.gateway.observation.RecordBody.Event.Ranges;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.patient.Association;
import org.wasla.gateway.patient.Correction;
import org.wasla.gateway.patient.Verdict;

/** Writes what is published of associations: events, and the last value of each device. Thread-safe. */
final class Events {
    private volatile WardSettings settings;
    private final Supplier<Clock> clock;
    private final References references;

    /** Knows under which reference a registry has a pseudonym, null: under none. */
    @FunctionalInterface
    interface References {
        @Nullable
        String of(String ref);
    }

    Events(WardSettings settings, Supplier<Clock> clock, References references) {
        this.settings = settings;
        this.clock = clock;
        this.references = references;
    }

    /** The same site with other devices. */
    void follow(WardSettings next) {
        settings = next;
    }

    /** The event {@code association}: one version. */
    Draft association(Association of, long nowMs) {
        Map<String, Object> fields = new HashMap<>();
        fields.put("as", of.id());
        fields.put("ref", of.ref());
        fields.put("st", of.state().name());
        fields.put("how", of.how().wire());
        fields.put("src", of.source().wire());
        fields.put("from", of.beginMs());
        if (of.endMs() != Association.OPEN) {
            fields.put("to", of.endMs());
        }
        if (of.who() != null) {
            fields.put("who", of.who());
        }
        fields.put("rec", of.recordedMs());
        return draft(of.device(), "association", fields, nowMs);
    }

    /** The event {@code association-corrected}: a time that was published as another's. */
    Draft corrected(Correction of, List<Range> numbers, long nowMs) {
        Map<String, Object> fields = new HashMap<>();
        fields.put("from", of.fromMs());
        fields.put("to", of.toMs());
        fields.put("nums", new Ranges(numbers));
        Association by = of.now().by();
        if (by != null) {
            fields.put("as", by.id());
            fields.put("ref", by.ref());
            fields.put("how", by.how().wire());
            fields.put("st", by.state().name());
            String reference = references.of(by.ref());
            if (reference != null) {
                fields.put("reg", reference);
            }
        } else {
            fields.put("why", of.now().conflict() ? "conflict" : "nobody");
        }
        return draft(of.device(), "association-corrected", fields, nowMs);
    }

    /** The event {@code association-conflict}: from now on the values are nobody's since two patients are named. */
    Draft conflict(String device, Verdict verdict, long nowMs) {
        List<String> names = verdict.claims().stream().map(Association::id).toList();
        return draft(device, "association-conflict", Map.of("as", String.join(" ", names)), nowMs);
    }

    /** The event {@code patient-merged} of the gateway itself: two pseudonyms are one patient. */
    Draft merged(String from, String into, long nowMs) {
        return draft(settings.gateway(), "patient-merged", Map.of("was", from, "ref", into), nowMs);
    }

    /** An event of a device, or of the gateway itself. */
    Draft draft(String device, String name, Map<String, Object> fields, long nowMs) {
        @Nullable String location = settings.location(device);
        Envelope envelope =
                new Envelope(settings.gateway(), device, location, null, null, null, nowMs, null, clock.get());
        RecordBody event = new RecordBody.Event(name, fields);
        return new Draft(
                device, "evt", Urgency.RESULT, nowMs, (epoch, seq) -> RecordJson.write(envelope, event, epoch, seq));
    }

    /**
     * The last value of a device's topic {@code association}: {@code s} is {@code on} when its values are a patient's,
     * {@code conflict}, {@code asserted} when somebody is named and nobody vouches for it, else {@code none}.
     */
    String board(String device, Verdict verdict, boolean isContested, long nowMs) {
        boolean conflict = verdict.conflict() || verdict.by() == null && isContested;
        String named = verdict.claims().isEmpty() ? "none" : "asserted";
        String state = verdict.by() != null ? "on" : conflict ? "conflict" : named;
        return JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeStringField("gw", settings.gateway());
            json.writeStringField("dev", device);
            json.writeNumberField("t", nowMs);
            json.writeStringField("s", state);
            json.writeArrayFieldStart("as");
            for (Association each : verdict.claims()) {
                json.writeStartObject();
                json.writeStringField("as", each.id());
                json.writeStringField("ref", each.ref());
                json.writeStringField("st", each.state().name());
                json.writeStringField("how", each.how().wire());
                json.writeStringField("src", each.source().wire());
                json.writeNumberField("from", each.beginMs());
                String reference = references.of(each.ref());
                if (reference != null) {
                    json.writeStringField("reg", reference);
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
