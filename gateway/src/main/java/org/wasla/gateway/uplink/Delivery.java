package org.wasla.gateway.uplink;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;

/**
 * The work on one connection: birth, last values, then entries by urgency and in order, as many under way as the
 * window
 * allows. One thread. Ends with an exception when the connection is of no more use.
 */
final class Delivery implements LinkEvent.Handler {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final long FULL_WAIT_MS = 250;
    /**
     * While nothing waits to be sent new work ends the wait at once; an acknowledgement may take so long to be seen.
     */
    private static final long ACK_WAIT_MS = 10;

    private static final long IDLE_WAIT_MS = 100;
    private static final long LEAVE_MS = 1_000;
    private static final long SLICE_MS = 50;

    private final Session session;
    private final Outbox outbox;
    private final Publications publications;
    private final LastValues lastValues;
    private final Gauges gauges;
    private final Timing timing;
    private final Feed feed;
    private final Flight flight;
    private final List<Entry> acknowledged = new ArrayList<>();
    private @Nullable Entry next;
    private long refreshedNs = System.nanoTime();
    private boolean outboxFailed;

    Delivery(
            Session session,
            Outbox outbox,
            Publications publications,
            LastValues lastValues,
            Gauges gauges,
            Timing timing) {
        this.session = session;
        this.outbox = outbox;
        this.publications = publications;
        this.lastValues = lastValues;
        this.gauges = gauges;
        this.timing = timing;
        this.feed = new Feed(outbox);
        this.flight = new Flight(session.window());
    }

    void run(BooleanSupplier wanted) throws IOException, InterruptedException {
        String epoch = outbox.epoch();
        send(publications.state("online"), null);
        try {
            while (wanted.getAsBoolean()) {
                if (!epoch.equals(outbox.epoch())) {
                    throw new IOException("a fresh buffer has taken over; its birth needs a connection of its own");
                }
                step();
            }
            leave();
        } catch (RefusedException e) {
            throw e;
        } catch (IOException e) {
            // What was acknowledged before the end counts, and the end's own event names the cause best.
            takeEvents(SLICE_MS);
            throw e;
        }
    }

    private void step() throws IOException, InterruptedException {
        long seen = outbox.position();
        long nowNs = System.nanoTime();
        if (flight.oldestNs(nowNs) > TimeUnit.MILLISECONDS.toNanos(timing.ackWaitMs())) {
            throw new IOException("no acknowledgement within " + timing.ackWaitMs() + " ms");
        }
        refresh(nowNs);
        boolean full = !sendLastValues() || !sendEntries();
        takeEvents(full ? FULL_WAIT_MS : 0);
        if (!full && !outbox.awaitWork(seen, flight.size() > 0 ? ACK_WAIT_MS : IDLE_WAIT_MS)) {
            takeEvents(0);
        }
    }

    /** Retained is a help, not a promise: a broker may have forgotten. */
    private void refresh(long nowNs) throws IOException {
        if (nowNs - refreshedNs > TimeUnit.MILLISECONDS.toNanos(timing.refreshMs()) && !flight.isFull()) {
            refreshedNs = nowNs;
            send(publications.state("online"), null);
            lastValues.refresh();
        }
    }

    /** False when there was no room for all. */
    private boolean sendLastValues() throws IOException {
        String topic = lastValues.nextDue();
        while (topic != null) {
            byte[] value = lastValues.value(topic);
            if (flight.isFull() || !send(publications.lastValue(topic, value), null)) {
                return false;
            }
            lastValues.told(topic, value);
            topic = lastValues.nextDue();
        }
        return true;
    }

    /** False when there was no room for all. */
    private boolean sendEntries() throws IOException {
        Entry entry = next();
        while (entry != null) {
            if (flight.isFull() || !send(publications.of(entry), entry)) {
                return false;
            }
            next = null;
            entry = next();
        }
        return true;
    }

    private @Nullable Entry next() {
        if (next == null) {
            try {
                next = feed.next();
                outboxFailed = false;
            } catch (IOException e) {
                if (!outboxFailed) {
                    LOG.warn("uplink waits for the buffer cause=\"{}\"", e.getMessage());
                }
                outboxFailed = true;
            }
        }
        return next;
    }

    private boolean send(Publication publication, @Nullable Entry entry) throws IOException {
        Flight.Ticket ticket = flight.start(publication.topic(), entry, System.nanoTime());
        boolean sent = session.publish(publication, ticket);
        if (!sent) {
            flight.land(ticket);
        }
        gauges.inFlight(flight.size());
        return sent;
    }

    /** All events there are, the first of them awaited; the acknowledgements behind a failure count too. */
    private void takeEvents(long waitMs) throws IOException, InterruptedException {
        IOException failure = null;
        LinkEvent event = session.poll(waitMs);
        while (event != null) {
            try {
                event.deliver(this);
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
            event = session.poll(0);
        }
        if (!acknowledged.isEmpty()) {
            outbox.published(acknowledged);
            acknowledged.clear();
        }
        gauges.inFlight(flight.size());
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void acknowledged(Flight.Ticket ticket, int reason) throws IOException {
        flight.land(ticket);
        Entry entry = ticket.entry();
        if (reason >= Reason.FIRST_FAILURE) {
            String cause = Reason.text(reason) + " (topic " + ticket.topic() + ")";
            gauges.failed(cause);
            if (entry != null) {
                gauges.refused();
                throw new RefusedException(Reason.text(reason));
            }
            LOG.warn("uplink retained value refused cause=\"{}\"", cause);
        } else if (entry != null) {
            acknowledged.add(entry);
            gauges.sent(reason == Reason.NO_SUBSCRIBERS);
        }
    }

    /** A moment for what is under way, then the state says that we left on purpose. */
    private void leave() throws IOException, InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEAVE_MS);
        while (!sendLastValues() && System.nanoTime() - endNs < 0) {
            takeEvents(FULL_WAIT_MS);
        }
        send(publications.state("offline"), null);
        while (flight.size() > 0 && System.nanoTime() - endNs < 0) {
            takeEvents(SLICE_MS);
        }
        session.leave(LEAVE_MS);
    }
}
