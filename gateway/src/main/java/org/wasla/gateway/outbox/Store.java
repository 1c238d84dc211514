package org.wasla.gateway.outbox;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The H2 file: rows in, rows out. One thread writes; {@link #read} may be called by others at the same time.
 *
 * <p>Durable means that CHECKPOINT SYNC returned after the COMMIT. H2 does not survive a torn write, nor a sync that
 * the
 * kernel failed once and then forgot. That is for the journal, checksummed and append-only: it will take each group at
 * the head of {@link #commit}, before H2 does, so that this file is written in larger batches and can be rebuilt.
 *
 * <p>A thread that is interrupted while it reads closes H2's file under it; the outbox then opens it again.
 */
final class Store implements AutoCloseable {

    private static final int TRIM_ROWS_MAX = 2_000;

    /**
     * WRITE_DELAY=0: the background writer follows the wall clock. No RETENTION_TIME: a shorter one loses synced
     * rows.
     */
    private static final String SETTINGS = ";WRITE_DELAY=0;AUTO_COMPACT_FILL_RATE=0;DB_CLOSE_ON_EXIT=FALSE"
            + ";CACHE_SIZE=4096;MAX_COMPACT_TIME=2000;TRACE_LEVEL_FILE=0;TRACE_LEVEL_SYSTEM_OUT=0";

    private final Connection writer;
    private final Connection reader;
    private final Ledger ledger;
    private final Rows rows;
    private final Rows readerRows;

    private Store(Connection writer, Connection reader) {
        this.writer = writer;
        this.reader = reader;
        this.ledger = new Ledger(writer);
        this.rows = new Rows(writer);
        this.readerRows = new Rows(reader);
    }

    /** Opens {@code <dir>/store.mv.db}, or makes a fresh one whose positions begin after {@code floor}. */
    static Store open(String scheme, Path dir, long floor) throws SQLException {
        String url = "jdbc:h2:" + scheme + dir.toAbsolutePath().resolve("store") + SETTINGS;
        Connection writer = connect(url);
        try {
            Store store = new Store(writer, connect(url));
            store.prepare(floor);
            return store;
        } catch (SQLException | RuntimeException e) {
            shutDown(writer);
            throw e;
        }
    }

    private static Connection connect(String url) throws SQLException {
        Properties user = new Properties();
        user.setProperty("user", "sa");
        user.setProperty("password", "");
        Connection connection = new org.h2.Driver().connect(url, user);
        connection.setAutoCommit(false);
        return connection;
    }

    private void prepare(long floor) throws SQLException {
        ledger.createTables();
        rows.createTable();
        Map<String, String> meta = ledger.meta();
        if (meta.isEmpty() && rows.isEmpty()) {
            ledger.begin(floor);
            sync();
        } else if (!Ledger.SCHEMA.equals(meta.get("schema")) || !meta.containsKey("epoch")) {
            throw new SQLException("entries without an epoch, or a schema that is not " + Ledger.SCHEMA + ": " + meta);
        }
    }

    String epoch() throws SQLException {
        return ledger.meta().getOrDefault("epoch", "");
    }

    long boot() throws SQLException {
        return Long.parseLong(ledger.meta().getOrDefault("boot", "0"));
    }

    void countBoot() throws SQLException {
        ledger.putMeta("boot", Long.toString(boot() + 1));
        sync();
    }

    Map<Stream, Long> streams() throws SQLException {
        return ledger.streams();
    }

    List<LaneState> lanes() throws SQLException {
        return ledger.lanes();
    }

    /** The highest position ever committed: published rows may be gone, but never beyond their mark. */
    long lastPosition() throws SQLException {
        long last = rows.lastPosition();
        for (LaneState lane : ledger.lanes()) {
            last = Math.max(last, lane.mark());
        }
        return last;
    }

    /**
     * Reads all there is, syncs it (after a fault what is here may not be on disk), and gives the lanes as they are by
     * what was found: H2 may have gone back to an older state of the file.
     */
    List<LaneState> recount(List<LaneState> known) throws SQLException {
        List<LaneState> found = new ArrayList<>();
        for (LaneState lane : known) {
            Amount kept = rows.amount(lane.urgency(), 0, lane.mark());
            Amount waiting = rows.amountAfter(lane.urgency(), lane.mark());
            found.add(lane.withFound(kept, waiting));
        }
        sync();
        return found;
    }

    /** Makes all of it durable, or throws with the outcome unknown: then the file has to be opened again. */
    void commit(List<Entry> entries, Map<Stream, Long> last, Collection<LaneState> lanes) throws SQLException {
        rows.insert(entries);
        ledger.putStreams(last);
        ledger.putLanes(lanes);
        sync();
    }

    /** Writes marks without a sync of their own: losing them only sends something twice. */
    void note(Collection<LaneState> lanes) throws SQLException {
        ledger.putLanes(lanes);
        writer.commit();
    }

    private void sync() throws SQLException {
        writer.commit();
        try (Statement statement = writer.createStatement()) {
            statement.execute("CHECKPOINT SYNC");
        }
    }

    /**
     * Deletes the oldest published rows, at most some thousands, until this many bytes are free; the next commit syncs
     * it. Gives the lanes that changed.
     */
    List<LaneState> trim(List<LaneState> lanes, long bytesToFree) throws SQLException {
        List<Rows.Weight> oldest = new ArrayList<>();
        for (LaneState lane : lanes) {
            oldest.addAll(rows.oldest(lane.urgency(), lane.mark(), TRIM_ROWS_MAX));
        }
        oldest.sort(Comparator.comparingLong(Rows.Weight::position));
        Map<Urgency, Long> cuts = new EnumMap<>(Urgency.class);
        Map<Urgency, Amount> gone = new EnumMap<>(Urgency.class);
        long freed = 0;
        for (Rows.Weight weight : oldest) {
            if (freed >= bytesToFree) {
                break;
            }
            cuts.put(weight.urgency(), weight.position());
            gone.merge(weight.urgency(), weight.amount(), Amount::plus);
            freed += weight.amount().bytes();
        }
        return delete(lanes, cuts, gone);
    }

    private List<LaneState> delete(List<LaneState> lanes, Map<Urgency, Long> cuts, Map<Urgency, Amount> gone)
            throws SQLException {
        List<LaneState> changed = new ArrayList<>();
        for (LaneState lane : lanes) {
            Long cut = cuts.get(lane.urgency());
            if (cut != null) {
                rows.deleteUpTo(lane.urgency(), cut);
                changed.add(lane.withGone(gone.getOrDefault(lane.urgency(), Amount.NONE)));
            }
        }
        note(changed);
        return changed;
    }

    /** At most {@code max} entries of one urgency after one position, up to another, in order. Thread-safe. */
    List<Entry> read(Urgency urgency, long after, long upTo, int max) throws SQLException {
        synchronized (readerRows) {
            List<Entry> entries = readerRows.read(urgency, after, upTo, max);
            reader.commit();
            return entries;
        }
    }

    /** Some entries of one stream, in order. Thread-safe. */
    List<Entry> stream(Stream stream, long from, long to, int max) throws SQLException {
        synchronized (readerRows) {
            List<Entry> entries = readerRows.stream(stream, from, to, max);
            reader.commit();
            return entries;
        }
    }

    /** Drops the file as a crash would: no compaction, nothing written. */
    void abandon() {
        shutDown(writer);
    }

    private static void shutDown(Connection connection) {
        try (Connection closing = connection;
                Statement statement = closing.createStatement()) {
            statement.execute("SHUTDOWN IMMEDIATELY");
        } catch (SQLException | RuntimeException e) {
            // It was broken already: that is why it is abandoned.
            return;
        }
    }

    @Override
    public void close() throws SQLException {
        try (writer;
                reader) {
            sync();
        }
    }
}
