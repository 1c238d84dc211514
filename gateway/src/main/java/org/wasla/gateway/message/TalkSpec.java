package org.wasla.gateway.message;

import org.wasla.gateway.orders.OrderDesk;

/** How a kind of device is talked with; makes a conversation for each opening of its line. Immutable. */
public interface TalkSpec {
    Talk open(long nowNs);

    /** The same talk without a byte of ours: beside another reader on the line, and for captures. */
    TalkSpec listening();

    /** The same talk on a line that keeps packets apart, as a LAN does, or on a stream of bytes. Most do not differ. */
    default TalkSpec over(boolean datagrams) {
        return this;
    }

    /** The same talk with somebody who knows what is ordered of the device. Most devices do not ask. */
    default TalkSpec with(OrderDesk desk) {
        return this;
    }

    /** @return whether the device may be told what is ordered of it */
    default boolean takesOrders() {
        return false;
    }

    /** @return a frame that began is given up when the line is quiet for this long */
    long gapNs();

    /** @return without a good message for this long the device counts as silent */
    default long quietNs() {
        return 10_000_000_000L;
    }

    /** @return whether a checksum covers each frame, so that a damaged one is seen */
    boolean isChecked();
}
