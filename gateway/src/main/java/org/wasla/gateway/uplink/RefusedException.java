package org.wasla.gateway.uplink;

import java.io.IOException;

/**
 * The broker is reachable and says no to a record: it is sent again, later and on another connection, unless it is one
 * that the broker will never take.
 */
final class RefusedException extends IOException {

    private static final long serialVersionUID = 1;

    private final int reason;

    RefusedException(int reason) {
        super(Reason.text(reason));
        this.reason = reason;
    }

    boolean isTooLarge() {
        return reason == Reason.PACKET_TOO_LARGE;
    }
}
