package org.wasla.gateway.uplink;

import java.io.IOException;

/** What a connection tells the uplink's thread. Immutable. */
sealed interface LinkEvent {

    /** Handles the event; throws when the connection is of no more use. */
    void deliver(Handler handler) throws IOException;

    /** Who handles events, on the uplink's thread. */
    interface Handler {
        void acknowledged(Flight.Ticket ticket, int reason) throws IOException;
    }

    /** The broker has answered; below 0x80 it has the message. */
    record Acknowledged(Flight.Ticket ticket, int reason) implements LinkEvent {
        @Override
        public void deliver(Handler handler) throws IOException {
            handler.acknowledged(ticket, reason);
        }
    }

    /** The connection is gone. */
    record Lost(String cause) implements LinkEvent {
        @Override
        public void deliver(Handler handler) throws IOException {
            throw new IOException(cause);
        }
    }
}
