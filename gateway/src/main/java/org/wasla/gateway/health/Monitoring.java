package org.wasla.gateway.health;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.monitor.MetricsPort;

/** Opens the port for metrics where one is configured. Stateless. */
public final class Monitoring {
    private static final Logger LOG = LoggerFactory.getLogger(Monitoring.class);

    private Monitoring() {}

    /** A box without metrics runs as one with them. */
    public static @Nullable MetricsPort open(@Nullable InetSocketAddress listen, Supplier<String> health) {
        try {
            return listen == null ? null : new MetricsPort(listen, health);
        } catch (IOException unusable) {
            LOG.warn("metrics cannot be had listen={} cause=\"{}\"", listen, unusable.getMessage());
            return null;
        }
    }
}
