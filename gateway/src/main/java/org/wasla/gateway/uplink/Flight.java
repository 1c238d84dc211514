package org.wasla.gateway.uplink;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What has been published on one connection and is not yet acknowledged, at most a window of it. One thread; times are
 * monotonic, in ns.
 */
final class Flight {

    /**
     * One message under way; without a parcel it is a birth or a last value. The fields of its landing are written by
     * the client's thread before it is handed over.
     */
    static final class Ticket {
        private final String topic;
        private final @Nullable Parcel parcel;
        private final long bytes;
        private final long sentNs;
        private final boolean behindMany;
        private final long deliveredBefore;
        private final long deliveredBeforeNs;
        private boolean settled;
        private boolean landed;
        private int reason;
        private long landedNs;

        /** The one that landed before it, in the list of the landing. */
        @Nullable
        Ticket before;

        private Ticket(Flight flight, String topic, @Nullable Parcel parcel, long bytes, long sentNs) {
            this.topic = topic;
            this.parcel = parcel;
            this.bytes = bytes;
            this.sentNs = sentNs;
            this.behindMany = flight.bytesUnderWay + bytes > flight.pace.windowBytes() / 4 * 3;
            this.deliveredBefore = flight.delivered;
            this.deliveredBeforeNs = flight.deliveredNs;
        }

        /** False from the second time on: what the client says first stands. */
        synchronized boolean settle() {
            boolean first = !settled;
            settled = true;
            return first;
        }

        void landed(int code, long nowNs) {
            reason = code;
            landedNs = nowNs;
        }

        String topic() {
            return topic;
        }

        @Nullable
        Parcel parcel() {
            return parcel;
        }

        int reason() {
            return reason;
        }

        long bytes() {
            return bytes;
        }
    }

    private final int window;
    private final Pace pace = new Pace();
    private final ArrayDeque<Ticket> tickets = new ArrayDeque<>();
    private int underWay;
    private long bytesUnderWay;
    private long delivered;
    private long deliveredNs;

    Flight(int window) {
        this.window = window;
    }

    Ticket start(String topic, @Nullable Parcel parcel, long bytes, long nowNs) {
        if (underWay == 0) {
            deliveredNs = nowNs;
        }
        Ticket ticket = new Ticket(this, topic, parcel, bytes, nowNs);
        tickets.add(ticket);
        underWay++;
        bytesUnderWay += bytes;
        return ticket;
    }

    /** The message was acknowledged, with whatever reason. */
    void land(Ticket ticket) {
        if (take(ticket)) {
            delivered += ticket.bytes;
            deliveredNs = Math.max(deliveredNs, ticket.landedNs);
            pace.acknowledged(
                    delivered - ticket.deliveredBefore,
                    ticket.landedNs - ticket.deliveredBeforeNs,
                    ticket.landedNs - ticket.sentNs,
                    ticket.behindMany,
                    ticket.landedNs);
        }
    }

    /** The message never left. */
    void cancel(Ticket ticket) {
        take(ticket);
    }

    private boolean take(Ticket ticket) {
        if (ticket.landed) {
            return false;
        }
        ticket.landed = true;
        underWay--;
        bytesUnderWay -= ticket.bytes;
        Ticket first = tickets.peek();
        while (first != null && first.landed) {
            tickets.poll();
            first = tickets.peek();
        }
        return true;
    }

    boolean isFull() {
        return underWay >= window;
    }

    /** Whether as many bytes are under way as the link carries in about a second. */
    boolean isHeavy() {
        return underWay > 0 && bytesUnderWay >= pace.windowBytes();
    }

    int size() {
        return underWay;
    }

    /** The one message under way, null when there are more or none. */
    @Nullable
    Ticket only() {
        return underWay == 1 ? tickets.peek() : null;
    }

    int window() {
        return window;
    }

    long windowBytes() {
        return pace.windowBytes();
    }

    /** How long the oldest has been under way, 0 when there is none. */
    long oldestNs(long nowNs) {
        Ticket first = tickets.peek();
        return first == null ? 0 : nowNs - first.sentNs;
    }
}
