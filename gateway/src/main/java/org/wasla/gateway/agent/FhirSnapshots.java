package org.wasla.gateway.agent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.render.Fhir;

/**
 * FHIR bundles for the shared record, on each device's topic {@code fhir}: the newest values at most once in a while and
 * with each alarm, every result and every closed study. They are made of what is durable, and leave through the buffer as
 * records do. One thread, the keeper's.
 *
 * <p>After a start the newest results are rendered again: a crash may have come between a result and its bundle, and a
 * server keeps each once.
 */
final class FhirSnapshots {
    /** The stream's kind, and the last level of its topic. */
    static final String KIND = "fhir";

    static final int AGAIN_MAX = 100;
    private static final Logger LOG = LoggerFactory.getLogger(FhirSnapshots.class);
    private static final int READ_MAX = 100;
    private final Outbox outbox;
    private final long everyMs;
    private final Map<String, Fhir.Source> sources = new HashMap<>();
    private final Map<String, Far> devices = new HashMap<>();

    /** How far one device's streams have been rendered. */
    private static final class Far {
        private long observation;
        private long alarm;
        private long result;
        private long event;
        private long lastMs;
    }

    /** @param everyMs how often values are told, when they are new */
    FhirSnapshots(Outbox outbox, long everyMs) {
        this.outbox = outbox;
        this.everyMs = everyMs;
    }

    /** From now on the device's records are rendered too. */
    void add(String device, Fhir.Source source) {
        if (sources.putIfAbsent(device, source) == null) {
            Far far = new Far();
            far.observation = outbox.lastNumber(device, "obs");
            far.alarm = outbox.lastNumber(device, "alarm");
            far.result = Math.max(0, outbox.lastNumber(device, "res") - AGAIN_MAX);
            far.event = Math.max(0, outbox.lastNumber(device, "evt") - AGAIN_MAX);
            devices.put(device, far);
        }
    }

    /** To be called every second or so. What the buffer refuses is tried again by the next call. */
    void tick(long nowMs) {
        devices.forEach((device, far) -> {
            try {
                values(device, far, nowMs);
                far.result = all(device, "res", far.result, nowMs);
                far.event = all(device, "evt", far.event, nowMs);
            } catch (IOException notNow) {
                LOG.debug("device={} not rendered cause=\"{}\"", device, notNow.getMessage());
            }
        });
    }

    private void values(String device, Far far, long nowMs) throws IOException {
        long newest = outbox.lastNumber(device, "obs");
        long alarm = outbox.lastNumber(device, "alarm");
        boolean isDue = nowMs - far.lastMs >= everyMs || alarm > far.alarm;
        if (newest > far.observation && isDue) {
            render(device, outbox.stream(device, "obs", newest, newest, 1), nowMs);
            far.observation = newest;
            far.lastMs = nowMs;
        }
        far.alarm = alarm;
    }

    /** @return how far it came */
    private long all(String device, String kind, long from, long nowMs) throws IOException {
        long newest = outbox.lastNumber(device, kind);
        long to = Math.min(newest, from + READ_MAX);
        if (to > from) {
            render(device, outbox.stream(device, kind, from + 1, to, READ_MAX), nowMs);
        }
        return to;
    }

    private void render(String device, List<Entry> entries, long nowMs) throws IOException {
        Fhir.Source source = sources.getOrDefault(device, new Fhir.Source("", ""));
        List<Draft> drafts = new ArrayList<>();
        for (Entry entry : entries) {
            byte[] bundle = Fhir.bundle(entry.payload(), source);
            if (bundle != null) {
                drafts.add(new Draft(device, KIND, Urgency.OBSERVATION, nowMs, (epoch, seq) -> bundle));
            }
        }
        outbox.append(drafts);
    }
}
