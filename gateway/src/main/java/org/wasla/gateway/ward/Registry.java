package org.wasla.gateway.ward;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.identity.InquiryStore;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.patient.Association;
import org.wasla.gateway.patient.Associations;
import org.wasla.gateway.patient.Attributed;
import org.wasla.gateway.patient.Inquiry;
import org.wasla.gateway.patient.PatientId;

/**
 * The registry of patients as a ward knows it: which pseudonyms it is asked about, what it says of them, and what that makes
 * of records that left before. Guarded by the lock of its ward, but for {@link #reference}.
 */
final class Registry {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);
    /** A question without an answer is asked so often; then only when its number is learnt anew. */
    static final int ASKED_MAX = 12;

    private static final long WAIT_MS_MAX = 86_400_000;
    private static final int ASKED_AT_ONCE = 50;
    private static final long MS = 1_000_000;

    private final RegistrySettings settings;
    private final InquiryStore store;
    private final Outbox outbox;
    private final RegistryEvents events;
    private final Map<String, String> references = new ConcurrentHashMap<>();
    /** Pseudonyms that are to be asked about, and when, by monotonic time. */
    private final Map<String, Long> dueNs = new HashMap<>();
    /** Of which an answer changes records that consumers have. */
    private final Set<String> untold = new LinkedHashSet<>();

    Registry(RegistrySettings settings, InquiryStore store, Outbox outbox, RegistryEvents events) {
        this.settings = settings;
        this.store = store;
        this.outbox = outbox;
        this.events = events;
        long nowNs = System.nanoTime();
        for (Inquiry inquiry : store.all()) {
            takeUp(inquiry);
            if (settings.askMs() > 0 && !inquiry.isAnswered() && inquiry.asked() < ASKED_MAX) {
                // After a power cut all boxes of a hospital start at once.
                dueNs.put(inquiry.ref(), nowNs + waitMs(Math.max(1, inquiry.asked())) * MS);
            }
        }
    }

    private void takeUp(Inquiry inquiry) {
        String reference = inquiry.reg();
        if (reference == null) {
            references.remove(inquiry.ref());
        } else {
            references.put(inquiry.ref(), reference);
        }
        if (inquiry.isUntold()) {
            untold.add(inquiry.ref());
        }
    }

    /** Under which reference the registry knows a pseudonym, or null. Thread-safe. */
    @Nullable
    String reference(String ref) {
        return references.get(ref);
    }

    /** A number of a patient was learnt. One that the registry has not answered is asked about. */
    void learnt(String ref, long nowNs) {
        Inquiry inquiry = store.get(ref).orElse(Inquiry.of(ref));
        boolean isForNow = inquiry.asked() == 0 || inquiry.asked() >= ASKED_MAX;
        if (settings.askMs() > 0 && !inquiry.isAnswered() && isForNow) {
            dueNs.putIfAbsent(ref, nowNs);
        }
    }

    /**
     * How long an answer is waited for: doubled each time.
     *
     * @param asked how often, from 1 to {@value #ASKED_MAX}
     */
    private long waitMs(int asked) {
        return Math.min(WAIT_MS_MAX, settings.askMs() << asked - 1);
    }

    /** The event that a number was learnt, for each version of the association that came of it. */
    Draft claim(Association version, List<PatientId> ids, long nowMs) {
        return events.claim(version, ids, nowMs);
    }

    /**
     * The event that a number came with an order or an examination.
     *
     * @param how study, accession, patient-id or order
     * @param specimen that is the patient's, or null
     */
    Draft claim(String device, String ref, String how, @Nullable String specimen, List<PatientId> ids, long nowMs) {
        return events.claim(device, ref, how, specimen, ids, nowMs);
    }

    /**
     * Takes an answer. Returns once it would survive the plug being pulled; records say so from then on.
     *
     * @return why it is refused, without anything of a patient, or null
     */
    @Nullable
    String answered(Inquiry.Answer answer) throws IOException {
        Inquiry inquiry = store.get("p:" + answer.request().substring(2)).orElse(null);
        if (inquiry == null || inquiry.asked() == 0) {
            return "rq names no question of this box";
        }
        if (answer.rev() <= inquiry.rev()) {
            boolean isOther = answer.rev() == inquiry.rev() && !inquiry.says(answer);
            return isOther ? "rev " + answer.rev() + " was another answer; write a higher rev" : null;
        }
        Inquiry next = inquiry.answered(answer);
        store.keep(List.of(next));
        dueNs.remove(next.ref());
        takeUp(next);
        LOG.info(
                "registry answered rq={} rev={} s={}",
                next.request(),
                next.rev(),
                next.said().wire());
        return null;
    }

    /** Whether something is to be asked or told. */
    boolean isDue(long nowNs) {
        return !untold.isEmpty() || dueNs.values().stream().anyMatch(due -> due - nowNs <= 0);
    }

    /**
     * Tells what answers change, and asks what is due.
     *
     * @param ids gives the numbers behind a pseudonym, none where nobody knows them
     * @return the devices whose patient the registry knows otherwise now
     */
    Set<String> tell(Associations known, boolean bedsAttribute, Function<String, List<PatientId>> ids)
            throws IOException {
        Set<String> devices = rebind(known, bedsAttribute);
        ask(known, ids);
        return devices;
    }

    /** Once told is enough; a crash before that is known has it told again, which changes nothing. */
    private Set<String> rebind(Associations known, boolean bedsAttribute) throws IOException {
        Set<String> devices = new LinkedHashSet<>();
        if (untold.isEmpty()) {
            return devices;
        }
        long nowMs = System.currentTimeMillis();
        outbox.flush();
        List<Draft> drafts = new ArrayList<>();
        List<Inquiry> told = new ArrayList<>();
        for (String ref : untold) {
            Inquiry inquiry = store.get(ref).orElse(Inquiry.of(ref));
            if (inquiry.changes()) {
                // What was read in this very millisecond may have left before the answer came.
                List<Attributed> times = Attributed.to(known, ref, bedsAttribute, nowMs + 1);
                for (Attributed each : times) {
                    devices.add(each.device());
                    drafts.add(events.rebind(
                            inquiry, each, News.numbers(outbox, each.device(), each.fromMs(), each.toMs()), nowMs));
                }
                if (times.isEmpty()) {
                    drafts.add(events.rebind(inquiry, nowMs));
                }
            }
            told.add(inquiry.toldAll());
        }
        outbox.append(drafts);
        store.keep(told);
        untold.clear();
        return devices;
    }

    private void ask(Associations known, Function<String, List<PatientId>> ids) throws IOException {
        long nowNs = System.nanoTime();
        List<String> due = dueNs.entrySet().stream()
                .filter(each -> each.getValue() - nowNs <= 0)
                .map(Map.Entry::getKey)
                .limit(ASKED_AT_ONCE)
                .toList();
        List<Draft> drafts = new ArrayList<>();
        List<Inquiry> asked = new ArrayList<>();
        for (String ref : due) {
            Inquiry inquiry = store.get(ref).orElse(Inquiry.of(ref));
            Inquiry next = inquiry.askedTimes(Math.min(inquiry.asked() + 1, ASKED_MAX));
            Association newest = known.ofPatient(ref).stream()
                    .reduce((one, other) -> other.recordedMs() >= one.recordedMs() ? other : one)
                    .orElse(null);
            drafts.add(events.lookup(next, newest, ids.apply(ref), System.currentTimeMillis()));
            asked.add(next);
        }
        if (asked.isEmpty()) {
            return;
        }
        // On disk first: the answer may be quicker than we are, and is refused where nothing was asked.
        store.keep(asked);
        outbox.append(drafts);
        for (Inquiry each : asked) {
            dueNs.remove(each.ref());
            if (each.asked() < ASKED_MAX) {
                dueNs.put(each.ref(), nowNs + TimeUnit.MILLISECONDS.toNanos(waitMs(each.asked())));
            }
        }
    }
}
