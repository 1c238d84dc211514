package org.wasla.gateway.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.orders.Change;
import org.wasla.gateway.orders.Order;
import org.wasla.gateway.orders.Order.Patient;
import org.wasla.gateway.orders.Order.Step;
import org.wasla.gateway.patient.PatientId;

/** What was answered as done is there after a crash, no file tells for whom, and who is erased is ordered nothing. */
class OrderStoreTest {
    private static final Step STEP =
            new Step("A-1", "RP-1", "Chest", "S-1", "CT", "CT1", "2026-06-16T08:00", "Thorax", "1.2.3", "Secretdoc");

    @TempDir
    Path folder;

    private static Order order(String id, String number) {
        Patient whose = new Patient(number, "CHU", "Secretname\tx", "Given", "1970-01-31", "F");
        return new Order(id, "T-" + id, List.of("GLU", "K"), "S", List.of("c111", "c311"), whose, null, 5_000);
    }

    private static Change put(Order order) {
        return new Change.Put(order);
    }

    private PatientStore open() throws IOException {
        return PatientStore.open(folder.resolve("patients"));
    }

    private Path file() {
        return folder.resolve("patients/orders.log");
    }

    private static List<String> ids(PatientStore store) {
        return store.orders().book().all().stream().map(Order::id).toList();
    }

    @Test
    void whatWasOrderedAndTakenIsThereAgain() throws IOException {
        Order scan =
                new Order("2", "", List.of(), "R", List.of(), order("2", "N2").patient(), STEP, 5_000);
        try (PatientStore store = open()) {
            assertEquals(List.of(), store.orders().apply("p/j1", List.of(put(order("1", "N1")), put(scan)), 10));
            Order known = store.orders().book().get("1", 10).orElseThrow();
            store.orders().taken(List.of(known), "c111", 20);
        }
        try (PatientStore store = open()) {
            assertEquals(List.of("1", "2"), ids(store));
            Order again = store.orders().book().get("1", 10).orElseThrow();
            assertEquals("Secretname x", again.patient().family());
            assertEquals(List.of("GLU", "K"), again.tests());
            assertEquals(List.of("c111", "c311"), again.devices());
            assertEquals(STEP, store.orders().book().get("2", 10).orElseThrow().step());
            assertEquals(List.of(), store.orders().book().untaken("c111", 10));
            assertEquals(1, store.orders().book().untaken("c311", 10).size());
        }
        String bytes = Files.readString(file(), StandardCharsets.ISO_8859_1);
        assertFalse(bytes.contains("Secret") || bytes.contains("GLU"));
    }

    /** The broker repeats a command whose acknowledgement was lost: an order cancelled meanwhile must not come back. */
    @Test
    void aCommandThatComesTwiceCountsOnceAlsoAfterARestart() throws IOException {
        try (PatientStore store = open()) {
            store.orders().apply("p/j1", List.of(put(order("1", "N1"))), 10);
            store.orders().apply("p/j2", List.of(new Change.Cancel("1")), 10);
            assertEquals(List.of(), store.orders().apply("p/j1", List.of(put(order("1", "N1"))), 10));
            assertEquals(List.of(), ids(store));
        }
        try (PatientStore store = open()) {
            assertEquals(List.of(), store.orders().apply("p/j1", List.of(put(order("1", "N1"))), 10));
            assertEquals(List.of(), ids(store));
            store.orders().apply("q/j1", List.of(put(order("1", "N1"))), 10);
            assertEquals(List.of("1"), ids(store));
        }
    }

    /** Half a command could leave a tube with half of its tests, and nobody would know. */
    @Test
    void aCommandCutByAPowerFailureIsNotThereAtAll() throws IOException {
        try (PatientStore store = open()) {
            store.orders().apply("p/j1", List.of(put(order("1", "N1"))), 10);
        }
        int whole = Files.readAllBytes(file()).length;
        try (PatientStore store = open()) {
            store.orders().apply("p/j2", List.of(put(order("2", "N2")), put(order("3", "N3"))), 10);
        }
        byte[] all = Files.readAllBytes(file());
        for (int cut = whole; cut < all.length - 1; cut += 91) {
            Files.write(file(), Arrays.copyOf(all, cut));
            try (PatientStore store = open()) {
                assertEquals(List.of("1"), ids(store), "cut at " + cut);
            }
        }
        Files.write(file(), Arrays.copyOf(all, whole + 5));
        try (PatientStore store = open()) {
            store.orders().apply("p/j4", List.of(put(order("4", "N4"))), 10);
        }
        try (PatientStore store = open()) {
            assertEquals(List.of("1", "4"), ids(store));
        }
    }

    @Test
    void aRefusedCommandChangesNothing() throws IOException {
        try (PatientStore store = open()) {
            Order one = order("1", "N1");
            Order other = new Order(
                    "2",
                    one.specimen(),
                    one.tests(),
                    "R",
                    List.of(),
                    order("2", "N2").patient(),
                    null,
                    9);
            assertEquals(
                    1,
                    store.orders()
                            .apply("p/j1", List.of(put(one), put(other)), 1)
                            .size());
            assertEquals(List.of(), ids(store));
        }
    }

    @Test
    void whoIsErasedIsOrderedNothing() throws IOException {
        PatientId erased = new PatientId("N1", "CHU", "");
        try (PatientStore store = open()) {
            store.orders().apply("p/j1", List.of(put(order("1", "N1")), put(order("2", "N2"))), 10);
            String before = Files.readString(file(), StandardCharsets.US_ASCII);
            assertTrue(store.erase(store.key().patient(erased)));
            assertFalse(Files.readString(file(), StandardCharsets.US_ASCII).contains(before.substring(0, 40)));
            assertFalse(store.erase(store.key().patient(erased)));
        }
        try (PatientStore store = open()) {
            assertEquals(List.of("2"), ids(store));
        }
    }

    @Test
    void ordersOutliveANewKeyAndManyChanges() throws IOException {
        List<Change> many = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            many.add(put(order("o" + i, "N" + i)));
        }
        try (PatientStore store = open()) {
            for (int round = 0; round < 7; round++) {
                store.orders().apply("p/j" + round, many, 10);
            }
            assertTrue(Files.size(file()) < 2_500_000, "the file grows for ever: " + Files.size(file()));
            store.rotate();
            store.orders().apply("p/last", List.of(new Change.Cancel("o0")), 10);
        }
        try (PatientStore store = open()) {
            assertEquals(999, ids(store).size());
            store.orders().apply("p/j3", many, 10);
            assertEquals(999, ids(store).size(), "known before the key was changed");
            store.orders().apply("p/later", List.of(), 5_000);
            assertEquals(0, ids(store).size());
        }
    }
}
