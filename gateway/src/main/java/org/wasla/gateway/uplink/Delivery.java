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
 * The work on one connection: birth, then alarms, last values and all other entries, as many under way as the broker,
 * the link and the cap allow. One thread. Ends with an exception when the connection is of no more use.
 *
 * <p>Only the broker's own limit holds an alarm back.
 */
final class Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final long FULL_WAIT_MS = 250;
    /** While the window is full it waits a moment for a quarter of it, not for a single place. */
    private static final long BULK_WAIT_MS = 2;
    /**
     * While nothing waits to be sent new work ends the wait at once; an acknowledgement may take so long to be seen. In
     * the same way an alarm, while others wait for the link or the cap.
     */
    private static final long ACK_WAIT_MS = 10;

    private static final long IDLE_WAIT_MS = 100;
    private static final long LEAVE_MS = 1_000;
    private static final long SLICE_MS = 50;

    /** Why sending stopped. */
    private enum Stop {
        EMPTY,
        WINDOW,
        LINK,
        CAP
    }

    private final Session session;
    private final Outbox outbox;
    private final Shared shared;
    private final Timing timing;
    private final Feed feed;
    private final Flight flight;
    private final Bucket bucket;
    private final Oversize oversize;
    private final List<Entry> acknowledged = new ArrayList<>();
    private @Nullable Parcel held;
    private long refreshedNs = System.nanoTime();
    private boolean outboxFailed;

    /** What outlives a connection. */
    record Shared(
            UplinkSettings.Flow flow,
            Publications publications,
            LastValues lastValues,
            Replays replays,
            Greeting greeting,
            Gauges gauges) {}

    Delivery(Session session, Outbox outbox, Shared shared, Timing timing) {
        this.session = session;
        this.outbox = outbox;
        this.shared = shared;
        this.timing = timing;
        Packer packer = new Packer(session.packetBytesMax());
        this.feed = new Feed(Source.of(outbox), shared.flow(), shared.replays(), packer);
        this.flight = new Flight(session.window());
        this.bucket = new Bucket(shared.flow().rateBytes(), System.nanoTime());
        this.oversize = new Oversize(outbox, shared.gauges(), session.packetBytesMax());
    }

    void run(BooleanSupplier wanted) throws IOException, InterruptedException {
        String epoch = outbox.epoch();
        shared.replays().rewind();
        shared.lastValues().refresh();
        send(shared.publications().state("online"), null);
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
            // What was acknowledged before the end counts, and the client's last word names the cause best.
            boolean ended = session.landing().awaitEnd(SLICE_MS);
            LOG.debug("uplink connection ended last_word={}", ended);
            land();
            LostException lost = session.landing().lostBy();
            throw lost == null ? e : lost;
        }
    }

    private void step() throws IOException, InterruptedException {
        long seen = outbox.position();
        long nowNs = System.nanoTime();
        if (flight.oldestNs(nowNs) > TimeUnit.MILLISECONDS.toNanos(timing.ackWaitMs())) {
            throw new IOException("no acknowledgement within " + timing.ackWaitMs() + " ms");
        }
        refresh(nowNs);
        Stop stop = sendAll();
        shared.gauges().flight(flight, feed);
        await(stop, seen);
        land();
        LostException lost = session.landing().lostBy();
        if (lost != null) {
            throw lost;
        }
    }

    private void await(Stop stop, long seen) throws InterruptedException {
        Landing landing = session.landing();
        switch (stop) {
            case EMPTY -> {
                long gatherMs = feed.gatherWaitMs(System.nanoTime());
                long waitMs = flight.size() > 0 ? ACK_WAIT_MS : IDLE_WAIT_MS;
                outbox.awaitWork(seen, gatherMs > 0 ? Math.min(gatherMs, waitMs) : waitMs);
            }
            case WINDOW -> {
                landing.await(Math.max(1, flight.window() / 4), TimeUnit.MILLISECONDS.toNanos(BULK_WAIT_MS));
                landing.await(1, TimeUnit.MILLISECONDS.toNanos(FULL_WAIT_MS));
            }
            case LINK -> landing.await(1, TimeUnit.MILLISECONDS.toNanos(ACK_WAIT_MS));
            case CAP ->
                landing.await(flight.size() + 1, TimeUnit.MILLISECONDS.toNanos(Math.min(ACK_WAIT_MS, bucket.waitMs())));
        }
    }

    /** Retained is a help, not a promise: a broker may have forgotten, and a platform may have come anew. */
    private void refresh(long nowNs) throws IOException {
        boolean isOld = nowNs - refreshedNs > TimeUnit.MILLISECONDS.toNanos(timing.refreshMs());
        if ((isOld || shared.greeting().isDue()) && !flight.isFull()) {
            refreshedNs = nowNs;
            shared.greeting().done();
            send(shared.publications().state("online"), null);
            shared.lastValues().refresh();
        }
    }

    /** Alarms, then last values, then all others; the next is chosen only when there is room for it. */
    private Stop sendAll() throws IOException {
        feed.refresh();
        while (!flight.isFull()) {
            long nowNs = System.nanoTime();
            boolean capped = !bucket.mayTake(nowNs);
            boolean alarmsOnly = capped || flight.isHeavy();
            Parcel parcel = held == null ? next(nowNs, alarmsOnly) : held;
            held = parcel;
            if (parcel == null && alarmsOnly) {
                return capped ? Stop.CAP : Stop.LINK;
            }
            if (parcel == null && shared.lastValues().nextDue() == null) {
                return Stop.EMPTY;
            }
            boolean sent = parcel == null ? sendLastValue() : send(parcel);
            if (!sent) {
                return Stop.WINDOW;
            }
            held = null;
        }
        return Stop.WINDOW;
    }

    /** Null when nothing waits that may go, or a last value is to go first. */
    private @Nullable Parcel next(long nowNs, boolean alarmsOnly) {
        try {
            Parcel parcel = feed.alarm(nowNs);
            if (parcel == null && !alarmsOnly && shared.lastValues().nextDue() == null) {
                parcel = feed.other();
            }
            outboxFailed = false;
            return parcel;
        } catch (IOException e) {
            if (!outboxFailed) {
                LOG.warn("uplink waits for the buffer cause=\"{}\"", e.getMessage());
            }
            outboxFailed = true;
            return null;
        }
    }

    private boolean send(Parcel parcel) throws IOException {
        Replay replay = parcel.replay();
        try {
            return send(shared.publications().of(parcel), parcel);
        } catch (RefusedException e) {
            if (replay == null) {
                if (e.isTooLarge() && oversize.giveUp(parcel)) {
                    return true;
                }
                throw e;
            }
            shared.replays().fail(replay, String.valueOf(e.getMessage()));
            return true;
        }
    }

    /** False when there was no room for it. */
    private boolean sendLastValue() throws IOException {
        String topic = shared.lastValues().nextDue();
        if (topic != null) {
            LastValues.Value value = shared.lastValues().value(topic);
            if (flight.isFull() || !sendLastValue(topic, value)) {
                return false;
            }
            shared.lastValues().told(topic, value);
        }
        return true;
    }

    /** One that the broker does not take counts as sent: the next may be smaller. So does one that no longer counts. */
    private boolean sendLastValue(String topic, LastValues.Value value) throws IOException {
        Long leftNs = value.leftNs(System.nanoTime());
        if (leftNs != null && leftNs <= 0) {
            return true;
        }
        long leftS = leftNs == null ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toSeconds(leftNs));
        try {
            return send(shared.publications().lastValue(topic, value.bytes(), leftS), null);
        } catch (RefusedException e) {
            shared.gauges().failed(e.getMessage() + " (topic " + topic + ")");
            LOG.warn("uplink retained value refused cause=\"{}\"", e.getMessage());
            return true;
        }
    }

    private boolean send(Publication publication, @Nullable Parcel parcel) throws IOException {
        long bytes = Bucket.cost(publication);
        Flight.Ticket ticket = flight.start(publication.topic(), parcel, bytes, System.nanoTime());
        boolean sent = false;
        try {
            sent = session.publish(publication, ticket);
        } finally {
            if (sent) {
                bucket.take(bytes);
            } else {
                flight.cancel(ticket);
            }
        }
        return sent;
    }

    /** All that have been acknowledged; those behind a refusal count too. */
    private void land() throws IOException {
        IOException refusal = null;
        long bytes = 0;
        boolean toNobody = false;
        for (Flight.Ticket ticket = session.landing().take(); ticket != null; ticket = ticket.before) {
            flight.land(ticket);
            if (ticket.reason() >= Reason.FIRST_FAILURE) {
                IOException refused = refused(ticket);
                refusal = refusal == null ? refused : refusal;
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
        if (refusal != null) {
            throw refusal;
        }
    }

    private void accepted(Flight.Ticket ticket) {
        Parcel parcel = ticket.parcel();
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

    /** What ends the connection, null when it can go on. */
    private @Nullable IOException refused(Flight.Ticket ticket) {
        Parcel parcel = ticket.parcel();
        shared.gauges().failed(Reason.text(ticket.reason()) + " (topic " + ticket.topic() + ")");
        if (parcel == null) {
            LOG.warn("uplink retained value refused cause=\"{}\"", Reason.text(ticket.reason()));
            return null;
        }
        Replay replay = parcel.replay();
        if (replay != null) {
            shared.replays().fail(replay, Reason.text(ticket.reason()));
            return null;
        }
        shared.gauges().refused();
        return new RefusedException(ticket.reason());
    }

    /** A moment for what is under way, then the state says that we left on purpose. */
    private void leave() throws IOException, InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEAVE_MS);
        while (shared.lastValues().nextDue() != null && System.nanoTime() - endNs < 0) {
            if (!sendLastValue()) {
                landSome(FULL_WAIT_MS);
            }
        }
        send(shared.publications().state("offline"), null);
        while (flight.size() > 0 && System.nanoTime() - endNs < 0) {
            landSome(SLICE_MS);
        }
        session.leave(LEAVE_MS);
    }

    private void landSome(long waitMs) throws IOException, InterruptedException {
        session.landing().await(1, TimeUnit.MILLISECONDS.toNanos(waitMs));
        land();
        LostException lost = session.landing().lostBy();
        if (lost != null) {
            throw lost;
        }
    }
}
