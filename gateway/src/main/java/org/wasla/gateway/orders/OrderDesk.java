package org.wasla.gateway.orders;

import java.util.List;

/** What one device may know of the orders. Called on the device's thread; must not wait for anybody. */
public interface OrderDesk {
    /** Nothing is ever ordered. */
    OrderDesk NONE = new OrderDesk() {
        @Override
        public List<Order> ofSpecimen(String specimen) {
            return List.of();
        }

        @Override
        public List<Order> untaken() {
            return List.of();
        }

        @Override
        public void taken(List<Order> orders) {}
    };

    /** @return the tests that the device is to make on a tube, oldest order first; none when nothing is ordered */
    List<Order> ofSpecimen(String specimen);

    /** @return what is ordered of this device by name and was not taken yet, oldest first */
    List<Order> untaken();

    /** The device has taken these. */
    void taken(List<Order> orders);
}
