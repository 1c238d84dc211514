package org.wasla.gateway.outbox;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a whole buffer of what an earlier run left, whatever that is: reads the journal, opens the store, replaces files
 * that cannot be read, puts entries that only the journal has where they belong, and finds what is missing. One thread;
 * used once.
 */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final BufferDir dir;
    private final OutboxSettings settings;
    private final GapEvents events;
    private final JournalReader reader;
    private final String epoch;
    private final Store store;
    private final Tail tail;
    private final Repair repair;
    private Coverage there = new Coverage();

    private Recovery(BufferDir dir, OutboxSettings settings, GapEvents events) throws IOException {
        this.dir = dir;
        this.settings = settings;
        this.events = events;
        this.reader = new JournalReader(dir);
        String ordered = NewEpoch.ordered(dir.path());
        boolean isTaken = reader.isEmpty() || reader.epoch().equals(ordered);
        if (!ordered.isEmpty() && !isTaken) {
            this.epoch = ordered;
        } else {
            NewEpoch.done(dir.path());
            this.epoch = reader.isEmpty() || reader.hasUnreadableHead() ? NewEpoch.draw() : reader.epoch();
        }
        this.store = new Store(dir, epoch, settings);
        this.tail = new Tail(settings.moveBytes());
        this.repair = new Repair(dir, store, epoch);
    }

    static Opened open(BufferDir dir, OutboxSettings settings, GapEvents events) throws IOException {
        Recovery recovery = new Recovery(dir, settings, events);
        try {
            return recovery.open();
        } catch (SQLException | RuntimeException e) {
            throw new IOException("the buffer in " + dir.path() + " cannot be opened: " + Cause.text(e), e);
        }
    }

    private Opened open() throws IOException, SQLException {
        dir.settleDrafts();
        for (Series series : Series.values()) {
            openStore(series);
        }
        there = Coverage.of(store);
        Map<Urgency, Long> stored = new EnumMap<>(Urgency.class);
        for (Urgency urgency : Urgency.values()) {
            stored.put(urgency, store.last(urgency));
        }
        List<Entry> holes = new ArrayList<>();
        Book read = reader.replay(entry -> {
            if (!there.holds(entry)) {
                keep(entry, stored.getOrDefault(entry.urgency(), 0L), holes);
                there.add(entry);
            }
        });
        fill(holes, stored);
        store.finishOld();
        if (!reader.epoch(epoch)) {
            store.put(takeTail());
        }
        return opened(read);
    }

    /** What a file held that proves damaged on the way is a hole too. */
    private void fill(List<Entry> first, Map<Urgency, Long> stored) throws SQLException, IOException {
        List<List<Entry>> found = new ArrayList<>(List.of(first));
        repair.fill(() -> found.isEmpty() ? holes(stored) : found.remove(0));
        // Whatever is missing now is told as one.
        store.suspects().clear();
    }

    private List<Entry> holes(Map<Urgency, Long> stored) throws IOException {
        there = Coverage.of(store, store.suspects().names());
        tail.all().forEach(there::add);
        List<Entry> holes = new ArrayList<>();
        reader.replay(entry -> {
            if (entry.position() <= stored.getOrDefault(entry.urgency(), 0L) && !there.holds(entry)) {
                holes.add(entry);
                there.add(entry);
            }
        });
        return holes;
    }

    /** Beyond what the store holds: to the tail, in slices that the heap can take. Before it: a hole to fill. */
    private void keep(Entry entry, long stored, List<Entry> holes) {
        if (entry.position() <= stored) {
            holes.add(entry);
            return;
        }
        tail.add(List.of(entry));
        if (tail.isFull()) {
            try {
                store.put(takeTail());
            } catch (SQLException | IOException e) {
                throw new IllegalStateException("the store does not take the journal's entries", e);
            }
        }
    }

    private Map<Urgency, List<Entry>> takeTail() {
        Map<Urgency, List<Entry>> entries = new EnumMap<>(Urgency.class);
        for (Urgency urgency : Urgency.values()) {
            entries.put(urgency, tail.upTo(urgency, Long.MAX_VALUE));
        }
        tail.moved(Long.MAX_VALUE);
        return entries;
    }

    private Opened opened(Book read) throws IOException {
        boolean isSame = !reader.isEmpty() && reader.epoch(epoch);
        long position = Math.max(read.position(), last());
        JournalState state = isSame
                ? read.state().withBoot(read.boot() + 1)
                : new JournalState(1, position, Map.of(), read.state().lanes());
        Book book = new Book(withStore(state, isSame));
        Loss damage = isSame ? Loss.ofDamage(book, there, events) : new Loss(Map.of(), Map.of(), Map.of(), List.of());
        boolean isFresh = reader.isEmpty() && store.all().isEmpty();
        if (repair.replaced() > 0 || !damage.isEmpty() || !isSame && !isFresh || reader.damaged() > 0) {
            recount(book, damage);
        }
        Journal journal = new Journal(
                dir, epoch, settings, reader.slots(), reader.files(), reader.lastSegment(), reader.goodBytes());
        return new Opened(epoch, book, journal, store, tail, damage, repair.replaced());
    }

    /** Where the journal was damaged the store may know more: no position and no number is ever given twice. */
    private JournalState withStore(JournalState state, boolean isSame) {
        List<LaneState> lanes = new ArrayList<>();
        for (LaneState lane : state.lanes()) {
            long last = Math.max(lane.last(), store.last(lane.urgency()));
            lanes.add(new LaneState(lane.urgency(), lane.published(), lane.waiting(), last));
        }
        Map<Stream, StreamState> streams = new HashMap<>(state.streams());
        for (Generation generation : store.all()) {
            if (isSame && generation.contents().last() > state.position() && isOurs(generation)) {
                generation
                        .contents()
                        .streams()
                        .forEach((stream, range) -> streams.merge(
                                stream, new StreamState(range.to(), 0), (old, more) -> old.withLast(more.last())));
            }
        }
        return new JournalState(state.boot(), Math.max(state.position(), last()), streams, lanes);
    }

    /** Whether the numbers in a file are those of this epoch. */
    private boolean isOurs(Generation generation) {
        try {
            List<Generation.Place> places = generation.places();
            if (places.isEmpty()) {
                return true;
            }
            Generation.Place newest = places.get(places.size() - 1);
            return epoch.equals(Block.epochOf(generation.bytes(newest.urgency(), newest.first())));
        } catch (SQLException | IOException | RuntimeException e) {
            // It will be replaced when it is read; until then a number too high is better than one given twice.
            return true;
        }
    }

    private long last() {
        long last = tail.last();
        for (Urgency urgency : Urgency.values()) {
            last = Math.max(last, store.last(urgency));
        }
        return last;
    }

    /** Opens the files of a series; one that cannot be read is replaced at once. */
    private void openStore(Series series) throws IOException, SQLException {
        for (int number : dir.generations(series)) {
            Generation finished = Generation.bySummary(dir, series, number, epoch);
            if (finished != null && dir.has(finished.name() + BufferDir.STORE_SUFFIX)) {
                store.adopt(finished);
            } else {
                openOrReplace(series, number);
            }
        }
    }

    private void openOrReplace(Series series, int number) throws IOException, SQLException {
        try {
            store.adopt(Generation.open(dir, series, number, epoch));
        } catch (SQLException | RuntimeException e) {
            if (Cause.isNoSpace(e)) {
                throw new IOException("the buffer in " + dir.path() + " cannot be opened: " + Cause.text(e), e);
            }
            if (Cause.isInUse(e)) {
                throw new IOException("the buffer in " + dir.path() + " is in use by another program", e);
            }
            repair.replace(series, number, e);
        }
    }

    /** After damage the sums on disk are not to be trusted: what waits is counted block by block. */
    private void recount(Book book, Loss damage) {
        for (Urgency urgency : Urgency.values()) {
            damage.spans()
                    .getOrDefault(urgency, List.of())
                    .forEach(span -> book.progress().givenUp(urgency, span, Amount.NONE));
            Amount waiting = Waiting.count(store, tail, book.progress(), urgency);
            book.progress().recounted(urgency, waiting);
            LOG.warn("buffer counted anew urgency={} waiting={}", urgency, waiting.entries());
        }
    }
}
