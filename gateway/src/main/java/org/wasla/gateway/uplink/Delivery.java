package org.wasla.gateway.uplink;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
    private static final int SLOW_PART = 4;
    /** So many that the broker refuses are passed over before acknowledgements are looked at again. */
    private static final int SKIPS_MAX = 1_024;

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
    private Feed feed;
    private final Flight flight;
    private final Bucket bucket;
    private final Oversize oversize;
    private final Verdicts verdicts;
    private final boolean quarantined;
    private @Nullable Parcel held;
    private long refreshedNs = System.nanoTime();
    private boolean outboxFailed;
    private int skipped;

    /** What outlives a connection. */
    record Shared(
            UplinkSettings.Flow flow,
            Standing standing,
            Publications publications,
            LastValues lastValues,
            Replays replays,
            Greeting greeting,
            Refusals refusals,
            Gauges gauges) {}

    Delivery(Session session, Outbox outbox, Shared shared, Timing timing) {
        this.session = session;
        this.outbox = outbox;
        this.shared = shared;
        this.timing = timing;
        this.feed = feed();
        this.flight = new Flight(session.window());
        this.bucket = new Bucket(shared.flow().rateBytes(), System.nanoTime());
        this.oversize = new Oversize(outbox, shared.gauges(), session.packetBytesMax());
        this.verdicts = new Verdicts(session.landing(), outbox, shared, flight, oversize);
        this.quarantined = shared.standing().isQuarantined();
    }

    private Feed feed() {
        long batchMax = shared.refusals().batchBytesMax();
        Packer packer = new Packer(Math.min(session.packetBytesMax(), batchMax));
        return new Feed(Source.of(outbox), shared.flow(), shared.replays(), packer);
    }

    void run(BooleanSupplier wanted) throws IOException, InterruptedException {
        String epoch = outbox.epoch();
        shared.replays().rewind();
        shared.refusals().connected(System.nanoTime());
        shared.lastValues().refresh();
        try {
            say("online");
            while (wanted.getAsBoolean()) {
                if (!epoch.equals(outbox.epoch())) {
                    throw new IOException("a fresh buffer has taken over; its birth needs a connection of its own");
                }
                if (quarantined != shared.standing().isQuarantined()) {
                    throw new IOException("the box has another certificate; it needs a connection of its own");
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
            verdicts.land();
            LostException lost = session.landing().lostBy();
            if (lost != null) {
                verdicts.blame(lost);
            }
            throw lost == null ? e : lost;
        }
    }

    /** Birth or goodbye, where the broker takes them. */
    private void say(String state) throws IOException {
        Publication publication = shared.publications().state(state);
        if (!shared.refusals().holds(publication.topic())) {
            send(publication, null);
        }
    }

    private void step() throws IOException, InterruptedException {
        long seen = outbox.position();
        long nowNs = System.nanoTime();
        long oldestNs = flight.oldestNs(nowNs);
        shared.gauges().slow(oldestNs > TimeUnit.MILLISECONDS.toNanos(timing.ackWaitMs()) / SLOW_PART);
        if (oldestNs > TimeUnit.MILLISECONDS.toNanos(timing.ackWaitMs())) {
            throw new IOException("no acknowledgement within " + timing.ackWaitMs() + " ms");
        }
        refresh(nowNs);
        Stop stop = !quarantined && tryHeld(nowNs) ? Stop.LINK : sendAll();
        shared.gauges().flight(flight, feed);
        shared.gauges().refusals(shared.refusals());
        await(stop, seen);
        verdicts.land();
        LostException lost = session.landing().lostBy();
        if (lost != null) {
            throw lost;
        }
    }

    /** Tries one topic that waits; true while nothing else may be sent. */
    private boolean tryHeld(long nowNs) throws IOException {
        Refusals refusals = shared.refusals();
        boolean stale = verdicts.hasReleased();
        if (stale && flight.size() == 0) {
            // What was passed over lies behind the cursors: a fresh feed reads it again.
            feed = feed();
            held = null;
            verdicts.readAgain();
            stale = false;
        }
        Refusals.Held due = refusals.due(nowNs);
        if (stale || refusals.isTryingAlone() || due != null && due.ends() && flight.size() > 0) {
            return true;
        }
        if (due != null && !isFull()) {
            Parcel first = due.first();
            refusals.tried(due);
            if (!send(
                    first == null
                            ? ownValue(due.topic())
                            : shared.publications().of(first),
                    first)) {
                refusals.notTried(due);
            }
            return due.ends();
        }
        return false;
    }

    private Publication ownValue(String topic) {
        Publication state = shared.publications().state("online");
        return topic.equals(state.topic())
                ? state
                : lastValue(topic, shared.lastValues().value(topic));
    }

    private Publication lastValue(String topic, LastValues.Value value) {
        Long leftNs = value.leftNs(System.nanoTime());
        long leftS = leftNs == null ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toSeconds(leftNs));
        return shared.publications().lastValue(topic, value.bytes(), leftS);
    }

    /** While a message is looked for that ends connections, one at a time. */
    private boolean isFull() {
        return shared.refusals().isCareful() ? flight.size() > 0 : flight.isFull();
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
        if ((isOld || shared.greeting().isDue()) && !isFull()) {
            refreshedNs = nowNs;
            shared.greeting().done();
            say("online");
            shared.lastValues().refresh();
        }
    }

    /** Alarms, then last values, then all others; the next is chosen only when there is room for it. */
    private Stop sendAll() throws IOException {
        feed.refresh();
        skipped = 0;
        while (!isFull()) {
            if (skipped >= SKIPS_MAX) {
                return Stop.LINK;
            }
            long nowNs = System.nanoTime();
            boolean capped = !bucket.mayTake(nowNs);
            boolean alarmsOnly = capped || flight.isHeavy();
            Parcel parcel = quarantined ? null : held == null ? next(nowNs, alarmsOnly) : held;
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
            Publication publication = shared.publications().of(parcel);
            return shared.refusals().holds(publication.topic()) ? skip(parcel) : send(publication, parcel);
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

    /** Its topic waits: it stays in the buffer, and a replay of it has failed. */
    private boolean skip(Parcel parcel) {
        Replay replay = parcel.replay();
        if (replay == null) {
            skipped++;
        } else {
            shared.replays().fail(replay, "the broker does not take this topic");
        }
        return true;
    }

    /** False when there was no room for it. */
    private boolean sendLastValue() throws IOException {
        String topic = shared.lastValues().nextDue();
        if (topic != null) {
            LastValues.Value value = shared.lastValues().value(topic);
            boolean waits =
                    quarantined && Topics.isOfDevice(topic) || shared.refusals().holds(topic);
            if (isFull() || !waits && !sendLastValue(topic, value)) {
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
        try {
            return send(lastValue(topic, value), null);
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

    /** A moment for what is under way, then the state says that we left on purpose. */
    private void leave() throws IOException, InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEAVE_MS);
        while (shared.lastValues().nextDue() != null && System.nanoTime() - endNs < 0) {
            if (!sendLastValue()) {
                landSome(FULL_WAIT_MS);
            }
        }
        say("offline");
        while (flight.size() > 0 && System.nanoTime() - endNs < 0) {
            landSome(SLICE_MS);
        }
        session.leave(LEAVE_MS);
    }

    private void landSome(long waitMs) throws IOException, InterruptedException {
        session.landing().await(1, TimeUnit.MILLISECONDS.toNanos(waitMs));
        verdicts.land();
        LostException lost = session.landing().lostBy();
        if (lost != null) {
            throw lost;
        }
    }
}
