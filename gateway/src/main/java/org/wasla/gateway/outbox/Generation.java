package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * One H2 file of the store: blocks of entries, only ever added, until the file is finished; read until it is deleted
 * whole. One thread writes; reading is for any thread, one at a time.
 *
 * <p>The key of a block is {@code place = code of the urgency * 2^56 + first position}. Bytes lie in a table apart, so
 * that looking for a block reads no bytes of others.
 */
final class Generation {

    private static final int URGENCY_SHIFT = 56;
    private static final long POSITION_MASK = (1L << URGENCY_SHIFT) - 1;
    /** H2 writes two heads before anything else: a file no longer than these has nothing in it yet. */
    static final int HEADS_BYTES = 8_192;

    private static final int BLOCK_BYTES_MAX = 1 << 20;

    /**
     * WRITE_DELAY=0: the background writer follows the wall clock. No RETENTION_TIME: a shorter one loses synced rows.
     * No compaction ever: a file is deleted whole.
     */
    private static final String SETTINGS = ";WRITE_DELAY=0;AUTO_COMPACT_FILL_RATE=0;DB_CLOSE_ON_EXIT=FALSE"
            + ";CACHE_SIZE=1024;MAX_COMPACT_TIME=0;TRACE_LEVEL_FILE=0;TRACE_LEVEL_SYSTEM_OUT=0";

    private static final String MADE = "";
    private static final String READ_ONLY = ";ACCESS_MODE_DATA=r";
    /** Who only reads must not make the file anew that is being replaced. */
    private static final String EXISTING = ";IFEXISTS=TRUE";

    private static final String[] TABLES = {
        "CREATE TABLE IF NOT EXISTS block(place BIGINT PRIMARY KEY, after BIGINT NOT NULL, last BIGINT NOT NULL,"
                + " entries BIGINT NOT NULL, weight BIGINT NOT NULL, ranges VARBINARY(1048576) NOT NULL)",
        "CREATE TABLE IF NOT EXISTS content(place BIGINT PRIMARY KEY, bytes VARBINARY(" + BLOCK_BYTES_MAX
                + ") NOT NULL)",
        "CREATE TABLE IF NOT EXISTS meta(name VARCHAR(32) PRIMARY KEY, val VARCHAR(64) NOT NULL)"
    };

    /** A block without its bytes. Immutable. */
    record Place(
            Urgency urgency, long after, long first, long last, Amount amount, Map<Stream, Contents.Range> ranges) {}

    private final BufferDir dir;
    private final Series series;
    private final int number;
    private final String name;
    private final String epoch;
    private final boolean finished;
    private final Contents contents;
    private @Nullable Connection writer;
    private @Nullable Connection reader;

    private Generation(BufferDir dir, Series series, int number, String epoch, boolean finished, Contents contents) {
        this(dir, series, number, BufferDir.generationName(series, number), epoch, finished, contents);
    }

    private Generation(
            BufferDir dir, Series series, int number, String name, String epoch, boolean finished, Contents contents) {
        this.dir = dir;
        this.series = series;
        this.number = number;
        this.name = name;
        this.epoch = epoch;
        this.finished = finished;
        this.contents = contents;
    }

