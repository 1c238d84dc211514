package org.wasla.gateway.uplink;

import java.io.IOException;

/** The broker is reachable and says no to a record: it is sent again, later and on another connection. */
final class RefusedException extends IOException {

    private static final long serialVersionUID = 1;

    RefusedException(String cause) {
        super(cause);
    }
}
