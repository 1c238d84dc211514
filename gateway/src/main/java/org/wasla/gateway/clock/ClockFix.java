package org.wasla.gateway.clock;

import java.util.Map;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Urgency;

/**
 * The event {@code clock-fix} (design, section 3, kind {@code evt}): the gateway's clock was set. It belongs to the
 * gateway itself, whose id stands in the place of the device's. Stateless.
 */
public final class ClockFix {

    private ClockFix() {}

    /** With {@code from} and {@code to}, UTC in ms, and the {@code step} between them, ms. */
    public static Draft draft(String gateway, ClockWatch.Step step, Clock clock) {
        Envelope envelope = new Envelope(gateway, gateway, null, null, null, null, step.toMs(), null, clock);
        RecordBody event =
                new RecordBody.Event("clock-fix", Map.of("from", step.fromMs(), "to", step.toMs(), "step", step.ms()));
        return new Draft(
                gateway,
                "evt",
                Urgency.RESULT,
                step.toMs(),
                (epoch, seq) -> RecordJson.write(envelope, event, epoch, seq));
    }
}
