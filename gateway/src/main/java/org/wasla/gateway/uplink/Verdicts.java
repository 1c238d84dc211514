package org.wasla.gateway.uplink;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;

/**
 * What the broker said of each message of one connection: marked in the buffer as sent, held back, or given up. One
 * thread.
 */
final class Verdicts {

    private static final Logger LOG = LoggerFactory.getLogger(Verdicts.class);

    private final Landing landing;
    private final Outbox outbox;
    private final Delivery.Shared shared;
    private final Flight flight;
    private final Oversize oversize;
    private final List<Entry> acknowledged = new ArrayList<>();
    private boolean stale;

    Verdicts(Landing landing, Outbox outbox, Delivery.Shared shared, Flight flight, Oversize oversize) {
        this.landing = landing;
        this.outbox = outbox;
        this.shared = shared;
        this.flight = flight;
        this.oversize = oversize;
    }

    /** Whether a topic was released whose entries were passed over: they must be read again. */
    boolean hasReleased() {
        return stale;
    }

    /** They are read again. */
    void readAgain() {
        stale = false;
    }

    /** All that have been acknowledged; those behind a refusal count too. */
    void land() throws IOException {
        long bytes = 0;
        boolean toNobody = false;
        for (Flight.Ticket ticket = landing.take(); ticket != null; ticket = ticket.before) {
            flight.land(ticket);
            if (ticket.reason() >= Reason.FIRST_FAILURE) {
                refused(ticket);
            } else {
                accepted(ticket);
                bytes += ticket.bytes();
                toNobody = ticket.parcel() == null ? toNobody : ticket.reason() == Reason.NO_SUBSCRIBERS;
            }
        }
        if (!acknowledged.isEmpty()) {
            outbox.published(acknowledged);
            shared.gauges().sent(acknowledged.size(), bytes, toNobody, System.nanoTime());
            acknowledged.clear();
        }
        giveUpHopeless();
    }

    private void accepted(Flight.Ticket ticket) {
        Parcel parcel = ticket.parcel();
        if (shared.refusals().accepted(ticket.topic(), parcel)) {
            LOG.info("uplink topic is taken again topic={}", ticket.topic());
            stale = true;
            shared.lastValues().refresh();
        }
        if (parcel == null) {
            return;
        }
        Replay replay = parcel.replay();
        if (replay == null) {
            acknowledged.addAll(parcel.entries());
        } else {
            shared.replays().landed(replay, parcel);
        }
    }

    /** It was not sent: its topic waits, and the others go on. */
    private void refused(Flight.Ticket ticket) {
        Parcel parcel = ticket.parcel();
        String cause = Reason.text(ticket.reason());
        shared.gauges().failed(cause + " (topic " + ticket.topic() + ")");
        Replay replay = parcel == null ? null : parcel.replay();
        if (replay != null) {
            shared.replays().fail(replay, cause);
            return;
        }
        if (parcel != null) {
            shared.gauges().refused();
        }
        int times = shared.refusals().refused(ticket.topic(), parcel, ticket.reason(), System.nanoTime());
        if (Faults.isDue(times)) {
            LOG.warn("uplink topic waits topic={} cause=\"{}\" times={}", ticket.topic(), cause, times);
        }
    }

    private void giveUpHopeless() throws IOException {
        Refusals.Held hopeless = shared.refusals().hopeless();
        Parcel first = hopeless == null ? null : hopeless.first();
        if (hopeless != null && first != null && oversize.giveUp(first)) {
            shared.refusals().givenUp(hopeless);
            stale = true;
        }
    }

    /** The broker may have ended the connection over what was under way. */
    void blame(LostException lost) throws IOException {
        Flight.Ticket only = flight.only();
        Parcel parcel = only == null ? null : only.parcel();
        Replay replay = parcel == null ? null : parcel.replay();
        if (replay != null && Reason.isOfMessage(lost.reason())) {
            shared.replays().fail(replay, String.valueOf(lost.getMessage()));
            return;
        }
        String topic = only == null ? null : only.topic();
        shared.refusals().lost(lost.reason(), flight.size(), topic, parcel, System.nanoTime());
        giveUpHopeless();
        shared.gauges().refusals(shared.refusals());
    }
}
