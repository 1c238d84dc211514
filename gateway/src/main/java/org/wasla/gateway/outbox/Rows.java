package org.wasla.gateway.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of entries. One thread per instance; commits nothing by itself.
 *
 * <p>Its key is {@code place = code of the urgency * 2^56 + position}: a key of two columns would be a second tree
 * in H2, and twice
 * the flash.
 */
final class Rows {

    static final int PAYLOAD_BYTES_MAX = 1 << 20;
    private static final int URGENCY_SHIFT = 56;
    private static final long POSITION_MASK = (1L << URGENCY_SHIFT) - 1;

    private static final String TABLE = "CREATE TABLE IF NOT EXISTS entry(place BIGINT PRIMARY KEY, device VARCHAR("
            + Draft.DEVICE_CHARS_MAX + ") NOT NULL, kind VARCHAR(" + Draft.KIND_CHARS_MAX
            + ") NOT NULL, seq BIGINT NOT NULL, time_ms BIGINT NOT NULL, payload VARBINARY(" + PAYLOAD_BYTES_MAX
            + ") NOT NULL)";

    /** A row without its bytes: where it is and what it takes. */
    record Weight(Urgency urgency, long position, Amount amount) {}

    private final Connection connection;

    Rows(Connection connection) {
        this.connection = connection;
    }

    void createTable() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
        }
    }

    boolean isEmpty() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1 FROM entry LIMIT 1")) {
            return !rows.next();
        }
    }

    void insert(List<Entry> entries) throws SQLException {
        String sql = "INSERT INTO entry VALUES(?, ?, ?, ?, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (Entry entry : entries) {
                insert.setLong(1, place(entry.urgency(), entry.position()));
                insert.setString(2, entry.device());
                insert.setString(3, entry.kind());
                insert.setLong(4, entry.seq());
                insert.setLong(5, entry.timeMs());
                insert.setBytes(6, entry.payload());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** At most {@code max} entries of one urgency after one position, up to another, in order. */
    List<Entry> read(Urgency urgency, long after, long upTo, int max) throws SQLException {
        String sql = "SELECT place, device, kind, seq, time_ms, payload FROM entry WHERE place > ? AND place <= ?"
                + " ORDER BY place LIMIT ?";
        List<Entry> entries = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, place(urgency, after));
            select.setLong(2, place(urgency, upTo));
            select.setInt(3, max);
            long before = after;
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    long position = rows.getLong(1) & POSITION_MASK;
                    Stream stream = new Stream(rows.getString(2), rows.getString(3));
                    entries.add(new Entry(
                            position, before, urgency, stream, rows.getLong(4), rows.getLong(5), rows.getBytes(6)));
                    before = position;
                }
            }
        }
        return entries;
    }

    /** At most {@code max} entries of one stream from one number to another, in order. */
    List<Entry> stream(Stream stream, long from, long to, int max) throws SQLException {
        String sql = "SELECT place, seq, time_ms, payload FROM entry WHERE device = ? AND kind = ? AND seq >= ?"
                + " AND seq <= ? ORDER BY seq LIMIT ?";
        List<Entry> entries = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, stream.device());
            select.setString(2, stream.kind());
            select.setLong(3, from);
            select.setLong(4, to);
            select.setInt(5, max);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    long place = rows.getLong(1);
                    long position = place & POSITION_MASK;
                    Urgency urgency = Urgency.ofCode((int) (place >>> URGENCY_SHIFT));
                    entries.add(new Entry(
                            position,
                            position - 1,
                            urgency,
                            stream,
                            rows.getLong(2),
                            rows.getLong(3),
                            rows.getBytes(4)));
                }
            }
        }
        return entries;
    }

    /** The highest position of any row, 0 when there is none. */
    long lastPosition() throws SQLException {
        String sql = "SELECT place FROM entry WHERE place >= ? AND place <= ? ORDER BY place DESC LIMIT 1";
        long last = 0;
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (Urgency urgency : Urgency.values()) {
                select.setLong(1, place(urgency, 0));
                select.setLong(2, place(urgency, POSITION_MASK));
                try (ResultSet rows = select.executeQuery()) {
                    last = Math.max(last, rows.next() ? rows.getLong(1) & POSITION_MASK : 0);
                }
            }
        }
        return last;
    }

    /** The oldest rows of one urgency up to its mark. */
    List<Weight> oldest(Urgency urgency, long mark, int max) throws SQLException {
        String sql = "SELECT place, OCTET_LENGTH(payload) FROM entry WHERE place >= ? AND place <= ?"
                + " ORDER BY place LIMIT ?";
        List<Weight> weights = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, place(urgency, 0));
            select.setLong(2, place(urgency, mark));
            select.setInt(3, max);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    weights.add(new Weight(urgency, rows.getLong(1) & POSITION_MASK, Entry.amount(rows.getInt(2))));
                }
            }
        }
        return weights;
    }

    void deleteUpTo(Urgency urgency, long position) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM entry WHERE place >= ? AND place <= ?")) {
            delete.setLong(1, place(urgency, 0));
            delete.setLong(2, place(urgency, position));
            delete.executeUpdate();
        }
    }

    /** What lies after one position and up to another; reads every row, so that one that cannot be read shows now. */
    Amount amount(Urgency urgency, long after, long upTo) throws SQLException {
        String sql = "SELECT COUNT(*), SUM(OCTET_LENGTH(payload)) FROM entry WHERE place > ? AND place <= ?";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, place(urgency, after));
            select.setLong(2, place(urgency, upTo));
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return Entry.amounts(rows.getLong(1), rows.getLong(2));
            }
        }
    }

    /** Everything of one urgency after this position. */
    Amount amountAfter(Urgency urgency, long after) throws SQLException {
        return amount(urgency, after, POSITION_MASK);
    }

    private static long place(Urgency urgency, long position) {
        return ((long) urgency.code() << URGENCY_SHIFT) + Math.min(position, POSITION_MASK);
    }
}
