package org.wasla.gateway.state;

import java.util.List;
import org.wasla.gateway.config.Why;
import org.wasla.gateway.observation.JsonText;

/**
 * What became of a state, as {@code cfg/reported} says it. Immutable.
 *
 * @param revision of the state, 0 when it could not be read
 * @param hash of the state, empty when there is none
 * @param outcome applied, trial, refused or reverted
 * @param by who changed it on the box, {@code local:NAME}; empty: it came from outside
 * @param timeMs UTC
 * @param isSure whether the clock was confirmed then
 */
record StateReport(long revision, String hash, String outcome, String by, long timeMs, boolean isSure, List<Why> why) {
    private static final int WHY_MAX = 50;

    StateReport {
        why = List.copyOf(why);
    }

    /**
     * @param had the highest revision that the box ever had
     * @param inForce hash of the state that it is in
     * @param proof of the highest revision, empty when there is none
     */
    String json(long had, String inForce, String proof) {
        return JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeNumberField("rev", revision);
            json.writeStringField("hash", hash);
            json.writeStringField("s", outcome);
            json.writeNumberField("t", timeMs);
            JsonText.unsure(json, isSure);
            if (!by.isEmpty()) {
                json.writeBooleanField("local", true);
                json.writeStringField("by", by);
            }
            json.writeObjectFieldStart("on");
            json.writeNumberField("rev", had);
            json.writeStringField("hash", inForce);
            json.writeEndObject();
            if (!proof.isEmpty()) {
                json.writeStringField("proof", proof);
            }
            json.writeArrayFieldStart("why");
            for (Why each : why.subList(0, Math.min(WHY_MAX, why.size()))) {
                json.writeStartObject();
                json.writeStringField("at", each.at());
                json.writeStringField("what", each.what());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
