package org.wasla.gateway.ward;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.identity.PatientStore;
import org.wasla.gateway.identity.SiteKey;
import org.wasla.gateway.observation.RecordBody.Event.Range;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Patient;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.patient.AdtEvent;
import org.wasla.gateway.patient.AdtEvent.Demographics;
import org.wasla.gateway.patient.AdtPicture;
import org.wasla.gateway.patient.AdtRules;
import org.wasla.gateway.patient.Association;
import org.wasla.gateway.patient.Associations;
import org.wasla.gateway.patient.Correction;
import org.wasla.gateway.patient.PatientId;
import org.wasla.gateway.patient.PcimReport;
import org.wasla.gateway.patient.Person;
import org.wasla.gateway.patient.Rules;
import org.wasla.gateway.patient.Ruling;
import org.wasla.gateway.patient.Verdict;

/**
 * Knows whose a device's values are. What changes that is on disk before it counts, and published as events. Thread-safe:
 * {@link #patient} never waits, changes come one after the other.
 */
public final class Ward implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Ward.class);
    private static final List<String> KINDS = List.of("alarm", "obs", "wav");

    private final WardSettings settings;
    private final PatientStore store;
    private final Outbox outbox;
    private final Events events;
    private final BiConsumer<String, String> board;
    private final Set<String> conflicts = new TreeSet<>();
    private volatile Associations known;
    private volatile AdtPicture picture;
    /** As far as the outbox has been told. */
    private Associations told;

    private final List<Association> untold;
    private final List<Draft> unsent = new ArrayList<>();

    /**
     * Takes up what the store knows; {@link #start} publishes it.
     *
     * @param board takes the last value of a device's topic {@code association}
     */
    public Ward(
            WardSettings settings,
            PatientStore store,
            Outbox outbox,
            Supplier<Clock> clock,
            BiConsumer<String, String> board) {
        this.settings = settings;
        this.store = store;
        this.outbox = outbox;
        this.events = new Events(settings, clock);
        this.board = board;
        List<Association> versions = store.takeVersions();
        int count = Math.min(store.told(), versions.size());
        this.told = Associations.NONE.with(versions.subList(0, count));
        this.untold = new ArrayList<>(versions.subList(count, versions.size()));
        this.known = Associations.NONE.with(versions);
        this.picture = AdtPicture.of(store.persons());
    }

    /** Goes on under a new key where there is one, and tells all that was not told before. */
    public synchronized void start() throws IOException {
        long nowMs = System.currentTimeMillis();
        SiteKey key = store.key();
        commit(
                Rules.rekeyed(
                        known,
                        ref -> picture.get(ref)
                                .map(Person::ref)
                                .filter(ref::equals)
                                .isPresent(),
                        ref -> picture.get(ref).map(Person::ref),
                        nowMs),
                List.of(),
                List.of());
        settings.devices().stream().filter(device -> !device.isScanner()).forEach(device -> show(device.id()));
        LOG.info(
                "ward open key={} associations={} patients={}",
                key.version(),
                known.all().size(),
                picture.persons().size());
    }

    /** Whose the device's values are, null: nobody's. */
    public @Nullable Patient patient(String device, long timeMs) {
        Association by = known.at(device, timeMs, settings.bedsAttribute()).by();
        return by == null
                ? null
                : new Patient(by.ref(), by.id(), by.how().wire(), by.state().name());
    }

    /**
     * Takes what the hospital says. Returns once it would survive the plug being pulled.
     *
     * @throws IOException when it cannot be kept; then it is to be said again
     */
    synchronized void adt(List<AdtEvent> heard) throws IOException {
        for (AdtEvent event : heard) {
            long nowMs = System.currentTimeMillis();
            AdtPicture.Update update = picture.with(event, store.key()::patient);
            List<Association> versions = AdtRules.changes(known, update, event, settings.bedsOfDevices(), nowMs);
            for (String gone : update.gone()) {
                if (update.person().absorbed().contains(gone)) {
                    unsent.add(events.merged(gone, update.person().ref(), nowMs));
                }
            }
            store.keep(versions, List.of(update.person()), update.gone());
            picture = update.picture();
            took(versions);
        }
    }

    /** The same of a PCIM message. @return why it is refused, or null */
    synchronized @Nullable String reported(PcimReport report, PatientId patient) throws IOException {
        Ruling ruling = Rules.reported(known, report, System.currentTimeMillis());
        if (ruling.problem() == null) {
            commit(ruling.versions(), unknown(report.ref(), patient), List.of());
        }
        return ruling.problem();
    }

    /** A device was put on a patient by scanning both. @return false when the number may be two patients' */
    synchronized boolean scanned(String device, PatientId id, @Nullable String operator, long nowMs)
            throws IOException {
        String ref = ref(id);
        if (ref == null) {
            return false;
        }
        String who = operator == null ? null : store.key().staff(operator);
        commit(
                Rules.scanned(known, device, ref, who, nowMs),
                unknown(ref, id.orAuthority(settings.authority())),
                List.of());
        return true;
    }

    /**
     * A device told with its values which number was typed on it. It is vouched for when the hospital has a patient of it.
     *
     * @param id null: no patient is entered any more
     */
    public synchronized void typed(String device, @Nullable PatientId id, long nowMs) throws IOException {
        String ref = id == null ? null : ref(id);
        boolean isAdmitted =
                ref != null && picture.get(ref).filter(Person::isOfHospital).isPresent();
        commit(
                Rules.typed(known, device, ref, isAdmitted, nowMs),
                id == null || ref == null ? List.of() : unknown(ref, id.orAuthority(settings.authority())),
                List.of());
    }

    /**
     * The platform says on whom a device is. Returns once it would survive the plug being pulled.
     *
     * @param id null: on nobody any more
     * @param isOrdered whether the platform has ordered something for the patient; else the hospital must know of them
     * @param who says so, clear text, or null
     * @param atMs since when, UTC
     * @return why it is refused, without anything of a patient, or null
     */
    public synchronized @Nullable String ordered(
            String device, @Nullable PatientId id, boolean isOrdered, @Nullable String who, long atMs)
            throws IOException {
        long nowMs = System.currentTimeMillis();
        if (!settings.labels().containsValue(device)) {
            return "dev is no device of this box that a patient may be on";
        }
        if (id == null) {
            boolean wasOn = isOn(device);
            commit(Rules.ended(known, device, atMs, nowMs), List.of(), List.of());
            return wasOn ? null : "the device is on nobody";
        }
        String ref = ref(id);
        if (ref == null) {
            return "the number may be two patients'; write who gave it";
        }
        boolean isAdmitted = picture.get(ref).filter(Person::isOfHospital).isPresent();
        if (!isAdmitted && !isOrdered) {
            return "the patient is known neither to the hospital's messages nor from an order";
        }
        String by = who == null ? null : store.key().staff(who);
        Ruling ruling = Rules.ordered(known, device, ref, by, atMs, nowMs);
        if (ruling.problem() == null) {
            commit(ruling.versions(), unknown(ref, id.orAuthority(settings.authority())), List.of());
        }
        return ruling.problem();
    }

    /** Whether a device is on a patient since a number was typed on it. */
    public boolean isTyped(String device) {
        return known.ofDevice(device).stream()
                .anyMatch(each -> each.isOpen() && each.source() == Association.Source.DEVICE);
    }

    /** A device is on nobody any more from a moment on, by a scan or since it is silent. */
    public synchronized void ended(String device, long atMs) throws IOException {
        commit(Rules.ended(known, device, atMs, System.currentTimeMillis()), List.of(), List.of());
    }

    boolean isOn(String device) {
        return Rules.isOn(known, device);
    }

    boolean isOn(String device, PatientId id) {
        String ref = ref(id);
        return known.ofDevice(device).stream()
                .anyMatch(each -> each.isOpen()
                        && each.source() != Association.Source.ADT
                        && each.ref().equals(ref));
    }

    /** The pseudonym of a number as it was scanned or typed; null when several patients have it. */
    public @Nullable String ref(PatientId id) {
        AdtPicture now = picture;
        SiteKey key = store.key();
        PatientId whole = id.orAuthority(settings.authority());
        String found = now.find(whole, key::patient);
        if (found == null && !whole.equals(id)) {
            found = now.find(id, key::patient);
        }
        if (found != null) {
            return found;
        }
        return now.isAmbiguous(whole) ? null : now.survivor(key.patient(whole));
    }

    /** Whether one patient of the number is known. */
    boolean isKnown(PatientId id) {
        String ref = ref(id);
        return ref != null && picture.get(ref).isPresent();
    }

    /** The one patient of a number. */
    public Optional<Person> person(PatientId id) {
        String ref = ref(id);
        return ref == null ? Optional.empty() : picture.get(ref);
    }

    WardSettings settings() {
        return settings;
    }

    SiteKey key() {
        return store.key();
    }

    private List<Person> unknown(String ref, PatientId id) {
        return picture.get(ref).isPresent()
                ? List.of()
                : List.of(new Person(ref, List.of(id), Demographics.NONE, List.of(), List.of()));
    }

    private void commit(List<Association> versions, Collection<Person> changed, Collection<String> gone)
            throws IOException {
        store.keep(versions, changed, gone);
        if (!changed.isEmpty()) {
            List<Person> all = new ArrayList<>(picture.persons());
            all.addAll(changed);
            picture = AdtPicture.of(all);
        }
        took(versions);
    }

    /** From here on records say so. */
    private void took(List<Association> versions) {
        known = known.with(versions);
        untold.addAll(versions);
        tell();
    }

    /** What the outbox does not take now is told later; the records that come meanwhile are right already. */
    public synchronized void tell() {
        if (untold.isEmpty() && unsent.isEmpty()) {
            return;
        }
        long nowMs = System.currentTimeMillis();
        Set<String> devices = new TreeSet<>();
        untold.forEach(version -> devices.add(version.device()));
        try {
            List<Draft> drafts = new ArrayList<>(unsent);
            untold.forEach(version -> drafts.add(events.association(version, nowMs)));
            // Waits for the disk, and so for the records that were numbered before: their numbers can be looked up
            // then.
            outbox.append(drafts);
            unsent.clear();
            List<Draft> corrections = corrections(devices, nowMs);
            if (!corrections.isEmpty()) {
                outbox.append(corrections);
            }
            told = known;
            untold.clear();
            store.markTold();
        } catch (IOException refused) {
            LOG.warn("associations kept, not yet told count={} cause=\"{}\"", untold.size(), refused.getMessage());
        }
        devices.forEach(this::show);
    }

    private List<Draft> corrections(Set<String> devices, long nowMs) throws IOException {
        List<Draft> drafts = new ArrayList<>();
        for (String device : devices) {
            for (Correction each : Correction.between(told, known, device, settings.bedsAttribute(), nowMs)) {
                List<Range> numbers = new ArrayList<>();
                for (String kind : KINDS) {
                    new Numbers(outbox, device, kind)
                            .between(each.fromMs(), each.toMs())
                            .ifPresent(numbers::add);
                }
                drafts.add(events.corrected(each, numbers, nowMs));
            }
            Verdict verdict = known.at(device, nowMs, settings.bedsAttribute());
            if (!verdict.conflict()) {
                conflicts.remove(device);
            } else if (conflicts.add(device)) {
                LOG.warn("device={} is on two patients by what was said; its values are nobody's", device);
                drafts.add(events.conflict(device, verdict, nowMs));
            }
        }
        return drafts;
    }

    private void show(String device) {
        long nowMs = System.currentTimeMillis();
        Verdict verdict = known.at(device, nowMs, settings.bedsAttribute());
        boolean isContested = known.at(device, nowMs, true).conflict();
        board.accept(device, events.board(device, verdict, isContested, nowMs));
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
