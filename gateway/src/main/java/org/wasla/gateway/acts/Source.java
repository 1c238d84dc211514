package org.wasla.gateway.acts;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.RecordBody.Event.Range;
import org.wasla.gateway.observation.RecordJson.Patient;
import org.wasla.gateway.render.Tree;

/** A record as acts look at it. Immutable. */
record Source(String gateway, String epoch, String device, String kind, long seq, long timeMs, Tree body) {
    private static final int DATE_AND_MINUTE = 16;

    /** @return null for what is no record of ours */
    static @Nullable Source of(Tree body) {
        try {
            return new Source(
                    body.text("gw"),
                    body.text("ep"),
                    body.text("dev"),
                    body.text("k"),
                    body.whole("seq"),
                    body.whole("t"),
                    body);
        } catch (NumberFormatException noRecord) {
            return null;
        }
    }

    String id() {
        return gateway + '.' + epoch + '.' + device + '.' + kind + '.' + seq;
    }

    /** Id of the profile that read it, without its version. */
    String profile() {
        return body.text("prof").split("@", 2)[0];
    }

    Range range(long from) {
        return new Range(device + '.' + kind, from, seq);
    }

    @Nullable
    Patient patient() {
        return patient(body);
    }

    /** The {@code pat} of an object. */
    static @Nullable Patient patient(Tree object) {
        Tree of = object.tree("pat");
        return of == null ? null : new Patient(of.text("ref"), of.get("as"), of.text("how"), of.text("st"));
    }

    /** @param deviceTime of what it is about, or null */
    Act.Origin origin(@Nullable String deviceTime) {
        return new Act.Origin(
                device,
                body.get("loc"),
                body.get("prof"),
                body.get("ph"),
                deviceTime == null || deviceTime.length() < DATE_AND_MINUTE ? null : deviceTime,
                patient());
    }

    /** The fields of this record or a part of it that are there, under the same names. */
    static Map<String, String> facts(Tree of, String... names) {
        Map<String, String> facts = new HashMap<>();
        for (String name : names) {
            String text = of.text(name);
            if (!text.isEmpty()) {
                facts.put(name, text);
            }
        }
        return facts;
    }
}
