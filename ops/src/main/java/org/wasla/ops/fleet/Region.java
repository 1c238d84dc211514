package org.wasla.ops.fleet;

import java.net.InetSocketAddress;
import java.util.List;

/** What all lines share: where the brokers are, and whether there is a network at all. Thread-safe. */
final class Region {
    private final List<InetSocketAddress> servers;
    private final Meters meters = new Meters();
    private volatile boolean isDown;
    private volatile boolean hasJitter = true;

    Region(List<InetSocketAddress> servers) {
        this.servers = List.copyOf(servers);
    }

    List<InetSocketAddress> servers() {
        return servers;
    }

    Meters meters() {
        return meters;
    }

    boolean isDown() {
        return isDown;
    }

    void setDown(boolean down) {
        isDown = down;
    }

    boolean hasJitter() {
        return hasJitter;
    }

    /** Whether waits are random below their ceiling, as those of gateways are, or the ceiling itself. */
    void setJitter(boolean jitter) {
        hasJitter = jitter;
    }
}
