package org.wasla.gateway.device;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Urgency;

/**
 * The event that says which numbers of a stream will never come (design, section 3, kind {@code evt}). Immutable.
 *
 * @param of the stream, as {@code device.kind}
 * @param from its first missing number
 * @param to its last
 * @param why quota, damage, overrun or refused
 */
public record GapRecord(String of, long from, long to, String why) {

    /** The record as a draft of the device's own events. */
    public Draft draft(String gateway, String device, @Nullable String location, Clock clock) {
        long nowMs = System.currentTimeMillis();
        Envelope envelope = new Envelope(gateway, device, location, null, null, null, nowMs, null, clock);
        RecordBody event = new RecordBody.Event("gap", Map.of("of", of, "from", from, "to", to, "why", why));
        return new Draft(
                device, "evt", Urgency.RESULT, nowMs, (epoch, seq) -> RecordJson.write(envelope, event, epoch, seq));
    }
}
