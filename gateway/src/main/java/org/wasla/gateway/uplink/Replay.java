package org.wasla.gateway.uplink;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.command.Command;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;

/**
 * One stream sent again: read in slices, parcel by parcel, done when all is acknowledged. One thread at a time:
 * {@link Replays} guards it.
 */
final class Replay {

    private static final int SLICE = 256;
    private static final int MISSING_MAX = 1_000;

    /** A parcel under way. */
    private static final class Sent {
        private final Parcel parcel;
        private boolean landed;

        Sent(Parcel parcel) {
            this.parcel = parcel;
        }
    }

    private final Command.Replay order;
    private final ArrayDeque<Entry> read = new ArrayDeque<>();
    private final ArrayDeque<Sent> underWay = new ArrayDeque<>();
    private final List<Answer.Range> missing = new ArrayList<>();
    private long next;
    private long acknowledged;
    private long records;
    private String failure = "";

    Replay(Command.Replay order) {
        this.order = order;
        this.next = order.from();
        this.acknowledged = order.from() - 1;
    }

    /** Whether there is a parcel to send; reads on when there was none. */
    boolean hasNext(Outbox outbox) throws IOException {
        while (failure.isEmpty() && read.isEmpty() && next <= order.to()) {
            String epoch = order.epoch();
            if (epoch != null && !epoch.equals(outbox.epoch())) {
                fail("the buffer has the epoch " + outbox.epoch() + "; what was in another one is not here");
                return false;
            }
            List<Entry> slice = outbox.stream(order.device(), order.kind(), next, order.to(), SLICE);
            for (Entry entry : slice) {
                miss(next, entry.seq() - 1);
                read.add(entry);
                next = entry.seq() + 1;
            }
            if (slice.isEmpty()) {
                miss(next, order.to());
                next = order.to() + 1;
            }
        }
        return failure.isEmpty() && !read.isEmpty();
    }

    private void miss(long from, long to) {
        if (from <= to && missing.size() < MISSING_MAX) {
            missing.add(new Answer.Range(from, to));
        }
    }

    Parcel next(Packer packer) {
        Parcel parcel = packer.pack(read, true, this);
        underWay.add(new Sent(parcel));
        return parcel;
    }

    void landed(Parcel parcel) {
        long number = parcel.first().seq();
        for (Sent sent : underWay) {
            sent.landed |= sent.parcel.first().seq() == number;
        }
        while (!underWay.isEmpty() && underWay.element().landed) {
            List<Entry> entries = underWay.remove().parcel.entries();
            records += entries.size();
            acknowledged = entries.get(entries.size() - 1).seq();
        }
    }

    /** The connection is gone: what was not acknowledged is sent again on the next. */
    void rewind() {
        underWay.clear();
        read.clear();
        next = acknowledged + 1;
        missing.removeIf(range -> range.from() > acknowledged);
    }

    void fail(String why) {
        failure = why;
    }

    boolean isOver() {
        return !failure.isEmpty() || next > order.to() && read.isEmpty() && underWay.isEmpty();
    }

    Answer answer() {
        boolean many = missing.size() == MISSING_MAX;
        String why =
                many && failure.isEmpty() ? "only the first " + MISSING_MAX + " missing ranges are named" : failure;
        return new Answer(order.client(), "replay", order.jti(), failure.isEmpty(), records, missing, why);
    }

    /** For the status. */
    String text() {
        return order.device() + "." + order.kind() + " " + order.from() + ".." + order.to() + " at " + acknowledged;
    }
}
