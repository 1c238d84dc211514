package org.wasla.gateway.bedside;

import java.io.IOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.epi.Signals;
import org.wasla.gateway.identity.OrderStore;
import org.wasla.gateway.identity.PatientStore;
import org.wasla.gateway.imaging.ExtractIdentity;
import org.wasla.gateway.imaging.Surroundings;
import org.wasla.gateway.imaging.Whose;
import org.wasla.gateway.orders.Change;
import org.wasla.gateway.orders.Order;
import org.wasla.gateway.orders.OrderBook;
import org.wasla.gateway.orders.StepQuery;
import org.wasla.gateway.patient.AdtEvent.Demographics;
import org.wasla.gateway.patient.PatientId;
import org.wasla.gateway.patient.Person;
import org.wasla.gateway.ward.Ward;

/**
 * What imaging asks of orders and patients: what is scheduled, and whose an examination is. An examination is a patient's
 * when its order is, or when the hospital has a patient of its number, and nothing that it says of him speaks against it.
 * Thread-safe.
 */
final class Examinations implements Surroundings.Keeper {
    private static final String STUDY = "study";
    private static final String ACCESSION = "accession";
    private static final int DAY_DIGITS = 8;
    private final PatientStore store;
    private final OrderStore orders;
    private final @Nullable Ward ward;
    private final String authority;
    private volatile Index index = Index.of(OrderBook.NONE);

    /**
     * @param ward null where the hospital tells of nobody: orders alone say whose an examination is
     * @param authority of patient numbers that come without one, may be empty
     */
    Examinations(PatientStore store, @Nullable Ward ward, String authority) {
        this.store = store;
        this.orders = store.orders();
        this.ward = ward;
        this.authority = authority;
    }

    Surroundings surroundings() {
        return new Surroundings(this::scheduled, this::whose, this);
    }

    /** Names and dates are the hospital's where it has told of the patient since. */
    private List<Order> scheduled(StepQuery query) {
        return orders.book().steps(query, System.currentTimeMillis()).stream()
                .map(this::asHospitalSays)
                .toList();
    }

    private Order asHospitalSays(Order order) {
        Demographics about =
                id(order).flatMap(this::ofHospital).map(Person::about).orElse(Demographics.NONE);
        Order.Patient of = order.patient();
        if (about.family().isEmpty()) {
            return order;
        }
        String born = digits(about.birth());
        Order.Patient told = new Order.Patient(
                of.number(),
                of.authority(),
                about.family(),
                about.given(),
                born.length() < DAY_DIGITS
                        ? of.birth()
                        : born.substring(0, 4) + "-" + born.substring(4, 6) + "-" + born.substring(6, DAY_DIGITS),
                about.sex().isEmpty() ? of.sex() : about.sex());
        return new Order(
                order.id(),
                order.specimen(),
                order.tests(),
                order.priority(),
                order.devices(),
                told,
                order.step(),
                order.untilMs());
    }

    /** Whose an examination is; see the class. */
    Whose whose(ExtractIdentity said, String study) {
        if (ward == null && index().orders().isEmpty()) {
            return Whose.UNASKED;
        }
        PatientId id =
                PatientId.of(text(said.patientId()), text(said.issuer()), "").orElse(null);
        List<Order> meant = index().find(STUDY, study);
        String how = STUDY;
        if (meant.isEmpty()) {
            meant = index().find(ACCESSION, text(said.accession()));
            how = ACCESSION;
        }
        if (!meant.isEmpty()) {
            return ofOrders(meant, id, said, how);
        }
        Optional<Person> person = id == null ? Optional.empty() : ofHospital(id);
        if (person.isEmpty()) {
            return Whose.UNMATCHED;
        }
        return isOther(person.get().about(), said)
                ? Whose.CONFLICT
                : Whose.matched(person.get().ref(), "patient-id");
    }

    /** Birth and sex of the patient for whom a specimen was ordered; of two patients neither's. */
    Signals.Whose ofSpecimen(String specimen, String order) {
        List<Order.Patient> patients = orders.book().all().stream()
                .filter(each -> !specimen.isEmpty() && each.specimen().equals(specimen)
                        || !order.isEmpty() && each.id().equals(order))
                .map(each -> asHospitalSays(each).patient())
                .distinct()
                .toList();
        return patients.size() == 1
                ? new Signals.Whose(patients.get(0).birth(), patients.get(0).sex())
                : Signals.Whose.UNKNOWN;
    }

    private Index index() {
        OrderBook book = orders.book();
        Index known = index;
        if (known.of() != book) {
            known = Index.of(book);
            index = known;
        }
        return known;
    }

