package org.wasla.gateway.outbox;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread {@code outbox}: takes all that waits, numbers it, makes it durable with one sync of the journal, and tells
 * the waiting. It never touches the store.
 *
 * <p>When the journal cannot be written appends are refused, and it is tried again with back-off. When the store does
 * not keep up, the committer waits; when the store cannot write at all and the tail is full, appends are refused too.
 */
final class Committer implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    /** Also how long a published mark may stay in memory only. */
    private static final long IDLE_MS = 1_000;

    private static final long BACKOFF_MIN_MS = 250;
    private static final long BACKOFF_MAX_MS = 15_000;
    private static final long GROUP_BYTES_MAX = 2L << 20;

    private final String epoch;
    private final Book book;
    private final Journal journal;
    private final Tail tail;
    private final Pending pending;
    private final Losses losses;
    private final GapEvents events;
    private final Horizon horizon;
    private final CatchUp catchUp;
    private final LongSupplier nowNs;
    private final Meter meter;
    private final ConcurrentLinkedQueue<Batch> own = new ConcurrentLinkedQueue<>();
    private int faults;
    private volatile @Nullable IOException storeFault;
    private volatile boolean full;
    private volatile @Nullable String lastError;
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong commits = new AtomicLong();

    Committer(Opened opened, Pending pending, Losses losses, GapEvents events, LongSupplier nowNs, Meter meter) {
        this.epoch = opened.epoch();
        this.book = opened.book();
        this.journal = opened.journal();
        this.tail = opened.tail();
        this.pending = pending;
        this.losses = losses;
        this.events = events;
        this.horizon = new Horizon(book.position());
        this.nowNs = nowNs;
        this.meter = meter;
        this.catchUp = new CatchUp(0, nowNs.getAsLong());
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

    /** One round, one attempt to write again, or one idle turn; false when closed and nothing is left. */
    boolean step() throws InterruptedException {
        if (faults > 0) {
            return retry();
        }
        List<Batch> waiting = pending.take(IDLE_MS, this::isUplinkBehind);
        try {
            if (journal.isLong()) {
                journal.trim();
            }
            awaitTail();
            if (waiting.isEmpty()) {
                idle();
            } else {
                long startNs = System.nanoTime();
                commit(waiting);
                pending.wrote(System.nanoTime() - startNs);
            }
        } catch (IOException | RuntimeException e) {
            fail(e, waiting);
        }
        return !(waiting.isEmpty() && pending.isOver());
    }

    private boolean isUplinkBehind() {
        Progress progress = book.progress();
        return catchUp.isBehind(progress.entriesWaiting(), progress.publishedCount(), nowNs.getAsLong());
    }

    /** What is in the tail is bound by the heap: the disk's pace is ours. What the store gives up goes in between. */
    private void awaitTail() throws InterruptedException, IOException {
        commitOwn();
        while (tail.isFull()) {
            tail.nudge();
            IOException fault = storeFault;
            if (!tail.awaitRoom(IDLE_MS) && fault != null) {
                throw fault;
            }
            commitOwn();
        }
    }

    private void commitOwn() throws IOException {
        for (Batch batch = own.poll(); batch != null; batch = own.poll()) {
            try {
                commit(List.of(batch));
            } catch (IOException | RuntimeException e) {
                batch.refused(new IOException("the buffer cannot write: " + Cause.text(e), e));
                throw e;
            }
        }
    }

    private void commit(List<Batch> waiting) throws IOException {
        Group group = newGroup();
        for (Batch batch : waiting) {
            if (full && batch.loss() == null) {
                refuse(batch, tooFull());
                continue;
            }
            try {
                group.add(batch);
            } catch (IOException e) {
                refuse(batch, e);
            }
            if (group.bytes() > GROUP_BYTES_MAX) {
                write(group);
                group = newGroup();
            }
        }
        write(group);
    }

    private Group newGroup() {
        return new Group(epoch, book, events, losses.isEmpty() ? Map.of() : losses.all());
    }

    private IOException tooFull() {
        return new IOException("the buffer is full: what waits for the platform fills it; restore the uplink,"
                + " or give buffer.max more room");
    }

    private void write(Group group) throws IOException {
        if (group.isEmpty()) {
            return;
        }
        List<Loss> given = group.given();
        List<LaneState> lanes = book.progress().takeDirty(given);
        Change change = new Change(lanes, group.moved(), group.entries());
        try {
            journal.append(change, book::state);
        } catch (IOException e) {
            book.progress().dirtyAgain(lanes);
            throw e;
        }
        book.apply(change, false);
        given.forEach(book.progress()::givenUp);
        losses.told(group.told());
        tail.add(group.entries());
        commits.incrementAndGet();
        accepted.addAndGet(group.entries().size());
        meter.add(group.entries().size(), nowNs.getAsLong());
        if (!group.entries().isEmpty()) {
            Set<Urgency> urgencies = EnumSet.noneOf(Urgency.class);
            group.entries().forEach(entry -> urgencies.add(entry.urgency()));
            horizon.advance(book.position(), nowNs.getAsLong(), urgencies);
        }
        group.batches().forEach(Batch::kept);
    }

    private void refuse(Batch batch, IOException why) {
        refused.addAndGet(batch.drafts().size());
        lastError = why.getMessage();
        if (!batch.isAwaited()) {
            losses.add(batch.drafts(), GapEvents.REFUSED);
        }
        batch.refused(why);
    }

    /** Marks reach the disk though nothing new comes, and losses are told though no record follows. */
    private void idle() throws IOException {
        if (!losses.isEmpty() && !full) {
            Group group = newGroup();
            group.tellAll();
            write(group);
            return;
        }
        List<LaneState> lanes = book.progress().takeDirty(List.of());
        if (!lanes.isEmpty()) {
            try {
                journal.note(new Change(lanes, Map.of(), List.of()), book::state);
            } catch (IOException e) {
                book.progress().dirtyAgain(lanes);
                throw e;
            }
        }
    }

    /** As if the group had never been: its numbers are given again. */
    private void fail(Exception e, List<Batch> waiting) {
        IOException cannot = new IOException("the buffer cannot write: " + Cause.text(e), e);
        if (e instanceof RuntimeException && faults == 0) {
            LOG.error("buffer failed by a fault of ours", e);
        }
        for (Batch batch = own.poll(); batch != null; batch = own.poll()) {
            batch.refused(cannot);
        }
        faults++;
        lastError = cannot.getMessage();
        for (Batch batch : waiting) {
            if (batch.refused(cannot)) {
                refused.addAndGet(batch.drafts().size());
                if (!batch.isAwaited()) {
                    losses.add(batch.drafts(), GapEvents.REFUSED);
                }
            }
        }
        refused.addAndGet(pending.shut(cannot));
        if (Integer.bitCount(faults) == 1) {
            LOG.error("buffer cannot write, records are refused count={} error=\"{}\"", faults, cannot.getMessage());
        }
    }

    private boolean retry() throws InterruptedException {
        long ceilingMs = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS << Math.min(faults, 10));
        pending.pause(ThreadLocalRandom.current().nextLong(BACKOFF_MIN_MS, ceilingMs + 1));
        if (pending.isClosed()) {
            return false;
        }
        try {
            if (tail.isFull() && !tail.awaitRoom(IDLE_MS)) {
                throw new IOException("the store does not take what waits for it");
            }
            journal.append(new Change(List.of(), Map.of(), List.of()), book::state);
        } catch (IOException e) {
            fail(e, List.of());
            return true;
        }
        LOG.warn("buffer writes again after_faults={}", faults);
        faults = 0;
        pending.open();
        return true;
    }

    private void end() {
        try {
            if (faults == 0) {
                idle();
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("buffer did not close cleanly error=\"{}\"", Cause.text(e));
        } finally {
            IOException closed = new IOException("the buffer is closed");
            refused.addAndGet(pending.shut(closed));
            for (Batch batch = own.poll(); batch != null; batch = own.poll()) {
                batch.refused(closed);
            }
            journal.close();
        }
    }

    // ---- thread-safe

    /** Returns when what is given up has been told, durably; when it throws nothing has been given up. */
    void give(Loss loss) throws IOException {
        Batch batch = Batch.of(loss);
        own.add(batch);
        pending.nudge();
        tail.wake();
        batch.await();
    }

    /** The store cannot write for this reason, or can again. */
    void storeFault(@Nullable IOException fault) {
        storeFault = fault;
        if (fault != null) {
            lastError = fault.getMessage();
        }
    }

    /** Nothing can be given up any more to make room, or something can. */
    void full(boolean isFull) {
        full = isFull;
    }

    boolean isFull() {
        return full;
    }

    void error(String error) {
        lastError = error;
    }

    Tail tail() {
        return tail;
    }

    Progress progress() {
        return book.progress();
    }

    Horizon horizon() {
        return horizon;
    }

    String epoch() {
        return epoch;
    }

    long lastNumber(Stream stream) {
        return book.stream(stream).last();
    }

    List<String> devices(String kind) {
        return book.streams().keySet().stream()
                .filter(stream -> stream.kind().equals(kind))
                .map(Stream::device)
                .sorted()
                .toList();
    }

    long boot() {
        return book.boot();
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
