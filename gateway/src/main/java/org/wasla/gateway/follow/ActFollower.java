package org.wasla.gateway.follow;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.acts.Act;
import org.wasla.gateway.acts.ActRules;
import org.wasla.gateway.acts.Acts;
import org.wasla.gateway.config.ActsReader;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.observation.Unnumbered;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.Urgency;

/**
 * Follows what the buffer takes, and puts the acts that it shows into the buffer too, as events {@code act} of their device.
 * What was told is known again after a crash from the state on disk and the events behind it; see {@link Acts}. Thread-safe;
 * the keeper calls.
 */
final class ActFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ActFollower.class);
    private static final int READ_MAX = 100;
    private static final int ACTS_MAX = 200;
    private static final long KEPT_EVERY_NS = 600_000_000_000L;
    /** So many records at most are taken again after a crash. */
    private static final long KEPT_EVERY_RECORDS = 2_000;
    /** How far events of acts were looked through stands beside how far other records were. */
    private static final String TOLD = "act";

    private static final String IMAGING = "dicom";
    private Config config;
    private ActRules rules;
    private final Outbox outbox;
    private final Supplier<Clock> clock;
    private final ActFile file;
    private @Nullable Acts acts;
    private long records;
    private long keptNs;
    private long failures;
    private long passedOver;
    private boolean isClosed;

    ActFollower(Config config, ActRules rules, Outbox outbox, Supplier<Clock> clock) {
        this.config = config;
        this.rules = rules;
        this.outbox = outbox;
        this.clock = clock;
        this.file = new ActFile(outbox.directory(), outbox.safe("acts"));
    }

    /**
     * To be called every second or so. What the buffer refuses is found again by the next call.
     *
     * @param nowNs monotonic
     */
    synchronized void tick(long nowNs) {
        if (isClosed) {
            return;
        }
        try {
            Acts current = opened(nowNs);
            follow(current, nowNs);
            keep(current.tick(nowNs));
            boolean isDue = records >= KEPT_EVERY_RECORDS || records > 0 && nowNs - keptNs > KEPT_EVERY_NS;
            if (isDue) {
                save(current, nowNs);
            }
            failures = 0;
        } catch (IOException notNow) {
            // What was kept of it or not is read again.
            acts = null;
            failures++;
            if (Long.bitCount(failures) == 1) {
                LOG.warn("acts wait times={} cause=\"{}\"", failures, notNow.getMessage());
            }
        }
    }

    /** Devices have come or gone: what was taken so far is noted, and goes on under the rules of those of now. */
    synchronized void devices(Config now) {
        if (acts != null) {
            try {
                save(acts, System.nanoTime());
            } catch (IOException later) {
                LOG.warn("acts not noted; read again from the last note cause=\"{}\"", later.getMessage());
            }
        }
        acts = null;
        config = now;
        rules = rules.of(ActsReader.known(now.devices()));
    }

    /** The wall clock was set. */
    synchronized void stepped(long ms) {
        if (acts != null) {
            acts.stepped(ms);
        }
    }

    /** Takes what came until now and keeps the state; what is under way goes on with the next start. */
    @Override
    public synchronized void close() {
        long nowNs = System.nanoTime();
        tick(nowNs);
        isClosed = true;
        try {
            if (acts != null && records > 0) {
                save(acts, nowNs);
            }
        } catch (IOException later) {
            LOG.warn("acts not noted; found again at the next start cause=\"{}\"", later.getMessage());
        }
    }

    private Acts opened(long nowNs) throws IOException {
        Acts known = acts;
        if (known == null) {
            known = open(nowNs);
            acts = known;
        }
        return known;
    }

    private Acts open(long nowNs) throws IOException {
        Acts known;
        try {
            byte[] state = file.read();
            known = state == null ? first() : Acts.read(state, rules, nowNs);
        } catch (IOException damaged) {
            LOG.error("acts begin anew: their state cannot be read and is set aside");
            file.setAside();
            known = first();
        }
        if (!known.epoch().equals(outbox.epoch())) {
            known.ofOtherBuffer(outbox.epoch());
        }
        for (String device : outbox.devices("evt")) {
            long last = outbox.lastNumber(device, "evt");
            for (long from = known.taken(device, TOLD) + 1; from <= last; from += READ_MAX) {
                long to = Math.min(last, from + READ_MAX - 1);
                for (Entry entry : outbox.stream(device, "evt", from, to, READ_MAX)) {
                    known.told(entry.payload());
                }
            }
        }
        keep(known.tick(nowNs));
        save(known, nowNs);
        return known;
    }

    /** Acts are asked for from now on: what is there already is not told. */
    private Acts first() {
        Acts acts = new Acts(rules, outbox.epoch());
        for (String kind : List.of("res", "obs", "evt")) {
            outbox.devices(kind).forEach(device -> acts.skip(device, kind, outbox.lastNumber(device, kind)));
        }
        outbox.devices("evt").forEach(device -> acts.skip(device, TOLD, outbox.lastNumber(device, "evt")));
        return acts;
    }

    private void save(Acts known, long nowNs) throws IOException {
        outbox.devices("evt").forEach(device -> known.skip(device, TOLD, outbox.lastNumber(device, "evt")));
        file.write(known.write());
        if (known.passedOver() > passedOver) {
            LOG.warn("acts passed over what they could not read records={}", known.passedOver());
        }
        passedOver = known.passedOver();
        records = 0;
        keptNs = nowNs;
    }

    private void follow(Acts known, long nowNs) throws IOException {
        for (String device : outbox.devices("res")) {
            follow(known, device, "res", nowNs);
        }
        for (String device : outbox.devices("evt")) {
            if (device.startsWith(IMAGING)) {
                follow(known, device, "evt", nowNs);
            }
        }
        for (String device : running()) {
            follow(known, device, "obs", nowNs);
        }
    }

    /** The devices whose values show that they run, and those behind one port with them. */
    private Set<String> running() {
        Set<String> all = outbox.devices("obs");
        Set<String> running = new TreeSet<>();
        for (Config.Device device : config.devices()) {
            if (device.profile().act() != null) {
                Set<String> parts = new HashSet<>();
                device.parts().values().forEach(part -> parts.add(part.id()));
                all.stream()
                        .filter(id -> id.equals(device.id()) || id.startsWith(device.id() + "-") || parts.contains(id))
                        .forEach(running::add);
            }
        }
        return running;
    }

    private void follow(Acts known, String device, String kind, long nowNs) throws IOException {
        long last = outbox.lastNumber(device, kind);
        List<Act> done = new ArrayList<>();
        while (known.taken(device, kind) < last) {
            long from = known.taken(device, kind) + 1;
            long to = Math.min(last, from + READ_MAX - 1);
            for (Entry entry : outbox.stream(device, kind, from, to, READ_MAX)) {
                done.addAll(known.take(device, kind, entry.seq(), entry.payload(), nowNs));
                records++;
                if (done.size() >= ACTS_MAX) {
                    keep(done);
                    done.clear();
                }
            }
            // Numbers that the buffer no longer holds are passed over.
            known.skip(device, kind, to);
        }
        keep(done);
    }

    /** All of them are kept, or none is. */
    private void keep(List<Act> done) throws IOException {
        List<Draft> drafts = new ArrayList<>();
        for (Act act : done) {
            Act.Origin from = act.from();
            long nowMs = System.currentTimeMillis();
            Envelope envelope = new Envelope(
                    config.gateway().id(),
                    from.device(),
                    from.location(),
                    from.profile(),
                    from.profileHash(),
                    null,
                    nowMs,
                    from.deviceTime(),
                    clock.get());
            Unnumbered record =
                    RecordJson.unnumbered(from.patient() == null ? envelope : envelope.of(from.patient()), act.event());
            drafts.add(new Draft(from.device(), "evt", Urgency.RESULT, nowMs, record::numbered));
        }
        outbox.append(drafts);
    }
}
