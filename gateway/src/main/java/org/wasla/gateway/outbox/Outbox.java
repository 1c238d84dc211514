package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.vault.Safe;

/**
 * The buffer: what an append has returned for would survive the plug being pulled. Thread-safe.
 *
 * <p>A group of records goes to the journal with one sync, and from there to the store in large writes. Entries come
 * back in order of their position within an urgency, until they are marked as published. An append that failed may
 * still have been kept when the disk failed in the middle of it: at least once, never less.
 */
public final class Outbox implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final BufferDir dir;
    private final OutboxSettings settings;
    private final Opened opened;
    private final Pending pending;
    private final Losses losses;
    private final Budget budget;
    private final GapEvents events;
    private final Committer committer;
    private final Mover mover;
    private final EntryReader reader;
    private final LongSupplier nowNs;
    private final Meter acceptedMeter;
    private final Meter publishedMeter;
    private final Thread committing;
    private final Thread moving;

    private Outbox(BufferDir dir, OutboxSettings settings, Opened opened, GapEvents events, LongSupplier nowNs) {
        this.dir = dir;
        this.settings = settings;
        this.opened = opened;
        this.nowNs = nowNs;
        this.losses = new Losses();
        this.events = events;
        this.pending = new Pending(settings.commitMs(), losses);
        this.acceptedMeter = new Meter(nowNs.getAsLong());
        this.publishedMeter = new Meter(nowNs.getAsLong());
        this.committer = new Committer(opened, pending, losses, events, nowNs, acceptedMeter);
        this.budget = new Budget(dir, settings, opened, committer, events);
        this.mover = new Mover(dir, opened, committer, budget, pending, events, nowNs);
        this.reader = new EntryReader(opened, committer);
        this.committing = thread(committer, "outbox");
        this.moving = thread(mover, "store");
    }

    private static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Opens the buffer, or makes one. What cannot be read is set aside and made up for as far as it goes; the rest is
     * told by records of {@code events}. Throws when the directory is in use, or cannot be read or written.
     */
    public static Outbox open(OutboxSettings settings, GapEvents events) throws IOException {
        return open(settings, events, System::nanoTime, "file:");
    }

    /** With another monotonic clock, and H2's name for another file system. */
    static Outbox open(OutboxSettings settings, GapEvents events, LongSupplier nowNs, String scheme)
            throws IOException {
        BufferDir dir = BufferDir.lock(settings.dir(), scheme, settings.safe("buffer"));
        try {
            Opened opened = Recovery.open(dir, settings, events);
            Outbox outbox = new Outbox(dir, settings, opened, events, nowNs);
            outbox.start();
            return outbox;
        } catch (IOException | RuntimeException e) {
            dir.close();
            throw e;
        }
    }

    private void start() throws IOException {
        committing.start();
        moving.start();
        Loss damage = opened.damage();
        try {
            // The first group proves that the disk can be written, and tells what was lost.
            committer.give(damage);
        } catch (IOException e) {
            close();
            throw e;
        }
        if (!damage.gaps().isEmpty()) {
            LOG.error(
                    "buffer lost durable entries gaps={} dir={}", damage.gaps().size(), dir.path());
            committer.error(
                    "entries that were durable are lost: " + damage.gaps().size() + " gaps are told");
        }
        LOG.info(
                "buffer open dir={} epoch={} boot={} waiting={}",
                settings.dir(),
                epoch(),
                boot(),
                committer.progress().waitingInAll().entries());
    }

    /** The identity of the buffer, 8 hex; changes only when a new buffer takes over. */
    public String epoch() {
        return committer.epoch();
    }

    /** Where the buffer's files are; for files that are kept with it. */
    public Path directory() {
        return settings.dir();
    }

    /** Locks up what others keep with the buffer; locks nothing where the buffer is not encrypted. */
    public Safe safe(String purpose) {
        return settings.safe(purpose);
    }

    /** The newest durable number of a stream, 0 when it has none; right for who waits for all that it appends. */
    public long lastNumber(String device, String kind) {
        return committer.lastNumber(new Stream(device, kind));
    }

    /** The devices that have durable records of this kind, or had some in this buffer, in the order of their names. */
    public SortedSet<String> devices(String kind) {
        return committer.devices(kind);
    }

    /** How often this buffer has been opened, from 1. */
    public long boot() {
        return committer.boot();
    }

    /** Whether what is kept would survive the plug being pulled: not while the buffer lies in memory. */
    public boolean isDurable() {
        return settings.isDurable();
    }

    /** For who says of anything that it is safe. @throws IOException while the buffer lies in memory */
    public void requireDurable() throws IOException {
        if (!settings.isDurable()) {
            throw new IOException("the disk cannot be written and the buffer lies in memory: nothing can be confirmed");
        }
    }

    /** Whether all is refused because the disk cannot be written. */
    public boolean isStuck() {
        return pending.isStuck();
    }

    /**
     * Returns when all drafts would survive the plug being pulled; all or nothing. Blocks while too many others wait.
     * Throws at once while the disk cannot be written or the buffer lies in memory, and when what waits to be published
     * fills the budget.
     */
    public void append(List<Draft> drafts) throws IOException {
        try {
            requireDurable();
        } catch (IOException inMemory) {
            committer.countRefused(drafts.size());
            throw inMemory;
        }
        keep(drafts);
    }

    /** The same for who acknowledges nothing: in memory, what is there is as safe as it can be. */
    public void keep(List<Draft> drafts) throws IOException {
        if (drafts.isEmpty()) {
            return;
        }
        Batch batch = new Batch(drafts, System.nanoTime(), true);
        try {
            pending.put(batch);
        } catch (IOException e) {
            committer.countRefused(drafts.size());
            throw e;
        }
        batch.await();
    }

    /** Returns when all that was taken before would survive the plug being pulled: its numbers can be looked up then. */
    public void flush() throws IOException {
        Batch batch = new Batch(List.of(), System.nanoTime(), true);
        pending.put(batch);
        batch.await();
    }

    /**
     * Takes drafts that nobody waits for: returns as soon as they are queued, at most after about three seconds. What cannot
     * be kept is lost, the least urgent first, and its numbers are told by a gap event once there is room for one.
     * Throws when the drafts are refused at once; they are told likewise.
     */
    public void offer(List<Draft> drafts) throws IOException {
        if (drafts.isEmpty()) {
            return;
        }
        try {
            pending.put(new Batch(drafts, System.nanoTime(), false));
        } catch (IOException e) {
            committer.countRefused(drafts.size());
            throw e;
        }
    }

    /**
     * At most {@code max} durable, unpublished entries of one urgency after this position, in order. Do not interrupt a
     * thread in here: that closes H2's file under it.
     */
    public List<Entry> next(Urgency urgency, long afterPosition, int max) throws IOException {
        return reader.next(urgency, afterPosition, max);
    }

    /**
     * The platform has these, in any order. Cheap: the marks reach the disk with the next group or within about a
     * second; a crash before that only sends some entries twice.
     */
    public void published(List<Entry> entries) throws IOException {
        committer.progress().published(entries);
        publishedMeter.add(entries.size(), nowNs.getAsLong());
    }

    /**
     * The platform will never get this one: its number is told by a gap event, and the entry counts as published. Its
     * bytes stay for as long as those of published ones. Returns when that is durable; when it throws the entry waits.
     */
    public void giveUp(Entry entry, String why) throws IOException {
        if (!committer.progress().isPublished(entry.urgency(), entry.position())) {
            committer.give(Loss.of(entry, why, events));
        }
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
        return reader.stream(new Stream(device, kind), from, to, max);
    }

    /** What waits of every urgency; the part of {@link #status} that may be asked for as often as wanted. */
    public Map<Urgency, OutboxStatus.LaneStatus> lanes() {
        Map<Urgency, OutboxStatus.LaneStatus> lanes = new EnumMap<>(Urgency.class);
        committer
                .progress()
                .waiting()
                .forEach((urgency, amount) -> lanes.put(
                        urgency,
                        new OutboxStatus.LaneStatus(amount.entries(), amount.bytes(), oldestMs(urgency, amount))));
        return lanes;
    }

    public OutboxStatus status() {
        Progress progress = committer.progress();
        long now = nowNs.getAsLong();
        Amount held = opened.store().all().stream()
                .map(generation -> generation.contents().amount())
                .reduce(Amount.NONE, Amount::plus);
        long waiting = progress.waitingInAll().entries();
        double accepted = acceptedMeter.perSecond(now);
        double published = publishedMeter.perSecond(now);
        long onDisk = dir.bytesOnDisk();
        return new OutboxStatus(
                lanes(),
                Math.max(0, held.entries() + opened.tail().entries() - waiting),
                onDisk,
                settings.maxBytes(),
                pending.size(),
                opened.tail().bytes(),
                committer.accepted(),
                committer.refused(),
                losses.total() + budget.givenUp(),
                progress.publishedCount(),
                committer.commits(),
                opened.journal().takeSyncNsMax() / 1e6,
                accepted,
                published,
                mover.setAside(),
                committer.isFull(),
                hoursToFull(onDisk, held, accepted),
                waiting == 0 ? 0 : published > accepted ? waiting / (published - accepted) : -1,
                committer.lastError());
    }

    private double hoursToFull(long onDisk, Amount held, double recordsPerSecond) {
        if (recordsPerSecond <= 0 || held.entries() == 0) {
            return -1;
        }
        double bytesARecord = (double) dir.storeBytes() / held.entries();
        return Math.max(0, settings.maxBytes() - onDisk) / bytesARecord / recordsPerSecond / 3_600;
    }

    private long oldestMs(Urgency urgency, Amount waiting) {
        if (waiting.entries() == 0) {
            return -1;
        }
        try {
            List<Entry> first = next(urgency, 0, 1);
            return first.isEmpty()
                    ? -1
                    : Math.max(0, System.currentTimeMillis() - first.get(0).timeMs());
        } catch (IOException e) {
            return -1;
        }
    }

    /** Commits what waits, closes the files and gives the directory free. */
    @Override
    public void close() {
        mover.stop();
        boolean interrupted = join(moving);
        pending.close();
        interrupted |= join(committing);
        try {
            dir.close();
        } catch (IOException e) {
            LOG.warn("buffer lock not released error=\"{}\"", e.getMessage());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }

    /** The store, so that a test can break it. */
    Store store() {
        return opened.store();
    }
}
