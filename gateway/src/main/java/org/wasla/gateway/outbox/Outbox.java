package org.wasla.gateway.outbox;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The buffer: what an append has returned for would survive the plug being pulled. Thread-safe.
 *
 * <p>Entries come back in order of their position within an urgency, until they are marked as published. An append
 * that
 * failed may still have been kept when the disk failed in the middle of it: at least once, never less.
 */
public final class Outbox implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final BufferDir dir;
    private final StoreOpener opener;
    private final Pending pending;
    private final Committer committer;
    private final LongSupplier nowNs;
    private final Thread thread;

    private Outbox(BufferDir dir, StoreOpener opener, Pending pending, Committer committer, LongSupplier nowNs) {
        this.dir = dir;
        this.opener = opener;
        this.pending = pending;
        this.committer = committer;
        this.nowNs = nowNs;
        this.thread = new Thread(committer, "outbox");
        this.thread.setDaemon(true);
    }

    /**
     * Opens the buffer, or makes one; a damaged one is set aside. Throws when the directory is in use or not
     * writable.
     */
    public static Outbox open(OutboxSettings settings) throws IOException {
        return open(settings, System::nanoTime, "file:");
    }

    /** With another monotonic clock, and H2's name for another file system. */
    static Outbox open(OutboxSettings settings, LongSupplier nowNs, String scheme) throws IOException {
        BufferDir dir = BufferDir.lock(settings.dir());
        try {
            StoreOpener opener = new StoreOpener(dir, scheme);
            Pending pending = new Pending(settings.commitMs());
            Outbox outbox = new Outbox(dir, opener, pending, committer(settings, opener, pending, nowNs), nowNs);
            outbox.thread.start();
            LOG.info(
                    "buffer open dir={} epoch={} boot={} waiting={}",
                    settings.dir(),
                    outbox.epoch(),
                    outbox.boot(),
                    outbox.committer.progress().waiting().entries());
            return outbox;
        } catch (IOException | RuntimeException e) {
            dir.close();
            throw e;
        }
    }

    private static Committer committer(OutboxSettings settings, StoreOpener opener, Pending pending, LongSupplier nowNs)
            throws IOException {
        Store store = opener.open();
        try {
            return new Committer(settings, opener, store, pending, nowNs);
        } catch (SQLException | RuntimeException e) {
            store.abandon();
            throw opener.cannot(e);
        }
    }

    /** The identity of the buffer, 8 hex; changes only when a new buffer takes over. */
    public String epoch() {
        return committer.epoch();
    }

    /** How often this buffer has been opened, from 1. */
    public long boot() {
        return committer.boot();
    }

    /**
     * Returns when all drafts would survive the plug being pulled; all or nothing. Blocks while too many others wait.
     * Throws at once while the store cannot write, and when what waits to be published fills the budget.
     */
    public void append(List<Draft> drafts) throws IOException {
        if (drafts.isEmpty()) {
            return;
        }
        Batch batch = new Batch(drafts, System.nanoTime());
        try {
            pending.put(batch);
        } catch (IOException e) {
            committer.countRefused(drafts.size());
            throw e;
        }
        batch.await();
    }

    /**
     * At most {@code max} durable, unpublished entries of one urgency after this position, in order. Do not
     * interrupt a
     * thread in here: that closes H2's file under it.
     */
    public List<Entry> next(Urgency urgency, long afterPosition, int max) throws IOException {
        Store store = committer.store();
        if (store == null) {
            throw new IOException("the buffer in " + dir.path() + " cannot be read now: " + committer.lastError());
        }
        long upTo = committer.horizon().position();
        long after = Math.max(afterPosition, committer.progress().mark(urgency));
        List<Entry> unpublished = new ArrayList<>();
        try {
            while (unpublished.isEmpty() && after < upTo) {
                List<Entry> rows = store.read(urgency, after, upTo, max);
                if (rows.isEmpty()) {
                    break;
                }
                after = rows.get(rows.size() - 1).position();
                rows.removeIf(entry -> committer.progress().isPublished(urgency, entry.position()));
                unpublished.addAll(rows);
            }
        } catch (SQLException | RuntimeException e) {
            committer.readFailed(store);
            throw new IOException("the buffer in " + dir.path() + " cannot be read: " + Cause.text(e), e);
        }
        return unpublished;
    }

    /**
     * The platform has these, in any order. Cheap: the marks reach the disk with the next commit or within about a
     * second; a crash before that only sends some entries twice.
     */
    public void published(List<Entry> entries) throws IOException {
        committer.progress().published(entries);
    }

    /** The position of the newest durable entry of any urgency. */
    public long position() {
        return committer.horizon().position();
    }

    /** A position beyond which there is nothing durable of this urgency; rises only when some may have come. */
    public long position(Urgency urgency) {
        return committer.horizon().position(urgency);
    }

    /** Waits until something durable lies beyond this position; false when nothing came in time. */
    public boolean awaitWork(long seenPosition, long waitMs) throws InterruptedException {
        return committer.horizon().await(seenPosition, waitMs);
    }

    /** Whether the entry became durable in an earlier run, or more than 10 s ago by monotonic time. */
    public boolean late(Entry entry) {
        return committer.horizon().isLate(entry.position(), nowNs.getAsLong());
    }

    /** Every entry up to this position is late, see {@link #late}; rises with time. */
    public long lateThrough() {
        return committer.horizon().latePosition(nowNs.getAsLong());
    }

    /**
     * What the buffer still holds of one stream, published or not: numbers {@code from} to {@code to}, both included,
     * in order, at most {@code max} entries. Numbers that it no longer holds are missing from the list.
     */
    public List<Entry> stream(String device, String kind, long from, long to, int max) throws IOException {
        Store store = committer.store();
        if (store == null) {
            throw new IOException("the buffer in " + dir.path() + " cannot be read now: " + committer.lastError());
        }
        try {
            return store.stream(new Stream(device, kind), from, to, max);
        } catch (SQLException | RuntimeException e) {
            committer.readFailed(store);
            throw new IOException("the buffer in " + dir.path() + " cannot be read: " + Cause.text(e), e);
        }
    }

    public OutboxStatus status() {
        Progress progress = committer.progress();
        Map<Urgency, Long> waiting = new EnumMap<>(Urgency.class);
        for (LaneState lane : progress.states()) {
            waiting.put(lane.urgency(), lane.waiting().entries());
        }
        return new OutboxStatus(
                waiting,
                progress.waiting().bytes(),
                progress.kept().entries(),
                dir.bytesOnDisk(),
                committer.accepted(),
                committer.refused(),
                progress.publishedCount(),
                committer.commits(),
                opener.quarantined(),
                committer.lastError());
    }

    /** Commits what waits, closes the files and gives the directory free. */
    @Override
    public void close() {
        pending.close();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        try {
            dir.close();
        } catch (IOException e) {
            LOG.warn("buffer lock not released error=\"{}\"", e.getMessage());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The store in use, so that a test can break it. */
    Store store() throws IOException {
        Store store = committer.store();
        if (store == null) {
            throw new InterruptedIOException("no store");
        }
        return store;
    }
}
