package org.wasla.gateway.outbox;

import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread {@code outbox}: takes all that waits, numbers it, makes it durable with one sync, and tells the waiting.
 *
 * <p>When the store fails it is dropped and opened again with back-off; until then appends are refused. Everything
 * here
 * belongs to the one thread, but for the getters and {@link #readFailed}.
 */
final class Committer implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    /** Also how long a published mark may stay in memory only. */
    private static final long IDLE_MS = 1_000;

    private static final long BACKOFF_MIN_MS = 250;
    private static final long BACKOFF_MAX_MS = 15_000;
    /** So many faults without one good commit between them, on a disk that can be written: the file is to blame. */
    private static final int FAULTS_MAX = 5;

    private final OutboxSettings settings;
    private final StoreOpener opener;
    private final Pending pending;
    private final Progress progress;
    private final Horizon horizon;
    private final LongSupplier nowNs;

    private final Map<Stream, Long> last = new HashMap<>();
    private long position;
    private int faults;
    /** Those of the faults that the store may be to blame for: a full disk says nothing against the file on it. */
    private int storeFaults;

    private volatile @Nullable Store store;
    private volatile @Nullable Store suspect;
    private volatile String epoch = "";
    private volatile long boot;
    private volatile @Nullable String lastError;
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong commits = new AtomicLong();

    Committer(OutboxSettings settings, StoreOpener opener, Store opened, Pending pending, LongSupplier nowNs)
            throws SQLException {
        this.settings = settings;
        this.opener = opener;
        this.pending = pending;
        this.nowNs = nowNs;
        this.progress = new Progress(opened.lanes());
        this.horizon = new Horizon(opened.lastPosition());
        adopt(opened);
    }

    @Override
    public void run() {
        try {
            while (step()) {}
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    /** One group, one attempt to open the store, or one idle turn; false when closed and nothing is left. */
    boolean step() throws InterruptedException {
        Store current = store;
        if (current == null) {
            return reopen();
        }
        List<Batch> waiting = pending.take(IDLE_MS);
        if (current.equals(suspect)) {
            fail(opener.cannot(new IOException("it cannot be read")), waiting);
            return true;
        }
        try {
            if (waiting.isEmpty()) {
                noteMarks(current);
            } else {
                commit(current, waiting);
            }
            trim(current);
        } catch (SQLException | RuntimeException e) {
            fail(opener.cannot(e), waiting);
        }
        return !(waiting.isEmpty() && pending.isClosed());
    }

    private void commit(Store current, List<Batch> waiting) throws SQLException {
        long bytesLeft = settings.budgetBytes() - progress.waiting().bytes();
        Group group = new Group(epoch, last, position, bytesLeft);
        for (Batch batch : waiting) {
            try {
                group.add(batch);
            } catch (IOException e) {
                refuse(batch, e);
            }
        }
        if (group.entries().isEmpty()) {
            return;
        }
        List<LaneState> lanes = progress.statesWith(group.put());
        current.commit(group.entries(), group.last(), lanes);
        last.putAll(group.last());
        position = group.position();
        faults = 0;
        storeFaults = 0;
        progress.written(lanes);
        horizon.advance(position, nowNs.getAsLong(), group.put().keySet());
        accepted.addAndGet(group.entries().size());
        commits.incrementAndGet();
        group.batches().forEach(Batch::kept);
    }

    private void refuse(Batch batch, IOException why) {
        refused.addAndGet(batch.drafts().size());
        lastError = why.getMessage();
        batch.refused(why);
    }

    private void noteMarks(Store current) throws SQLException {
        List<LaneState> lanes = progress.statesWith(Map.of());
        if (!lanes.isEmpty()) {
            current.note(lanes);
            progress.written(lanes);
        }
    }

    /** Published entries make room: a step after every commit, so that groups do not wait long for it. */
    private void trim(Store current) throws SQLException {
        long stored = progress.waiting().bytes() + progress.kept().bytes();
        long budget = settings.budgetBytes();
        if (stored > budget && progress.kept().entries() > 0) {
            progress.written(current.trim(progress.states(), stored - budget + budget / 50));
        }
    }

    /** The outcome of the last write is unknown: numbers and lanes are read again once the store is open again. */
    private void fail(IOException cannot, List<Batch> waiting) {
        Store failed = store;
        store = null;
        suspect = null;
        faults++;
        storeFaults += Cause.isNoSpace(cannot) ? 0 : 1;
        lastError = cannot.getMessage();
        for (Batch batch : waiting) {
            if (batch.refused(cannot)) {
                refused.addAndGet(batch.drafts().size());
            }
        }
        refused.addAndGet(pending.shut(cannot));
        if (Integer.bitCount(faults) == 1) {
            LOG.error("buffer cannot write, records are refused count={} error=\"{}\"", faults, cannot.getMessage());
        }
        if (failed != null) {
            failed.abandon();
        }
    }

    private boolean reopen() throws InterruptedException {
        long ceilingMs = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS << Math.min(faults, 10));
        pending.pause(ThreadLocalRandom.current().nextLong(BACKOFF_MIN_MS, ceilingMs + 1));
        if (pending.isClosed()) {
            return false;
        }
        try {
            readopt(
                    storeFaults > FAULTS_MAX
                            ? opener.replace(horizon.position(), new IOException(storeFaults + " faults in a row"))
                            : opener.reopen(progress.states(), horizon.position()));
        } catch (IOException e) {
            fail(e, List.of());
        }
        return true;
    }

    private void readopt(Store opened) throws IOException {
        String before = epoch;
        try {
            adopt(opened);
            if (before.equals(epoch)) {
                recount(opened);
            } else {
                progress.replace(opened.lanes());
            }
        } catch (SQLException | RuntimeException e) {
            opened.abandon();
            throw opener.cannot(e);
        }
        horizon.advance(position, nowNs.getAsLong(), EnumSet.allOf(Urgency.class));
        pending.open();
        LOG.warn("buffer writes again epoch={} after_faults={}", epoch, faults);
    }

    /** H2 may come back without rows that it had synced: that is said, and their numbers are not given again. */
    private void recount(Store opened) throws SQLException {
        List<LaneState> known = progress.states();
        List<LaneState> found = opened.recount(known);
        progress.recounted(found);
        long lost = stored(known) - stored(found);
        if (lost > 0) {
            lastError = "the store came back without " + lost + " entries that were durable";
            LOG.error("buffer lost durable entries count={} dir={}", lost, settings.dir());
        }
    }

    private static long stored(List<LaneState> lanes) {
        return lanes.stream()
                .mapToLong(lane -> lane.waiting().plus(lane.kept()).entries())
                .sum();
    }

    private void adopt(Store opened) throws SQLException {
        String opening = opened.epoch();
        if (!opening.equals(epoch)) {
            opened.countBoot();
            last.clear();
        }
        // What was acknowledged is never numbered again, not even when the disk has forgotten it.
        opened.streams().forEach((stream, seq) -> last.merge(stream, seq, Math::max));
        position = Math.max(opened.lastPosition(), horizon.position());
        boot = opened.boot();
        epoch = opening;
        store = opened;
    }

    /** A reader met an error in this store; the committer will open it again. Thread-safe. */
    void readFailed(Store failed) {
        if (failed.equals(store)) {
            suspect = failed;
            pending.nudge();
        }
    }

    private void end() {
        refused.addAndGet(pending.shut(new IOException("the buffer is closed")));
        Store current = store;
        store = null;
        if (current == null) {
            return;
        }
        try {
            noteMarks(current);
            current.close();
        } catch (SQLException | RuntimeException e) {
            LOG.warn("buffer did not close cleanly error=\"{}\"", Cause.text(e));
            current.abandon();
        }
    }

    // ---- thread-safe views

    @Nullable
    Store store() {
        return store;
    }

    Progress progress() {
        return progress;
    }

    Horizon horizon() {
        return horizon;
    }

    String epoch() {
        return epoch;
    }

    long boot() {
        return boot;
    }

    @Nullable
    String lastError() {
        return lastError;
    }

    long accepted() {
        return accepted.get();
    }

    long refused() {
        return refused.get();
    }

    /** Appends that never reached the queue. */
    void countRefused(int drafts) {
        refused.addAndGet(drafts);
    }

    long commits() {
        return commits.get();
    }
}
