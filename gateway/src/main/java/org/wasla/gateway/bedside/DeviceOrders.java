package org.wasla.gateway.bedside;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.identity.OrderStore;
import org.wasla.gateway.orders.Order;
import org.wasla.gateway.orders.OrderDesk;

/** What is ordered of one device, from the book on disk. Thread-safe. */
record DeviceOrders(OrderStore store, String device) implements OrderDesk {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceOrders.class);

    @Override
    public List<Order> ofSpecimen(String specimen) {
        return store.book().ofSpecimen(specimen, device, System.currentTimeMillis());
    }

    @Override
    public List<Order> untaken() {
        return store.book().untaken(device, System.currentTimeMillis());
    }

    @Override
    public void taken(List<Order> orders) {
        try {
            store.taken(orders, device, System.currentTimeMillis());
        } catch (IOException notKept) {
            LOG.warn(
                    "device={} orders taken, which is not kept: they are sent again cause=\"{}\"",
                    device,
                    notKept.getMessage());
        }
    }
}
