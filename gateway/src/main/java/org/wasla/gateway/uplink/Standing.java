package org.wasla.gateway.uplink;

import org.wasla.gateway.tls.TlsClock;

/** How a box stands with the region. Thread-safe. */
public interface Standing {
    /** In good standing, on a machine whose clock is kept. */
    Standing GOOD = new Standing() {
        @Override
        public TlsClock clock() {
            return TlsClock.SYSTEM;
        }

        @Override
        public boolean isQuarantined() {
            return false;
        }
    };

    /** The time by which certificates are judged. */
    TlsClock clock();

    /**
     * Whether records are to wait in the buffer until somebody has confirmed the box: it then says only how it is, and takes
     * orders.
     */
    boolean isQuarantined();
}
