package org.wasla.gateway.ward;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.identity.Seal;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.observation.RecordBody.Event.Range;
import org.wasla.gateway.observation.RecordBody.Event.Ranges;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.patient.Association;
import org.wasla.gateway.patient.Attributed;
import org.wasla.gateway.patient.Inquiry;
import org.wasla.gateway.patient.PatientId;

/**
 * Writes what a registry is told and asked, and what its answers change. Thread-safe. Numbers stand in it sealed or not at
 * all.
 */
final class RegistryEvents {
    /** The kind of a question, and the last level of its topic. */
    static final String LOOKUP = "lookup";

    private final RegistrySettings settings;
    private final String gateway;
    private final Events events;

    RegistryEvents(RegistrySettings settings, String gateway, Events events) {
        this.settings = settings;
        this.gateway = gateway;
        this.events = events;
    }

    /** The event {@code identity-claim}: one version of an association, as a statement about a number. */
    Draft claim(Association of, List<PatientId> ids, long nowMs) {
        Map<String, Object> fields = new HashMap<>(whose(of.ref(), ids));
        fields.put("as", of.id());
        fields.put("how", of.how().wire());
        fields.put("src", of.source().wire());
        fields.put("st", of.state().name());
        fields.put("from", of.beginMs());
        if (of.endMs() != Association.OPEN) {
            fields.put("to", of.endMs());
        }
        fields.put("rec", of.recordedMs());
        return events.draft(of.device(), "identity-claim", fields, nowMs);
    }

    /** The same of a number that came with an order or an examination. */
    Draft claim(String device, String ref, String how, @Nullable String specimen, List<PatientId> ids, long nowMs) {
        Map<String, Object> fields = new HashMap<>(whose(ref, ids));
        fields.put("how", how);
        fields.put("src", how.equals("patient-id") ? "device" : "order");
        fields.put("st", "F");
        fields.put("from", nowMs);
        fields.put("rec", nowMs);
        if (specimen != null) {
            fields.put("sp", specimen);
        }
        return events.draft(device, "identity-claim", fields, nowMs);
    }

    private Map<String, Object> whose(String ref, List<PatientId> ids) {
        Map<String, Object> fields = new HashMap<>();
        fields.put("ref", ref);
        if (ids.isEmpty()) {
            return fields;
        }
        String authority = ids.get(0).authority();
        if (settings.authorities().contains(authority)) {
            fields.put("auth", authority);
        }
        Seal seal = settings.seal();
        if (seal != null) {
            fields.put("sealed", seal.seal(clear(ids), ref));
        }
        return fields;
    }

    private static String clear(List<PatientId> ids) {
        return JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeArrayFieldStart("ids");
            for (PatientId id : ids) {
                json.writeStartObject();
                json.writeStringField("id", id.value());
                if (!id.authority().isEmpty()) {
                    json.writeStringField("auth", id.authority());
                }
                if (!id.type().isEmpty()) {
                    json.writeStringField("typ", id.type());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /** @param newest what is known of it, or null */
    Draft lookup(Inquiry of, @Nullable Association newest, List<PatientId> ids, long nowMs) {
        Map<String, Object> whose = whose(of.ref(), ids);
        String text = JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeStringField("gw", gateway);
            json.writeStringField("rq", of.request());
            json.writeNumberField("n", of.asked());
            json.writeNumberField("t", nowMs);
            for (String field : List.of("ref", "auth", "sealed")) {
                if (whose.containsKey(field)) {
                    json.writeStringField(field, String.valueOf(whose.get(field)));
                }
            }
            if (newest != null) {
                json.writeStringField("how", newest.how().wire());
                json.writeStringField("src", newest.source().wire());
                json.writeStringField("st", newest.state().name());
            }
        });
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        return new Draft(gateway, LOOKUP, Urgency.RESULT, nowMs, (epoch, seq) -> payload);
    }

    /** The event {@code rebind} of one time of one device. */
    Draft rebind(Inquiry of, Attributed time, List<Range> numbers, long nowMs) {
        Map<String, Object> fields = rebound(of, numbers);
        fields.put("from", time.fromMs());
        fields.put("to", time.toMs());
        return events.draft(time.device(), "rebind", fields, nowMs);
    }

    /** The same of a pseudonym of which no device's time is remembered. */
    Draft rebind(Inquiry of, long nowMs) {
        return events.draft(gateway, "rebind", rebound(of, List.of()), nowMs);
    }

    private static Map<String, Object> rebound(Inquiry of, List<Range> numbers) {
        Map<String, Object> fields = new HashMap<>();
        fields.put("ref", of.ref());
        if (of.told() != null) {
            fields.put("was", of.told());
        }
        if (of.reg() != null) {
            fields.put("now", of.reg());
        }
        fields.put("by", "registry");
        fields.put("why", of.why());
        fields.put("rq", of.request());
        fields.put("rev", of.rev());
        fields.put("nums", new Ranges(numbers));
        return fields;
    }
}
