package org.wasla.gateway.orders;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * All that is ordered, oldest first, at most {@value #ORDERS_MAX}. Immutable: a change gives another book. What is over is
 * found no more, and leaves the book with the next change. Times are UTC in ms.
 */
public final class OrderBook {
    public static final int ORDERS_MAX = 10_000;
    public static final OrderBook NONE = new OrderBook(Map.of(), Set.of());

    private final Map<String, Order> orders;
    private final Set<Change.Taken> taken;

    private OrderBook(Map<String, Order> orders, Set<Change.Taken> taken) {
        this.orders = orders;
        this.taken = taken;
    }

    /**
     * The book after these changes, in their order. It may be too full, see {@link #problems}.
     *
     * @param nowMs what is over by then is left out
     */
    public OrderBook with(List<Change> changes, long nowMs) {
        Map<String, Order> next = new LinkedHashMap<>(orders);
        Set<Change.Taken> marks = new LinkedHashSet<>(taken);
        for (Change change : changes) {
            if (change instanceof Change.Put put) {
                next.remove(put.order().id());
                next.put(put.order().id(), put.order());
                marks.removeIf(mark -> mark.id().equals(put.order().id()));
            } else if (change instanceof Change.Cancel cancel) {
                next.remove(cancel.id());
            } else if (change instanceof Change.Taken mark) {
                marks.add(mark);
            }
        }
        next.values().removeIf(order -> nowMs >= order.untilMs());
        marks.removeIf(mark -> !next.containsKey(mark.id()));
        return new OrderBook(next, marks);
    }

    /**
     * What speaks against a book with these changes: it would hold too much, or one tube would be two patients'. Without
     * anything of a patient.
     */
    public List<String> problems(List<Change> changes, long nowMs) {
        List<String> problems = new ArrayList<>();
        OrderBook next = with(changes, nowMs);
        if (next.orders.size() > ORDERS_MAX) {
            problems.add("that makes " + next.orders.size() + " orders, and the box keeps " + ORDERS_MAX
                    + "; cancel some, or let them end sooner");
        }
        Map<String, Order> ofSpecimens = new LinkedHashMap<>();
        for (Order order : next.orders.values()) {
            Order other = order.specimen().isEmpty() ? null : ofSpecimens.putIfAbsent(order.specimen(), order);
            if (other != null && !isSame(order.patient(), other.patient())) {
                problems.add("order " + order.id() + " is on the specimen of order " + other.id()
                        + ", which is another patient's; cancel one of them");
            }
        }
        return problems;
    }

    private static boolean isSame(Order.Patient one, Order.Patient other) {
        return one.number().equals(other.number()) && one.authority().equals(other.authority());
    }

    /** In the order in which they were put; those that are over too. */
    public Collection<Order> all() {
        return List.copyOf(orders.values());
    }

    public Set<Change.Taken> taken() {
        return Set.copyOf(taken);
    }

    public Optional<Order> get(String id, long nowMs) {
        return Optional.ofNullable(orders.get(id)).filter(order -> nowMs < order.untilMs());
    }

    /** The tests on a tube that a device is to make. */
    public List<Order> ofSpecimen(String specimen, String device, long nowMs) {
        return found(order -> !specimen.isEmpty()
                && order.specimen().equals(specimen)
                && !order.tests().isEmpty()
                && order.isFor(device, nowMs));
    }

    public List<Order> ofPatient(String number, long nowMs) {
        return found(order -> !number.isEmpty() && order.patient().number().equals(number) && nowMs < order.untilMs());
    }

    /** The tests that name this device and that it has not taken. */
    public List<Order> untaken(String device, long nowMs) {
        return found(order -> order.devices().contains(device)
                && !order.tests().isEmpty()
                && order.isFor(device, nowMs)
                && !taken.contains(new Change.Taken(order.id(), device)));
    }

    /** The steps of examinations that are scheduled and match. */
    public List<Order> steps(StepQuery query, long nowMs) {
        return found(order -> nowMs < order.untilMs() && query.matches(order));
    }

    private List<Order> found(Predicate<Order> isMeant) {
        return orders.values().stream().filter(isMeant).toList();
    }
}
