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
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.identity.PatientStore;
import org.wasla.gateway.identity.SiteKey;
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
import org.wasla.gateway.patient.Inquiry;
import org.wasla.gateway.patient.PatientId;
import org.wasla.gateway.patient.PcimReport;
import org.wasla.gateway.patient.Person;
import org.wasla.gateway.patient.Retention;
import org.wasla.gateway.patient.Rules;
import org.wasla.gateway.patient.Ruling;
import org.wasla.gateway.patient.Verdict;

/**
 * Knows whose a device's values are. What changes that is on disk before it counts, and published as events. Thread-safe:
 * {@link #patient} never waits, changes come one after the other.
 */
public final class Ward implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Ward.class);

    private volatile WardSettings settings;
    private final PatientStore store;
    private final Events events;
    private final @Nullable Registry registry;
    private final News news;
    private final BiConsumer<String, String> board;
    private final Consumer<Association> witness;
    private volatile Associations known;
    private volatile AdtPicture picture;
    private final Retention retention = new Retention();

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
        this(settings, store, outbox, clock, board, version -> {});
    }

    /** @param witness told of each version of an association that is kept; at once */
    public Ward(
            WardSettings settings,
            PatientStore store,
            Outbox outbox,
            Supplier<Clock> clock,
            BiConsumer<String, String> board,
            Consumer<Association> witness) {
        this.witness = witness;
        this.settings = settings;
        this.store = store;
        this.events = new Events(settings, clock, this::reference);
        this.board = board;
        RegistrySettings asked = settings.registry();
        this.registry = asked == null
                ? null
                : new Registry(asked, store.inquiries(), outbox, new RegistryEvents(asked, settings.gateway(), events));
        List<Association> versions = store.takeVersions();
        this.news = new News(settings, store, outbox, events, versions, registry);
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
        known.all().stream().filter(Association::isOpen).forEach(this::learnt);
        news.untold().forEach(this::learnt);
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
                : new Patient(by.ref(), by.id(), by.how().wire(), by.state().name(), reference(by.ref()));
    }

    /** Under which reference a registry knows a pseudonym, null: it is not asked, or knows none. Never waits. */
    public @Nullable String reference(String ref) {
        Registry asked = registry;
        return asked == null ? null : asked.reference(ref);
    }

    private void learnt(Association version) {
        Registry asked = registry;
        if (asked != null && version.holds()) {
            asked.learnt(version.ref(), System.nanoTime());
        }
    }

    /**
     * The registry says what it knows of a pseudonym. Returns once it would survive the plug being pulled.
     *
     * @return why it is refused, without anything of a patient, or null
     */
    public synchronized @Nullable String answered(Inquiry.Answer answer) throws IOException {
        Registry asked = registry;
        if (asked == null) {
            return "this box asks no registry; configure registry";
        }
        String problem = asked.answered(answer);
        tell();
        return problem;
    }

    /**
     * The event that an examination was matched to a patient; null where no registry is told.
     *
     * @param how study, accession or patient-id
     */
    public @Nullable Draft examined(String device, String ref, String how, long nowMs) {
        Registry asked = registry;
        return asked == null ? null : asked.claim(device, ref, how, null, ids(ref), nowMs);
    }

    /** A specimen was ordered for a patient: its results name nobody, so the registry is told whose it is. */
    public synchronized void ordered(PatientId id, String specimen) {
        Registry asked = registry;
        String ref = ref(id);
        if (asked != null && ref != null) {
            List<PatientId> ids = List.of(id.orAuthority(settings.authority()));
            news.add(asked.claim(settings.gateway(), ref, "order", specimen, ids, System.currentTimeMillis()));
            tell();
        }
    }

    private List<PatientId> ids(String ref) {
        return picture.get(ref).map(Person::ids).orElse(List.of());
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
                    news.add(events.merged(gone, update.person().ref(), nowMs));
                }
            }
            news.keep(versions, List.of(update.person()), update.gone());
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

    /** Devices have come or gone. One that has gone is on nobody any more. */
    public synchronized void devices(List<WardSettings.Device> devices, long nowMs) throws IOException {
        WardSettings next = settings.with(devices);
        Set<String> gone = new TreeSet<>(settings.labels().values());
        Set<String> come = new TreeSet<>(next.labels().values());
        come.removeAll(gone);
        gone.removeAll(next.labels().values());
        for (String device : gone) {
            ended(device, nowMs);
        }
        settings = next;
        events.follow(next);
        come.forEach(this::show);
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
        news.keep(versions, changed, gone);
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
        versions.forEach(witness);
        news.add(versions);
        versions.forEach(this::learnt);
        tell();
    }

    /** What the outbox does not take now is told later; the records that come meanwhile are right already. */
    public synchronized void tell() {
        Set<String> devices = new TreeSet<>();
        news.untold().forEach(version -> devices.add(version.device()));
        try {
            news.tell(known, this::ids);
            Registry asked = registry;
            if (asked != null && asked.isDue(System.nanoTime())) {
                devices.addAll(asked.tell(known, settings.bedsAttribute(), this::ids));
            }
        } catch (IOException refused) {
            LOG.warn("associations or answers kept, not yet told cause=\"{}\"", refused.getMessage());
        }
        devices.forEach(this::show);
    }

    /**
     * Forgets who is behind the pseudonyms of patients in no bed and on no device of whom nothing was heard for as long as the
     * site keeps names. Their associations stay, nobody's. Returns once they are gone from the files.
     *
     * @param nowMs UTC, of a clock that is right
     * @return how many
     */
    public synchronized int forget(long nowMs) throws IOException {
        if (settings.keepMs() == 0) {
            return 0;
        }
        List<String> gone = retention.gone(picture, known, nowMs - settings.keepMs(), nowMs);
        if (!gone.isEmpty()) {
            store.forget(gone);
            picture = AdtPicture.of(store.persons());
            LOG.info("patients of long ago forgotten count={}", gone.size());
        }
        return gone.size();
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
