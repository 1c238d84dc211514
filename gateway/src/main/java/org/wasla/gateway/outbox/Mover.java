package org.wasla.gateway.outbox;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread {@code store}: moves what lies in the journal to the store in large synced writes, keeps the budget, and
 * replaces files that cannot be read. One thread, but for the getters.
 */
final class Mover implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Mover.class);
    private static final long LOOK_MS = 1_000;
    /** What is little is moved too when it has waited so long. */
    private static final long OLD_NS = TimeUnit.MINUTES.toNanos(10);
    /** A torn write has been seen to take back up to the last dozen small writes of a file: the journal keeps more. */
    private static final int SEASONED_MOVES = 12;

    private static final long BACKOFF_MIN_MS = 500;
    private static final long BACKOFF_MAX_MS = 15_000;

    private final BufferDir dir;
    private final Store store;
    private final Tail tail;
    private final Journal journal;
    private final Committer committer;
    private final Budget budget;
    private final String epoch;
    /** The position with which the buffer was opened. */
    private final long opened;

    private final GapEvents events;
    private final LongSupplier nowNs;
    private final Pending pending;
    private final ArrayDeque<Long> moves = new ArrayDeque<>();
    private final AtomicInteger setAside;
    private long movedNs;
    private long seasonedTo = -1;
    private int faults;
    private volatile boolean stopping;

    Mover(
            BufferDir dir,
            Opened opened,
            Committer committer,
            Budget budget,
            Pending pending,
            GapEvents events,
            LongSupplier nowNs) {
        this.dir = dir;
        this.store = opened.store();
        this.tail = opened.tail();
        this.journal = opened.journal();
        this.epoch = opened.epoch();
        this.opened = opened.book().position();
        this.committer = committer;
        this.budget = budget;
        this.pending = pending;
        this.events = events;
        this.nowNs = nowNs;
        this.setAside = new AtomicInteger(opened.setAside());
        this.movedNs = nowNs.getAsLong();
    }

    /** Ends the thread after the round that it is in. Thread-safe. */
    void stop() {
        stopping = true;
        tail.nudge();
    }

    int setAside() {
        return setAside.get();
    }

    @Override
    public void run() {
        try {
            while (!stopping) {
                tail.awaitWork(LOOK_MS);
                step();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            tail.unbind();
            close();
        }
    }

    /** One look: repair, move, make room, whatever is due. */
    void step() throws InterruptedException {
        try {
            repair();
            if (journal.isLong() && seasonedTo < upTo()) {
                season();
            } else if (tail.isWorthMoving() || isOld()) {
                move();
            }
            budget.keep();
            if (faults > 0) {
                LOG.warn("buffer store writes again after_faults={}", faults);
                faults = 0;
                committer.storeFault(null);
            }
        } catch (SQLException | IOException | RuntimeException e) {
            fail(e);
        }
    }

    private boolean isOld() {
        if (tail.bytes() == 0) {
            movedNs = nowNs.getAsLong();
        }
        return nowNs.getAsLong() - movedNs > OLD_NS;
    }

    /** Short runs leave a file of the journal each, and never enough for a move: all is moved, and seasoned, at once. */
    private void season() throws SQLException, IOException {
        long all = upTo();
        while (seasonedTo < all) {
            move();
        }
        pending.nudge();
    }

    /** Everything up to here is in the tail or in the store. */
    private long upTo() {
        return Math.max(opened, tail.last());
    }

    private void move() throws SQLException, IOException {
        long upTo = upTo();
        Map<Urgency, List<Entry>> entries = new EnumMap<>(Urgency.class);
        for (Urgency urgency : Urgency.values()) {
            entries.put(urgency, tail.upTo(urgency, upTo));
        }
        store.put(entries);
        tail.moved(upTo);
        movedNs = nowNs.getAsLong();
        moves.add(upTo);
        if (moves.size() > SEASONED_MOVES) {
            seasonedTo = moves.remove();
            journal.stored(seasonedTo);
        }
    }

    /** What fails here is tried again in the next round; until then who reads what may be missing is told so. */
    private void repair() throws SQLException, IOException {
        List<Suspects.Suspect> suspects = store.suspects().all();
        if (suspects.isEmpty()) {
            return;
        }
        store.suspend();
        try {
            mend(suspects);
        } finally {
            store.resume();
        }
        Coverage there = Coverage.of(store, store.suspects().names());
        tail.all().forEach(there::add);
        for (Suspects.Suspect suspect : suspects) {
            budget.tellDamage(suspect.seen(), there, events);
        }
        store.finishOld();
        for (Suspects.Suspect suspect : suspects) {
            store.suspects().clear(suspect.seen().name());
        }
    }

    /** First all that cannot be read, or none could be looked through for holes. */
    private void mend(List<Suspects.Suspect> suspects) throws SQLException, IOException {
        Repair repair = new Repair(dir, store, epoch);
        EnumSet<Series> found = EnumSet.noneOf(Series.class);
        try {
            for (Suspects.Suspect suspect : suspects) {
                Generation now =
                        store.find(suspect.seen().series(), suspect.seen().number());
                found.add(suspect.seen().series());
                if (now != null && !suspect.replaced() && isDamaged(now)) {
                    repair.replace(now.series(), now.number(), new IOException("it cannot be read"));
                }
            }
            for (Series series : found) {
                repair.fill(() -> holes(series));
            }
        } finally {
            setAside.addAndGet(repair.replaced());
        }
    }

    /** What the journal has of a series, and neither the store nor the tail. */
    private List<Entry> holes(Series series) throws IOException {
        long known = tail.last();
        Coverage there = Coverage.of(store, store.suspects().names());
        tail.all().forEach(there::add);
        List<Entry> holes = new ArrayList<>();
        new JournalReader(dir).replay(entry -> {
            if (entry.urgency().series() == series && entry.position() <= known && !there.holds(entry)) {
                holes.add(entry);
                there.add(entry);
            }
        });
        return holes;
    }

    /** A reader may have been unlucky: the file is looked at once more, all of it. */
    private boolean isDamaged(Generation generation) {
        generation.closeReader();
        try {
            long entries = 0;
            for (Generation.Place place : generation.places()) {
                entries += generation.read(place).size();
            }
            return entries < generation.contents().amount().entries();
        } catch (SQLException | IOException | RuntimeException e) {
            return !Cause.isNoSpace(e);
        }
    }

    /** The outcome of the last write is unknown: open files are opened again as they are on the disk. */
    private void fail(Exception e) throws InterruptedException {
        IOException fault = new IOException("the buffer's store cannot write: " + Cause.text(e), e);
        faults++;
        committer.storeFault(fault);
        if (Integer.bitCount(faults) == 1) {
            LOG.error("buffer store cannot write count={} error=\"{}\"", faults, Cause.text(e));
        }
        pending.pause(Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS << Math.min(faults, 5)));
        for (Generation generation : store.all()) {
            Suspects.Suspect suspect = store.suspects().find(generation.name());
            if (!generation.isFinished() && (suspect == null || suspect.replaced())) {
                reopen(generation);
            }
        }
        budget.keepQuietly();
    }

    private void reopen(Generation generation) {
        generation.abandon();
        try {
            Generation open = Generation.open(dir, generation.series(), generation.number(), epoch);
            if (holdsLess(open, generation)) {
                store.suspects().replaced(generation);
            }
            store.adopt(open);
        } catch (SQLException | RuntimeException e) {
            // A full disk says nothing against the file; anything else is looked at by the next repair.
            if (!Cause.isNoSpace(e)) {
                store.suspects().add(generation);
            }
        }
    }

    /** Whether H2 went back behind what was synced. What the tail still has need not be there. */
    private boolean holdsLess(Generation open, Generation known) {
        for (Urgency urgency : known.series().urgencies()) {
            Contents.Part part = known.contents().part(urgency);
            Contents.Part now = open.contents().part(urgency);
            List<Entry> waiting = tail.upTo(urgency, Long.MAX_VALUE);
            long synced = waiting.isEmpty() ? Long.MAX_VALUE : waiting.get(0).after();
            if (part != null && part.first() <= synced && (now == null || now.last() < Math.min(part.last(), synced))) {
                return true;
            }
        }
        return false;
    }

    private void close() {
        try {
            store.close();
        } catch (SQLException | RuntimeException e) {
            LOG.warn("buffer store did not close cleanly error=\"{}\"", Cause.text(e));
        }
    }
}