    /** The orders of one state of the book by what an object may name. */
    private record Index(OrderBook of, Map<String, List<Order>> orders) {
        static Index of(OrderBook book) {
            Map<String, List<Order>> orders = new HashMap<>();
            for (Order order : book.steps(StepQuery.ALL, System.currentTimeMillis())) {
                Order.Step step = order.step();
                put(orders, STUDY + Surroundings.study(order), order);
                put(orders, ACCESSION + (step == null ? "" : step.accession()), order);
            }
            return new Index(book, orders);
        }

        private static void put(Map<String, List<Order>> orders, String name, Order order) {
            orders.computeIfAbsent(name, each -> new ArrayList<>()).add(order);
        }

        List<Order> find(String kind, String name) {
            long nowMs = System.currentTimeMillis();
            return name.isEmpty()
                    ? List.of()
                    : orders.getOrDefault(kind + name, List.of()).stream()
                            .filter(order -> nowMs < order.untilMs())
                            .toList();
        }
    }

    private Whose ofOrders(List<Order> meant, @Nullable PatientId id, ExtractIdentity said, String how) {
        List<Order.Patient> patients =
                meant.stream().map(Order::patient).distinct().toList();
        if (id == null) {
            // A number of an order alone is soon mistyped; the study's UID came from the worklist.
            return patients.size() > 1
                    ? Whose.CONFLICT
                    : how.equals(STUDY) ? ordered(meant.get(0), how) : Whose.UNMATCHED;
        }
        Optional<Order> same = meant.stream().filter(order -> isSame(order, id)).findFirst();
        if (same.isEmpty()) {
            return Whose.CONFLICT;
        }
        Order.Patient of = same.get().patient();
        Demographics about = new Demographics(of.family(), of.given(), of.birth(), of.sex(), "");
        return isOther(about, said) ? Whose.CONFLICT : ordered(same.get(), how);
    }

    private Whose ordered(Order order, String how) {
        String ref = id(order).map(this::ref).orElse(null);
        return ref == null ? Whose.UNMATCHED : Whose.matched(ref, how);
    }

    private boolean isSame(Order order, PatientId id) {
        Optional<PatientId> of = id(order);
        if (of.isEmpty()) {
            return false;
        }
        boolean isSameNumber = of.get().value().equals(id.value())
                && (of.get().authority().isEmpty()
                        || id.authority().isEmpty()
                        || of.get().authority().equals(id.authority()));
        // Numbers that were merged are one patient.
        String ref = ref(of.get());
        return isSameNumber || ref != null && ref.equals(ref(id));
    }

    /** The pseudonym of a number; null when several patients have it. */
    private @Nullable String ref(PatientId id) {
        return ward == null ? store.key().patient(id.orAuthority(authority)) : ward.ref(id);
    }

    private Optional<Person> ofHospital(PatientId id) {
        return ward == null ? Optional.empty() : ward.person(id).filter(Person::isOfHospital);
    }

    private static Optional<PatientId> id(Order order) {
        return PatientId.of(order.patient().number(), order.patient().authority(), "");
    }

    /** Whether birth date, sex or, where no birth date confirms it, the family name is another one. */
    private static boolean isOther(Demographics about, ExtractIdentity said) {
        String born = digits(about.birth());
        String saidBorn = digits(text(said.birthDate()));
        boolean isDay = born.length() >= DAY_DIGITS && saidBorn.length() >= DAY_DIGITS;
        if (isDay && !born.substring(0, DAY_DIGITS).equals(saidBorn.substring(0, DAY_DIGITS))) {
            return true;
        }
        String sexes = about.sex() + text(said.sex());
        if (sexes.equals("MF") || sexes.equals("FM")) {
            return true;
        }
        String family = letters(about.family());
        String saidFamily = letters(text(said.name()).split("[\\^=]", 2)[0]);
        return !isDay && !family.isEmpty() && !saidFamily.isEmpty() && !family.equals(saidFamily);
    }

    private static String letters(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFD)
                .replaceAll("[^\\p{L}]", "")
                .toLowerCase(Locale.ROOT);
    }

    private static String digits(String text) {
        return text.replaceAll("[^0-9]", "");
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    @Override
    public Collection<Order> all() {
        return orders.book().all();
    }

    @Override
    public void keep(List<Change> changes) throws IOException {
        if (changes.isEmpty()) {
            return;
        }
        List<String> problems = orders.apply("worklist-" + UUID.randomUUID(), changes, System.currentTimeMillis());
        if (!problems.isEmpty()) {
            throw new IOException(problems.get(0));
        }
    }
}
