package org.wasla.gateway.outbox;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The long memory of the buffer: H2 files in two series, each file filled in large synced writes, finished when it is
 * large enough, and deleted whole. One thread writes; reading is thread-safe.
 */
final class Store {

    private static final int CACHE_BLOCKS = 4;
    /** So much goes into one transaction; they share one sync. */
    private static final long TRANSACTION_BYTES = 1L << 20;

    private final BufferDir dir;
    private final String epoch;
    private final OutboxSettings settings;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<Series, NavigableMap<Integer, Generation>> generations = new EnumMap<>(Series.class);
    private final Map<String, List<Entry>> cache = new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<Entry>> eldest) {
            return size() > CACHE_BLOCKS;
        }
    };
    private final Suspects suspects = new Suspects();
    private @Nullable Generation lastRead;
    private volatile boolean suspended;

    Store(BufferDir dir, String epoch, OutboxSettings settings) {
        this.dir = dir;
        this.epoch = epoch;
        this.settings = settings;
        for (Series series : Series.values()) {
            generations.put(series, new TreeMap<>());
        }
    }

    private NavigableMap<Integer, Generation> of(Series series) {
        NavigableMap<Integer, Generation> found = generations.get(series);
        if (found == null) {
            throw new IllegalStateException("no files for " + series);
        }
        return found;
    }

    /** Takes a file in, in the place of the one with its number. */
    void adopt(Generation generation) {
        lock.writeLock().lock();
        try {
            of(generation.series()).put(generation.number(), generation);
            forgetCached();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void forgetCached() {
        synchronized (cache) {
            cache.clear();
        }
    }

    /** All files, oldest number first. */
    List<Generation> all(Series series) {
        lock.readLock().lock();
        try {
            return List.copyOf(of(series).values());
        } finally {
            lock.readLock().unlock();
        }
    }

    @Nullable
    Generation find(Series series, int number) {
        return all(series).stream()
                .filter(generation -> generation.number() == number)
                .findFirst()
                .orElse(null);
    }

    List<Generation> all() {
        List<Generation> all = new ArrayList<>();
        for (Series series : Series.values()) {
            all.addAll(all(series));
        }
        return all;
    }

    /** The newest position of an urgency that lies here, 0 for none. */
    long last(Urgency urgency) {
        long last = 0;
        for (Generation generation : all(urgency.series())) {
            Contents.Part part = generation.contents().part(urgency);
            last = part == null ? last : Math.max(last, part.last());
        }
        return last;
    }

    /** The file that an entry belongs into which is older than the newest one here. */
    Generation home(Entry entry) throws SQLException, IOException {
        Generation empty = null;
        for (Generation generation : all(entry.urgency().series())) {
            Contents.Part part = generation.contents().part(entry.urgency());
            if (part == null) {
                empty = empty == null && !generation.isFinished() ? generation : empty;
            } else if (part.last() >= entry.position()) {
                return empty != null && part.first() > entry.position() ? empty : generation;
            } else {
                empty = null;
            }
        }
        if (empty != null) {
            return empty;
        }
        Generation current = current(entry.urgency().series());
        return current == null ? begin(entry.urgency().series()) : current;
    }

    long blockBytes() {
        return settings.blockBytes();
    }

    // ---- writing: one thread

    /** Adds entries and syncs them; what lies here already is passed over. Throws with the outcome unknown. */
    void put(Map<Urgency, List<Entry>> entries) throws SQLException, IOException {
        for (Series series : Series.values()) {
            List<List<Entry>> blocks = new ArrayList<>();
            for (Urgency urgency : series.urgencies()) {
                long stored = last(urgency);
                List<Entry> fresh = entries.getOrDefault(urgency, List.of()).stream()
                        .filter(entry -> entry.position() > stored)
                        .toList();
                blocks.addAll(Block.runs(fresh, settings.blockBytes()));
            }
            Generation current = current(series);
            if (!blocks.isEmpty()) {
                write(current == null ? begin(series) : current, blocks);
            } else if (current != null) {
                current.season();
            }
        }
    }

    private void write(Generation generation, List<List<Entry>> blocks) throws SQLException, IOException {
        List<List<Entry>> transaction = new ArrayList<>();
        long bytes = 0;
        for (List<Entry> block : blocks) {
            transaction.add(block);
            bytes += Contents.Part.of(block).amount().bytes();
            if (bytes >= TRANSACTION_BYTES) {
                generation.add(transaction);
                transaction = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!transaction.isEmpty()) {
            generation.add(transaction);
        }
        generation.sync();
        if (generation.bytesOnDisk() >= settings.generationBytes()) {
            finish(generation);
        }
    }

    /** The file that entries are added to, null when the next one begins a file. */
    @Nullable
    Generation current(Series series) {
        lock.readLock().lock();
        try {
            Map.Entry<Integer, Generation> newest = of(series).lastEntry();
            return newest == null || newest.getValue().isFinished() ? null : newest.getValue();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Makes the next file of a series. */
    Generation begin(Series series) throws SQLException, IOException {
        List<Generation> all = all(series);
        int number = all.isEmpty() ? 1 : all.get(all.size() - 1).number() + 1;
        Generation fresh = Generation.open(dir, series, number, epoch);
        dir.force();
        adopt(fresh);
        return fresh;
    }

    /** Closes a file for good: it is only read from now on. */
    void finish(Generation generation) throws SQLException, IOException {
        lock.writeLock().lock();
        try {
            adopt(generation.finish());
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Only the newest file of a series is written on. */
    void finishOld() throws SQLException, IOException {
        for (Series series : Series.values()) {
            List<Generation> all = all(series);
            for (Generation generation : all.subList(0, Math.max(0, all.size() - 1))) {
                if (!generation.isFinished()) {
                    finish(generation);
                }
            }
        }
    }

    /** Opens a finished file for writing once more. */
    Generation reopen(Generation generation) throws SQLException {
        lock.writeLock().lock();
        try {
            generation.abandon();
            Generation open = Generation.open(dir, generation.series(), generation.number(), epoch);
            adopt(open);
            return open;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** From here on reading throws, so that nobody takes what is being put together for all there is. */
    void suspend() {
        lock.writeLock().lock();
        try {
            suspended = true;
        } finally {
            lock.writeLock().unlock();
        }
    }

    void resume() {
        suspended = false;
    }

    private void checkReadable() throws IOException {
        if (suspended) {
            throw new IOException("a file of the buffer is being repaired");
        }
    }

    /** Deletes a file whole. */
    void delete(Generation generation) throws IOException {
        lock.writeLock().lock();
        try {
            of(generation.series()).remove(generation.number());
            suspects.clear(generation.name());
            forgetCached();
            generation.abandon();
            // The summary goes last: as long as it is there it tells what was in the file.
            dir.delete(generation.files().toArray(new String[0]));
        } finally {
            lock.writeLock().unlock();
        }
        dir.force();
    }

    // ---- reading: any thread

    /** At most {@code max} entries of one urgency after a position and up to another, in order. */
    List<Entry> after(Urgency urgency, long after, long upTo, int max) throws IOException {
        lock.readLock().lock();
        try {
            checkReadable();
            for (Generation generation : of(urgency.series()).values()) {
                suspects.check(generation.name(), urgency, after, upTo);
                Contents.Part part = generation.contents().part(urgency);
                if (part != null && part.last() > after && part.first() <= upTo) {
                    return read(generation, find(generation, urgency, after, part)).stream()
                            .filter(entry -> entry.position() > after && entry.position() <= upTo)
                            .limit(max)
                            .toList();
                }
            }
            return List.of();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** At most {@code max} entries of one stream, in order of number. */
    List<Entry> stream(Stream stream, long from, long to, int max) throws IOException {
        List<Entry> found = new ArrayList<>();
        lock.readLock().lock();
        try {
            checkReadable();
            for (Generation generation : all()) {
                suspects.check(generation.name(), stream, from, to);
                Contents.Range range = generation.contents().range(stream);
                if (found.size() < max && range != null && range.to() >= from && range.from() <= to) {
                    stream(generation, stream, from, to, max, found);
                }
            }
        } finally {
            lock.readLock().unlock();
        }
        return found;
    }

    private void stream(Generation generation, Stream stream, long from, long to, int max, List<Entry> found)
            throws IOException {
        for (Generation.Place place : places(generation)) {
            Contents.Range range = place.ranges().get(stream);
            if (found.size() < max && range != null && range.to() >= from && range.from() <= to) {
                read(generation, place).stream()
                        .filter(entry -> entry.stream().equals(stream) && entry.seq() >= from && entry.seq() <= to)
                        .limit(max - found.size())
                        .forEach(found::add);
            }
        }
    }

    List<Generation.Place> places(Generation generation) throws IOException {
        used(generation);
        try {
            return generation.places();
        } catch (SQLException | RuntimeException e) {
            throw unreadable(generation, e);
        }
    }

    /** H2 may come back with an older state of a file and say nothing: the blocks must follow each other. */
    private Generation.Place find(Generation generation, Urgency urgency, long after, Contents.Part part)
            throws IOException {
        used(generation);
        try {
            Generation.Place place = generation.find(urgency, after);
            if (place == null || place.after() > Math.max(after, part.after())) {
                throw unreadable(generation, new IOException("blocks are missing"));
            }
            return place;
        } catch (SQLException | RuntimeException e) {
            throw unreadable(generation, e);
        }
    }

    /** All entries of one block. */
    List<Entry> read(Generation generation, Generation.Place place) throws IOException {
        String key = generation.name() + " " + place.urgency() + " " + place.first();
        synchronized (cache) {
            List<Entry> cached = cache.get(key);
            if (cached != null) {
                return cached;
            }
        }
        try {
            List<Entry> entries = generation.read(place);
            synchronized (cache) {
                cache.put(key, entries);
            }
            return entries;
        } catch (SQLException | IOException | RuntimeException e) {
            throw unreadable(generation, e);
        }
    }

    /** Of the finished files only the one that was read last stays open. */
    private void used(Generation generation) {
        Generation before;
        synchronized (cache) {
            before = lastRead;
            lastRead = generation.isFinished() ? generation : before;
        }
        if (generation.isFinished() && before != null && !before.equals(generation)) {
            before.closeReader();
        }
    }

    private IOException unreadable(Generation generation, Exception cause) {
        suspects.add(generation);
        return new IOException("the store file " + generation.name() + " cannot be read: " + Cause.text(cause), cause);
    }

    /** The files that could not be read. */
    Suspects suspects() {
        return suspects;
    }

    void close() throws SQLException {
        for (Generation generation : all()) {
            generation.close();
        }
    }
}
