package org.wasla.gateway.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.orders.Order.Patient;
import org.wasla.gateway.orders.Order.Step;

/** A device is told what is ordered of it now, and nothing else: an order that is over or another's is none. */
class OrderBookTest {
    private static final Patient ANNA = new Patient("4711", "CHU", "Test", "Anna", "1970-01-31", "F");
    private static final Patient BRAHIM = new Patient("4712", "CHU", "Test", "Brahim", "1971", "M");
    private static final Step STEP =
            new Step("A-1", "RP-1", "Chest", "S-1", "CT", "CT1", "2026-06-16T08:00", "Thorax", "1.2.3", "Doc^Tor");

    private static Order order(String id, String specimen, Patient patient, @Nullable Step step, String... devices) {
        List<String> tests = specimen.isEmpty() ? List.of() : List.of("GLU", "CREA");
        return new Order(id, specimen, tests, "R", List.of(devices), patient, step, 1_000);
    }

    private static OrderBook book(Order... orders) {
        List<Change> changes = new ArrayList<>();
        Stream.of(orders).forEach(order -> changes.add(new Change.Put(order)));
        return OrderBook.NONE.with(changes, 0);
    }

    private static List<String> ids(List<Order> orders) {
        return orders.stream().map(Order::id).toList();
    }

    @Test
    void aTubeHasTheOrdersOfTheDeviceThatAsksInTheOrderGiven() {
        OrderBook book = book(
                order("1", "S1", ANNA, null),
                order("2", "S2", BRAHIM, null),
                order("3", "S1", ANNA, null, "c111"),
                order("4", "S1", ANNA, null, "e411"));
        assertEquals(List.of("1", "3"), ids(book.ofSpecimen("S1", "c111", 999)));
        assertEquals(List.of(), book.ofSpecimen("S1", "c111", 1_000));
        assertEquals(List.of(), book.ofSpecimen("", "c111", 1));
        assertEquals(List.of("1", "3", "4"), ids(book.ofPatient("4711", 1)));
    }

    @Test
    void aSecondOrderOfOneIdReplacesTheFirstAndIsToBeTakenAnew() {
        OrderBook book = book(order("1", "S1", ANNA, null, "c111"), order("2", "S2", ANNA, null, "c111"));
        assertEquals(List.of("1", "2"), ids(book.untaken("c111", 1)));
        book = book.with(List.of(new Change.Taken("1", "c111"), new Change.Taken("2", "e411")), 1);
        assertEquals(List.of("2"), ids(book.untaken("c111", 1)));
        book = book.with(List.of(new Change.Put(order("1", "S9", ANNA, null, "c111"))), 1);
        assertEquals(List.of("2", "1"), ids(book.untaken("c111", 1)));
        book = book.with(List.of(new Change.Cancel("2"), new Change.Cancel("never-was")), 1);
        assertEquals(List.of("1"), ids(book.untaken("c111", 1)));
        assertEquals(List.of(), book.with(List.of(), 1_000).all().stream().toList());
    }

    /** The results of such a tube would be told of the wrong patient: there is no second chance to notice. */
    @Test
    void aTubeOfTwoPatientsIsRefused() {
        OrderBook book = book(order("1", "S1", ANNA, null));
        List<String> problems = book.problems(List.of(new Change.Put(order("2", "S1", BRAHIM, null))), 1);
        assertEquals(1, problems.size());
        assertFalse(problems.get(0).contains("4711") || problems.get(0).contains("4712"), problems.get(0));
        assertEquals(List.of(), book.problems(List.of(new Change.Put(order("2", "S1", ANNA, null))), 1));
        assertEquals(
                List.of(),
                book.problems(List.of(new Change.Cancel("1"), new Change.Put(order("2", "S1", BRAHIM, null))), 1));
    }

    @Test
    void moreThanTheBoxKeepsIsRefused() {
        List<Change> many = new ArrayList<>();
        for (int i = 0; i <= OrderBook.ORDERS_MAX; i++) {
            many.add(new Change.Put(order("o" + i, "S" + i, ANNA, null)));
        }
        assertTrue(OrderBook.NONE.problems(many, 0).get(0).contains("keeps 10000; cancel some"));
        assertEquals(List.of(), OrderBook.NONE.problems(many.subList(1, many.size()), 0));
    }

    @Test
    void stepsAreFoundByEveryKeyOfAWorklist() {
        OrderBook book = book(order("1", "", ANNA, STEP), order("2", "S1", BRAHIM, null));
        assertEquals(List.of("1"), ids(book.steps(StepQuery.ALL, 1)));
        assertEquals(List.of(), book.steps(StepQuery.ALL, 1_000));
        List<StepQuery> found = List.of(
                new StepQuery("CT", "CT1", "20260616", "A-1", "4711", "Test^Anna", "RP-1", "S-1"),
                new StepQuery("C?", "*", "20260601-20260630", "A*", "47*1", "te*", "*1", "?-1"),
                new StepQuery("", "", "-20260616", "", "", "TEST^", "", ""),
                new StepQuery("", "", "20260616-", "", "", "*anna", "", ""));
        found.forEach(query -> assertEquals(List.of("1"), ids(book.steps(query, 1)), query.toString()));
        List<StepQuery> missed = List.of(
                new StepQuery("MR", "", "", "", "", "", "", ""),
                new StepQuery("", "CT2", "", "", "", "", "", ""),
                new StepQuery("", "", "20260617", "", "", "", "", ""),
                new StepQuery("", "", "20260617-", "", "", "", "", ""),
                new StepQuery("", "", "", "A", "", "", "", ""),
                new StepQuery("", "", "", "", "?4711", "", "", ""),
                new StepQuery("", "", "", "", "", "Test^B*", "", ""));
        missed.forEach(query -> assertEquals(List.of(), book.steps(query, 1), query.toString()));
    }

    /** A scanner's key of many stars must not hold the box up. */
    @Test
    void aKeyOfManyStarsIsAnsweredLikeAnyOther() {
        Step named = new Step("a".repeat(64), "", "", "", "", "", "", "", "", "");
        OrderBook book = book(order("1", "", ANNA, named));
        StepQuery hard = new StepQuery("", "", "", "*a".repeat(31) + "*b", "", "", "", "");
        assertEquals(List.of(), book.steps(hard, 1));
    }
}
