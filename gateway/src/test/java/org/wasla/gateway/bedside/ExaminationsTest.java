package org.wasla.gateway.bedside;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.identity.PatientStore;
import org.wasla.gateway.imaging.ExtractIdentity;
import org.wasla.gateway.imaging.Surroundings;
import org.wasla.gateway.imaging.Whose;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.orders.Change;
import org.wasla.gateway.orders.Order;
import org.wasla.gateway.orders.StepQuery;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.patient.AdtEvent.Demographics;
import org.wasla.gateway.patient.AdtEvent.Trigger;
import org.wasla.gateway.patient.Beds;
import org.wasla.gateway.patient.PatientId;
import org.wasla.gateway.patient.Person;
import org.wasla.gateway.ward.Ward;
import org.wasla.gateway.ward.WardSettings;

/** An image under another patient's name is the worst that a box can do: what is not sure is nobody's, and says so. */
class ExaminationsTest {
    @TempDir
    Path folder;

    private PatientStore store;
    private Outbox outbox;
    private Ward ward;
    private Examinations examinations;

    @BeforeEach
    void open() throws IOException {
        outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 8L << 20, 0), Gaps::event);
        store = PatientStore.open(folder.resolve("patients"));
        store.keep(List.of(), List.of(person("4711", "Méziane", "19700131")), List.of());
        WardSettings settings =
                new WardSettings("gw-1", ZoneId.of("UTC"), List.of(), new Beds(Map.of()), false, 0, "CHU", null);
        ward = new Ward(settings, store, outbox, () -> new Clock("sync", null), (device, json) -> {});
        examinations = new Examinations(store, ward, "CHU");
        order("o1", "4711", "A1", "1.9.1");
        order("o2", "4712", "A2", "");
    }

    @AfterEach
    void close() throws IOException {
        ward.close();
        outbox.close();
    }

    private Person person(String number, String family, String birth) {
        PatientId id = new PatientId(number, "CHU", "PI");
        return new Person(
                store.key().patient(id),
                List.of(id),
                new Demographics(family, "Laïla", birth, "F", ""),
                List.of(new Person.Move(Trigger.A01, 1, "rea1/b07")),
                List.of());
    }

    private void order(String id, String number, String accession, String study) throws IOException {
        Order.Step step =
                new Order.Step(accession, "RP", "Scanner", "S", "CT", "CT1", "2026-06-16T08:00", "TDM", study, "");
        Order.Patient patient = new Order.Patient(number, "CHU", "Meziane", "Laila", "1970-01-31", "F");
        Order order =
                new Order(id, "", List.of(), "R", List.of(), patient, step, System.currentTimeMillis() + 3_600_000);
        examinations.keep(List.of(new Change.Put(order)));
    }

    private String whose(
            @Nullable String number, @Nullable String accession, String study, @Nullable String name, String birth) {
        Whose whose = examinations
                .surroundings()
                .judge()
                .whose(new ExtractIdentity(number, name, null, birth, "F", accession, null), study);
        boolean is4711 = ref("4711").equals(whose.ref());
        boolean is4712 = ref("4712").equals(whose.ref());
        return whose.state() + " " + whose.how() + (is4711 ? " 4711" : is4712 ? " 4712" : "");
    }

    private String ref(String number) {
        return store.key().patient(new PatientId(number, "CHU", "PI"));
    }

    @Test
    void anExaminationIsItsOrdersPatients() {
        assertEquals("MATCHED study 4711", whose("4711", null, "1.9.1", "MEZIANE^LAILA", "19700131"));
        assertEquals("MATCHED study 4711", whose(null, null, "1.9.1", null, ""));
        assertEquals("MATCHED accession 4712", whose("4712", "A2", "1.5", "Meziane^L", "19700131"));
        Order second = store.orders().book().get("o2", 0).orElseThrow();
        assertEquals("MATCHED study 4712", whose("4712", null, Surroundings.study(second), null, ""));
    }

    @Test
    void withoutAnOrderItIsTheHospitalsPatientOfThatNumber() {
        assertEquals("MATCHED patient-id 4711", whose("4711", "A9", "1.5", "MEZIANE^LAILA", "19700131"));
        assertEquals("MATCHED patient-id 4711", whose("4711", null, "1.5", "Meziane^Laila", ""));
    }

    @Test
    void whatNobodyKnowsIsUnmatched() {
        assertEquals("UNMATCHED ", whose("9999", "A9", "1.5", "Méziane^Laïla", "19700131"));
        assertEquals("UNMATCHED ", whose(null, "A9", "", null, ""));
        assertEquals("UNMATCHED ", whose("4712", null, "1.5", "Meziane^L", "19700131"), "ordered for, not examined");
        assertEquals("UNMATCHED ", whose(null, "A1", "1.5", null, ""), "an accession number alone");
    }

    @Test
    void whatContradictsItselfIsNobodys() {
        assertEquals("CONFLICT ", whose("4712", "A1", "1.5", "Meziane^L", "19700131"), "another's accession number");
        assertEquals("CONFLICT ", whose("4711", null, "1.9.1", "Meziane^L", "19710131"), "born on another day");
        assertEquals("CONFLICT ", whose("4711", null, "1.5", "Benali^Omar", ""), "another name");
        assertEquals("CONFLICT ", whose("4711", null, "1.5", "Meziane^L", "19320404"), "born on another day");
    }

    /** A box that only takes images says nothing of patients; one with orders alone names theirs. */
    @Test
    void withoutTheHospitalOrdersAloneSayWhose() throws IOException {
        try (PatientStore other = PatientStore.open(folder.resolve("others"))) {
            Examinations alone = new Examinations(other, null, "CHU");
            ExtractIdentity said = new ExtractIdentity("4711", null, null, null, null, "A1", null);
            assertEquals(Whose.UNASKED, alone.surroundings().judge().whose(said, ""));
            alone.keep(List.of(new Change.Put(store.orders().book().get("o1", 0).orElseThrow())));
            String ref = other.key().patient(new PatientId("4711", "CHU", ""));
            assertEquals(
                    Whose.matched(ref, "accession"),
                    alone.surroundings().judge().whose(said, ""));
            assertEquals(Whose.UNMATCHED, alone.surroundings().judge().whose(said("4713"), ""));
        }
    }

    private static ExtractIdentity said(String number) {
        return new ExtractIdentity(number, null, null, null, null, null, null);
    }

    /** The order may be older than the hospital's correction of the name. */
    @Test
    void theWorklistHasNamesAsTheHospitalHasThem() {
        List<Order> found =
                examinations.surroundings().scheduled().find(new StepQuery("CT", "", "", "A1", "", "", "", ""));
        assertEquals("Méziane", found.get(0).patient().family());
        assertEquals("1970-01-31", found.get(0).patient().birth());
        found = examinations.surroundings().scheduled().find(new StepQuery("", "", "", "A2", "", "", "", ""));
        assertEquals("Meziane", found.get(0).patient().family());
    }
}
