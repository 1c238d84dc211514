package org.wasla.gateway.uplink;

import java.io.IOException;

/** The connection has ended, with the broker's reason where it gave one. */
final class LostException extends IOException {

    private static final long serialVersionUID = 1;

    private final int reason;

    /** @param reason the code of the broker's DISCONNECT, 0 when it sent none */
    LostException(String message, int reason) {
        super(message);
        this.reason = reason;
    }

    /** The code of the broker's DISCONNECT, 0 when it sent none. */
    int reason() {
        return reason;
    }

    /** Whether another client has connected with our id. */
    boolean isTakenOver() {
        return reason == Reason.TAKEN_OVER;
    }
}
