package org.wasla.gateway.codec;

import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.orders.Order;
import org.wasla.gateway.orders.OrderDesk;

/** Orders in memory: the test is the platform. One thread. */
final class Desk implements OrderDesk {
    final List<Order> orders = new ArrayList<>();
    final List<String> taken = new ArrayList<>();

    Desk(Order... orders) {
        this.orders.addAll(List.of(orders));
    }

    static Order order(String id, String specimen, String... tests) {
        return order(id, specimen, Order.Patient.NONE, tests);
    }

    static Order order(String id, String specimen, Order.Patient patient, String... tests) {
        return new Order(id, specimen, List.of(tests), "R", List.of(), patient, null, Long.MAX_VALUE);
    }

    @Override
    public List<Order> ofSpecimen(String specimen) {
        return orders.stream()
                .filter(order -> order.specimen().equals(specimen))
                .toList();
    }

    @Override
    public List<Order> untaken() {
        return orders.stream().filter(order -> !taken.contains(order.id())).toList();
    }

    @Override
    public void taken(List<Order> accepted) {
        accepted.forEach(order -> taken.add(order.id()));
    }
}
