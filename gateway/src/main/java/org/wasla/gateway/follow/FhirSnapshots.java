package org.wasla.gateway.follow;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.config.FhirReader;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.render.Fhir;

/**
 * FHIR bundles for the shared record, on each device's topic {@code fhir}: the newest values at most once in a while and
 * with each alarm, where it is wanted with the last seconds of each wave, every result and every closed study. They are made of what is durable, and leave through the buffer as
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
    private static final int WAVES_MAX = 1_000;
    /** Records are dated at their end, and come unevenly. */
    private static final long WAVE_SLACK_MS = 2_000;

    private static final List<String> KINDS = List.of("obs", "wav", "alarm", "res", "evt");
    private final Outbox outbox;
    private final FhirReader.Rates rates;
    private final Map<String, Fhir.Source> sources = new HashMap<>();
    private final Map<String, Fhir.Source> ports = new HashMap<>();
    /** Whose records the buffer held when we began. */
    private final Set<String> before = new HashSet<>();

    private final Map<String, Far> devices = new HashMap<>();

    /** How far one device's streams have been rendered. */
    private static final class Far {
        private long observation;
        private long wave;
        private long alarm;
        private long result;
        private long event;
        private long lastMs;
    }

    FhirSnapshots(Outbox outbox, FhirReader.Rates rates) {
        this.outbox = outbox;
        this.rates = rates;
        KINDS.forEach(kind -> before.addAll(outbox.devices(kind)));
    }

    /** From now on the records of the device on this port are rendered too, and those of its parts, known or still to come. */
    void addPort(String device, Fhir.Source source) {
        ports.put(device, source);
        add(device, source);
    }

    /** What a port told of for the first time is all new; what the buffer knew before us goes on where it was. */
    private void discover() {
        for (String kind : KINDS) {
            for (String device : outbox.devices(kind)) {
                Fhir.Source source = sources.containsKey(device) ? null : portOf(device);
                if (source != null && before.contains(device)) {
                    add(device, source);
                } else if (source != null) {
                    sources.put(device, source);
                    devices.put(device, new Far());
                }
            }
        }
    }

    /** Null when no port of ours has such a part; of several whose name it begins with the longest. */
    private Fhir.@Nullable Source portOf(String part) {
        for (int end = part.lastIndexOf('-'); end > 0; end = part.lastIndexOf('-', end - 1)) {
            Fhir.Source source = ports.get(part.substring(0, end));
            if (source != null) {
                return source;
            }
        }
        return null;
    }

    /** From now on the device's records are rendered too. */
    void add(String device, Fhir.Source source) {
        if (sources.putIfAbsent(device, source) == null) {
            Far far = new Far();
            far.observation = outbox.lastNumber(device, "obs");
            far.wave = outbox.lastNumber(device, "wav");
            far.alarm = outbox.lastNumber(device, "alarm");
            far.result = Math.max(0, outbox.lastNumber(device, "res") - AGAIN_MAX);
            far.event = Math.max(0, outbox.lastNumber(device, "evt") - AGAIN_MAX);
            devices.put(device, far);
        }
    }

    /** To be called every second or so. What the buffer refuses is tried again by the next call. */
    void tick(long nowMs) {
        discover();
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
        boolean isDue = nowMs - far.lastMs >= rates.everyMs() || alarm > far.alarm;
        if (newest > far.observation && isDue) {
            render(device, outbox.stream(device, "obs", newest, newest, 1), nowMs);
            far.observation = newest;
            far.lastMs = nowMs;
        }
        if (rates.waveSeconds() > 0 && isDue) {
            waves(device, far, nowMs);
        }
        far.alarm = alarm;
    }

    /** What is too short for an excerpt waits for more. */
    private void waves(String device, Far far, long nowMs) throws IOException {
        long newest = outbox.lastNumber(device, "wav");
        if (newest <= far.wave) {
            return;
        }
        List<byte[]> records =
                newestWaves(device, newest).stream().map(Entry::payload).toList();
        List<byte[]> bundles = Fhir.waves(records, rates.waveSeconds(), far.wave, source(device));
        if (!bundles.isEmpty()) {
            outbox.keep(
                    bundles.stream().map(bundle -> draft(device, bundle, nowMs)).toList());
            far.wave = newest;
            far.lastMs = nowMs;
        }
    }

    /** In their order, as far back as an excerpt may reach; read from the end, for nobody knows how many that are. */
    private List<Entry> newestWaves(String device, long newest) throws IOException {
        List<Entry> found = new ArrayList<>();
        long reachMs = 1_000L * rates.waveSeconds() + WAVE_SLACK_MS;
        long to = newest;
        while (to > 0 && found.size() < WAVES_MAX) {
            List<Entry> before = outbox.stream(device, "wav", Math.max(1, to - READ_MAX + 1), to, READ_MAX);
            found.addAll(0, before);
            boolean isFar = before.isEmpty()
                    || found.get(found.size() - 1).timeMs() - found.get(0).timeMs() > reachMs;
            to = isFar ? 0 : found.get(0).seq() - 1;
        }
        return found;
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
        List<Draft> drafts = new ArrayList<>();
        for (Entry entry : entries) {
            byte[] bundle = Fhir.bundle(entry.payload(), source(device));
            if (bundle != null) {
                drafts.add(draft(device, bundle, nowMs));
            }
        }
        outbox.keep(drafts);
    }

    private Fhir.Source source(String device) {
        return sources.getOrDefault(device, new Fhir.Source("", ""));
    }

    private static Draft draft(String device, byte[] bundle, long nowMs) {
        return new Draft(device, KIND, Urgency.OBSERVATION, nowMs, (epoch, seq) -> bundle);
    }
}
