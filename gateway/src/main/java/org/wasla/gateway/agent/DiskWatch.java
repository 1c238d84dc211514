package org.wasla.gateway.agent;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.Shelter;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.Urgency;

/**
 * Looks after the disk of the buffer: one that cannot be written any more ends the agent, which starts anew with its buffer
 * in memory ({@link Shelter}). It never goes back by itself: a card that fails comes and goes. One thread.
 */
final class DiskWatch {
    private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);
    /** A disk that is busy, or that somebody mounts anew, must not cost a restart. */
    private static final int SECONDS = 10;

    private final Config config;
    private final Outbox outbox;
    private final Supplier<Clock> clock;
    private int seconds;

    DiskWatch(Config config, Outbox outbox, Supplier<Clock> clock) {
        this.config = config;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Tells whoever reads the stream that this epoch does not survive a power cut. */
    void start() {
        if (outbox.isDurable()) {
            return;
        }
        String gateway = config.gateway().id();
        long nowMs = System.currentTimeMillis();
        Envelope envelope = new Envelope(gateway, gateway, null, null, null, null, nowMs, null, clock.get());
        Map<String, Object> fields =
                Map.of("why", "disk", "max", config.buffer().memoryBytes());
        RecordBody event = new RecordBody.Event("buffer-volatile", fields);
        try {
            outbox.offer(List.of(new Draft(
                    gateway,
                    "evt",
                    Urgency.RESULT,
                    nowMs,
                    (epoch, seq) -> RecordJson.write(envelope, event, epoch, seq))));
        } catch (IOException refused) {
            LOG.warn("buffer in memory, not told as an event cause=\"{}\"", refused.getMessage());
        }
    }

    /** Once a second. @return whether the agent is to end now, to be started anew */
    boolean isLost() {
        String fault = outbox.isDurable() && outbox.isStuck()
                ? Shelter.fault(config.buffer().dir())
                : "";
        seconds = fault.isEmpty() ? 0 : seconds + 1;
        if (seconds == SECONDS) {
            LOG.error(
                    "buffer disk cannot be written any more, ending to start anew with the buffer in memory dir={}"
                            + " cause=\"{}\"",
                    config.buffer().dir(),
                    fault);
        }
        return seconds >= SECONDS;
    }
}
