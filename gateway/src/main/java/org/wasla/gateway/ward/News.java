package org.wasla.gateway.ward;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.identity.PatientStore;
import org.wasla.gateway.observation.RecordBody.Event.Range;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.patient.Association;
import org.wasla.gateway.patient.Associations;
import org.wasla.gateway.patient.Correction;
import org.wasla.gateway.patient.PatientId;
import org.wasla.gateway.patient.Person;
import org.wasla.gateway.patient.Verdict;

/**
 * What is published of associations: each version, and what it makes wrong of what was published before. What the outbox
 * does not take now is told later. Guarded by the lock of its ward.
 */
final class News {
    private static final Logger LOG = LoggerFactory.getLogger(News.class);
    /** Of records that a device's patient is in. */
    private static final List<String> KINDS = List.of("alarm", "obs", "wav");

    private final boolean bedsAttribute;
    private final PatientStore store;
    private final Outbox outbox;
    private final Events events;
    private final @Nullable Registry registry;
    private final Set<String> conflicts = new TreeSet<>();
    private final List<Association> untold;
    private final List<Draft> unsent = new ArrayList<>();
    /** As far as the outbox has been told. */
    private Associations told;

    /**
     * @param versions all that the store has, the oldest first
     * @param registry is told of every version too; null: there is none
     */
    News(
            WardSettings settings,
            PatientStore store,
            Outbox outbox,
            Events events,
            List<Association> versions,
            @Nullable Registry registry) {
        this.bedsAttribute = settings.bedsAttribute();
        this.store = store;
        this.outbox = outbox;
        this.events = events;
        this.registry = registry;
        int count = Math.min(store.told(), versions.size());
        this.told = Associations.NONE.with(versions.subList(0, count));
        this.untold = new ArrayList<>(versions.subList(count, versions.size()));
    }

    /** Returns once it would survive the plug being pulled: who is told so may forget it. */
    void keep(List<Association> versions, Collection<Person> changed, Collection<String> gone) throws IOException {
        if (!(versions.isEmpty() && changed.isEmpty() && gone.isEmpty())) {
            outbox.requireDurable();
        }
        store.keep(versions, changed, gone);
    }

    void add(List<Association> versions) {
        untold.addAll(versions);
    }

    void add(Draft event) {
        unsent.add(event);
    }

    /** Versions that nobody was told of yet. */
    List<Association> untold() {
        return List.copyOf(untold);
    }

    /**
     * Tells all.
     *
     * @param ids gives the numbers behind a pseudonym
     */
    void tell(Associations known, Function<String, List<PatientId>> ids) throws IOException {
        if (untold.isEmpty() && unsent.isEmpty()) {
            return;
        }
        long nowMs = System.currentTimeMillis();
        Set<String> devices = new TreeSet<>();
        List<Draft> drafts = new ArrayList<>(unsent);
        for (Association version : untold) {
            devices.add(version.device());
            drafts.add(events.association(version, nowMs));
            if (registry != null) {
                drafts.add(registry.claim(version, ids.apply(version.ref()), nowMs));
            }
        }
        // Waits for the disk, and so for the records that were numbered before: their numbers can be looked up then.
        outbox.append(drafts);
        unsent.clear();
        outbox.append(corrections(known, devices, nowMs));
        told = known;
        untold.clear();
        store.markTold();
    }

    private List<Draft> corrections(Associations known, Set<String> devices, long nowMs) throws IOException {
        List<Draft> drafts = new ArrayList<>();
        for (String device : devices) {
            // What was read in this very millisecond may have left before this was known.
            for (Correction each : Correction.between(told, known, device, bedsAttribute, nowMs + 1)) {
                List<Range> numbers = numbers(outbox, device, each.fromMs(), each.toMs());
                drafts.add(events.corrected(each, numbers, nowMs));
            }
            Verdict verdict = known.at(device, nowMs, bedsAttribute);
            if (!verdict.conflict()) {
                conflicts.remove(device);
            } else if (conflicts.add(device)) {
                LOG.warn("device={} is on two patients by what was said; its values are nobody's", device);
                drafts.add(events.conflict(device, verdict, nowMs));
            }
        }
        return drafts;
    }

    /** The numbers of a device's records of a time, as far as the buffer still holds them. */
    static List<Range> numbers(Outbox outbox, String device, long fromMs, long toMs) throws IOException {
        List<Range> numbers = new ArrayList<>();
        for (String kind : KINDS) {
            new Numbers(outbox, device, kind).between(fromMs, toMs).ifPresent(numbers::add);
        }
        return numbers;
    }
}
