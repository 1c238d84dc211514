package org.wasla.gateway.uplink;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.outbox.Entry;

/** What has been published on one connection and is not yet acknowledged, at most a window of it. One thread. */
final class Flight {

    /** One message under way; without an entry it is a birth or a last value. */
    static final class Ticket {
        private final String topic;
        private final @Nullable Entry entry;
        private final long sentNs;
        private boolean landed;

        private Ticket(String topic, @Nullable Entry entry, long sentNs) {
            this.topic = topic;
            this.entry = entry;
            this.sentNs = sentNs;
        }

        String topic() {
            return topic;
        }

        @Nullable
        Entry entry() {
            return entry;
        }
    }

    private final int window;
    private final ArrayDeque<Ticket> tickets = new ArrayDeque<>();
    private int underWay;

    Flight(int window) {
        this.window = window;
    }

    Ticket start(String topic, @Nullable Entry entry, long nowNs) {
        Ticket ticket = new Ticket(topic, entry, nowNs);
        tickets.add(ticket);
        underWay++;
        return ticket;
    }

    void land(Ticket ticket) {
        if (!ticket.landed) {
            ticket.landed = true;
            underWay--;
        }
        Ticket first = tickets.peek();
        while (first != null && first.landed) {
            tickets.poll();
            first = tickets.peek();
        }
    }

    boolean isFull() {
        return underWay >= window;
    }

    int size() {
        return underWay;
    }

    /** How long the oldest has been under way, 0 when there is none. */
    long oldestNs(long nowNs) {
        Ticket first = tickets.peek();
        return first == null ? 0 : nowNs - first.sentNs;
    }
}