    /** A finished one, by its summary; null when that is missing or damaged. Opens no database. */
    static @Nullable Generation bySummary(BufferDir dir, Series series, int number, String epoch) throws IOException {
        String name = BufferDir.generationName(series, number) + BufferDir.SUMMARY_SUFFIX;
        if (!dir.has(name)) {
            return null;
        }
        try (FileChannel file = dir.open(name)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), 64 << 20));
            while (bytes.hasRemaining() && file.read(bytes, bytes.position()) >= 0) {}
            Contents contents = Contents.of(bytes.array());
            return contents == null ? null : new Generation(dir, series, number, epoch, true, contents);
        }
    }

    /** Opens a file for writing, or makes it; throws when it cannot be read. */
    static Generation open(BufferDir dir, Series series, int number, String epoch) throws SQLException {
        return open(new Generation(dir, series, number, epoch, false, new Contents()));
    }

    /** Begins a file that is to take the place of another, under a name that says so; an older draft goes. */
    static Generation draft(BufferDir dir, Series series, int number, String epoch) throws SQLException {
        String name = BufferDir.generationName(series, number) + BufferDir.DRAFT_SUFFIX;
        dir.delete(name + BufferDir.STORE_SUFFIX);
        return open(new Generation(dir, series, number, name, epoch, false, new Contents()));
    }

    private static Generation open(Generation generation) throws SQLException {
        Connection opened = generation.connect(MADE);
        try {
            for (String table : TABLES) {
                try (Statement statement = opened.createStatement()) {
                    statement.execute(table);
                }
            }
            generation.writer = opened;
            for (Place place : places(opened, "")) {
                generation.contents.add(place);
            }
            sync(opened);
            return generation;
        } catch (SQLException | RuntimeException e) {
            shutDown(opened);
            throw e;
        }
    }

    /** Opens a file, finished or not, so that nothing of it changes; throws when it cannot be read. */
    static Generation look(BufferDir dir, Series series, int number) throws SQLException {
        Generation generation = new Generation(dir, series, number, "00000000", true, new Contents());
        try {
            for (Place place : generation.places()) {
                generation.contents.add(place);
            }
            return generation;
        } catch (SQLException | RuntimeException e) {
            generation.abandon();
            throw e;
        }
    }

    private Connection connect(String mode) throws SQLException {
        if (mode.equals(READ_ONLY) && dir.bytes(name() + BufferDir.STORE_SUFFIX) < HEADS_BYTES) {
            // H2 2.4.240 tries to write the heads that are missing, fails, and leaves the file open for ever.
            throw new SQLException("the store file " + name() + " has no head");
        }
        String file = dir.path().toAbsolutePath().resolve(name()).toString();
        Properties user = new Properties();
        user.setProperty("user", "sa");
        user.setProperty("password", "");
        Connection connection = new org.h2.Driver().connect("jdbc:h2:" + dir.scheme() + file + SETTINGS + mode, user);
        connection.setAutoCommit(false);
        return connection;
    }

    String name() {
        return name;
    }

    List<String> files() {
        return List.of(name() + BufferDir.STORE_SUFFIX, name() + BufferDir.SUMMARY_SUFFIX);
    }

    Series series() {
        return series;
    }

    int number() {
        return number;
    }

    /** Whether nothing is added any more. */
    boolean isFinished() {
        return finished;
    }

    Contents contents() {
        return contents;
    }

    long bytesOnDisk() {
        return dir.bytes(name() + ".");
    }

    /** Adds blocks, each of one urgency and in order; not durable before {@link #sync}. One thread. */
    void add(List<List<Entry>> blocks) throws SQLException {
        Connection open = writing();
        Block.Encoder encoder = new Block.Encoder(dir.safe());
        try (PreparedStatement place = open.prepareStatement("MERGE INTO block VALUES(?, ?, ?, ?, ?, ?)");
                PreparedStatement content = open.prepareStatement("MERGE INTO content VALUES(?, ?)")) {
            for (List<Entry> entries : blocks) {
                add(entries, encoder, place, content);
            }
            place.executeBatch();
            content.executeBatch();
        }
        open.commit();
        for (List<Entry> entries : blocks) {
            contents.add(entries.get(0).urgency(), Contents.Part.of(entries), Contents.ranges(entries));
        }
    }

    private void add(List<Entry> entries, Block.Encoder encoder, PreparedStatement place, PreparedStatement content)
            throws SQLException {
        Contents.Part part = Contents.Part.of(entries);
        long key = place(entries.get(0).urgency(), part.first());
        Packer ranges = new Packer(256);
        Contents.ranges(ranges, Contents.ranges(entries));
        place.setLong(1, key);
        place.setLong(2, part.after());
        place.setLong(3, part.last());
        place.setLong(4, part.amount().entries());
        place.setLong(5, part.amount().bytes());
        place.setBytes(6, java.util.Arrays.copyOf(ranges.array(), ranges.size()));
        place.addBatch();
        content.setLong(1, key);
        content.setBytes(2, encoder.encode(epoch, entries));
        content.addBatch();
    }

    /** Everything added is durable when this returns; otherwise the outcome is unknown. One thread. */
    void sync() throws SQLException {
        sync(writing());
    }

    private static void sync(Connection open) throws SQLException {
        open.commit();
        try (Statement statement = open.createStatement()) {
            statement.execute("CHECKPOINT SYNC");
        }
    }

    /** A small write and a sync: what was written before it gets older, and is safe from a torn write. One thread. */
    void season() throws SQLException {
        Connection open = writing();
        try (PreparedStatement merge = open.prepareStatement("MERGE INTO meta VALUES('seasoned', ?)")) {
            merge.setString(1, Long.toString(System.nanoTime()));
            merge.executeUpdate();
        }
        sync(open);
    }

    private Connection writing() throws SQLException {
        Connection open = writer;
        if (open == null) {
            throw new SQLException("the store file is not open for writing");
        }
        return open;
    }

    /** The block with the first entry of this urgency after a position; null when there is none. Thread-safe. */
    synchronized @Nullable Place find(Urgency urgency, long after) throws SQLException {
        String at = " WHERE place >= " + place(urgency, 0) + " AND place <= " + place(urgency, after)
                + " ORDER BY place DESC LIMIT 1";
        for (Place place : places(reading(), at)) {
            if (place.last() > after) {
                return place;
            }
        }
        String beyond = " WHERE place > " + place(urgency, after) + " AND place <= " + place(urgency, POSITION_MASK)
                + " ORDER BY place LIMIT 1";
        List<Place> found = places(reading(), beyond);
        return found.isEmpty() ? null : found.get(0);
    }

    /** All blocks, by urgency and in order. Thread-safe. */
    synchronized List<Place> places() throws SQLException {
        return places(reading(), " ORDER BY place");
    }

    private static List<Place> places(Connection connection, String where) throws SQLException {
        List<Place> places = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT place, after, last, entries, weight, ranges FROM block" + where)) {
            while (rows.next()) {
                long key = rows.getLong(1);
                places.add(new Place(
                        Urgency.ofCode((int) (key >>> URGENCY_SHIFT)),
                        rows.getLong(2),
                        key & POSITION_MASK,
                        rows.getLong(3),
                        new Amount(rows.getLong(4), rows.getLong(5)),
                        Contents.ranges(ByteBuffer.wrap(rows.getBytes(6)))));
            }
        }
        connection.commit();
        return places;
    }

    /** The entries of one block; throws when they are not as they were written. Thread-safe. */
    List<Entry> read(Place place) throws SQLException, IOException {
        return decode(bytes(place.urgency(), place.first()));
    }

    /** The entries of a block as it lies in a file of this buffer. Thread-safe. */
    List<Entry> decode(byte[] block) throws IOException {
        return Block.decode(block, dir.safe());
    }

    /** A block as it lies there. Thread-safe. */
    synchronized byte[] bytes(Urgency urgency, long first) throws SQLException, IOException {
        Connection connection = reading();
        String sql = "SELECT bytes FROM content WHERE place = " + place(urgency, first);
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            if (!rows.next()) {
                throw new IOException("a block has no content");
            }
            byte[] bytes = rows.getBytes(1);
            connection.commit();
            return bytes;
        }
    }

    /** A finished file is opened so that H2 cannot change it: it would throw away what it does not understand. */
    private Connection reading() throws SQLException {
        Connection open = reader;
        if (open == null) {
            open = connect(finished ? READ_ONLY : EXISTING);
            reader = open;
        }
        return open;
    }

    /** Lets the file go that is only read; the next read opens it again. Thread-safe. */
    synchronized void closeReader() {
        Connection open = reader;
        reader = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                shutDown(open);
            }
        }
    }

    /** Syncs, writes the summary and closes; gives the same file as a finished one. */
    synchronized Generation finish() throws SQLException, IOException {
        close();
        try (FileChannel file = dir.open(name() + BufferDir.SUMMARY_SUFFIX)) {
            ByteBuffer bytes = ByteBuffer.wrap(contents.bytes());
            file.truncate(0);
            while (bytes.hasRemaining()) {
                file.write(bytes, bytes.position());
            }
            file.force(true);
        }
        dir.force();
        return new Generation(dir, series, number, epoch, true, contents);
    }

    synchronized void close() throws SQLException {
        Connection open = writer;
        writer = null;
        try {
            if (open != null) {
                sync(open);
            }
        } finally {
            closeReader();
            if (open != null) {
                open.close();
            }
        }
    }

    /** Drops the file as a crash would: nothing more is written. */
    synchronized void abandon() {
        Connection written = writer;
        Connection read = reader;
        writer = null;
        reader = null;
        if (written != null) {
            shutDown(written);
        } else if (read != null) {
            shutDown(read);
        }
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

    private static long place(Urgency urgency, long position) {
        return ((long) urgency.code() << URGENCY_SHIFT) + Math.min(position, POSITION_MASK);
    }
}
