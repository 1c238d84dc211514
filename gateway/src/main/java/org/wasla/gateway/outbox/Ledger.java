package org.wasla.gateway.outbox;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The small tables of the store: what it is, the last number of every stream, the lanes. One thread; commits nothing
 * by
 * itself.
 */
final class Ledger {

    static final String SCHEMA = "1";

    private static final String[] TABLES = {
        "CREATE TABLE IF NOT EXISTS stream(device VARCHAR(" + Draft.DEVICE_CHARS_MAX + "), kind VARCHAR("
                + Draft.KIND_CHARS_MAX + "), last BIGINT NOT NULL, PRIMARY KEY(device, kind))",
        "CREATE TABLE IF NOT EXISTS lane(urgency INT PRIMARY KEY, mark BIGINT, put BIGINT, put_bytes BIGINT,"
                + " sent BIGINT, sent_bytes BIGINT, gone BIGINT, gone_bytes BIGINT)",
        "CREATE TABLE IF NOT EXISTS meta(name VARCHAR(32) PRIMARY KEY, val VARCHAR(64) NOT NULL)"
    };

    private final Connection connection;

    Ledger(Connection connection) {
        this.connection = connection;
    }

    void createTables() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                statement.execute(table);
            }
        }
    }

    /** The first lines of a fresh store, whose positions begin after {@code floor}. */
    void begin(long floor) throws SQLException {
        byte[] epoch = new byte[4];
        new SecureRandom().nextBytes(epoch);
        putMeta("schema", SCHEMA);
        putMeta("epoch", HexFormat.of().formatHex(epoch));
        putMeta("boot", "0");
        List<LaneState> lanes = new ArrayList<>();
        for (Urgency urgency : Urgency.values()) {
            lanes.add(LaneState.fresh(urgency, floor));
        }
        putLanes(lanes);
    }

    Map<String, String> meta() throws SQLException {
        Map<String, String> meta = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name, val FROM meta")) {
            while (rows.next()) {
                meta.put(rows.getString(1), rows.getString(2));
            }
        }
        return meta;
    }

    void putMeta(String name, String value) throws SQLException {
        try (PreparedStatement merge = connection.prepareStatement("MERGE INTO meta KEY(name) VALUES(?, ?)")) {
            merge.setString(1, name);
            merge.setString(2, value);
            merge.executeUpdate();
        }
    }

    Map<Stream, Long> streams() throws SQLException {
        Map<Stream, Long> streams = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT device, kind, last FROM stream")) {
            while (rows.next()) {
                streams.put(new Stream(rows.getString(1), rows.getString(2)), rows.getLong(3));
            }
        }
        return streams;
    }

    void putStreams(Map<Stream, Long> last) throws SQLException {
        String sql = "MERGE INTO stream KEY(device, kind) VALUES(?, ?, ?)";
        try (PreparedStatement merge = connection.prepareStatement(sql)) {
            for (Map.Entry<Stream, Long> stream : last.entrySet()) {
                merge.setString(1, stream.getKey().device());
                merge.setString(2, stream.getKey().kind());
                merge.setLong(3, stream.getValue());
                merge.addBatch();
            }
            merge.executeBatch();
        }
    }

    List<LaneState> lanes() throws SQLException {
        String sql = "SELECT urgency, mark, put, put_bytes, sent, sent_bytes, gone, gone_bytes FROM lane";
        List<LaneState> lanes = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                Urgency urgency = Urgency.ofCode(rows.getInt(1));
                lanes.add(new LaneState(urgency, rows.getLong(2), amount(rows, 3), amount(rows, 5), amount(rows, 7)));
            }
        }
        if (lanes.size() != Urgency.values().length) {
            throw new SQLException("the store has " + lanes.size() + " lanes");
        }
        return lanes;
    }

    private static Amount amount(ResultSet rows, int column) throws SQLException {
        return new Amount(rows.getLong(column), rows.getLong(column + 1));
    }

    void putLanes(Collection<LaneState> lanes) throws SQLException {
        String sql = "MERGE INTO lane KEY(urgency) VALUES(?, ?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement merge = connection.prepareStatement(sql)) {
            for (LaneState lane : lanes) {
                merge.setInt(1, lane.urgency().code());
                merge.setLong(2, lane.mark());
                setAmount(merge, 3, lane.put());
                setAmount(merge, 5, lane.sent());
                setAmount(merge, 7, lane.gone());
                merge.addBatch();
            }
            merge.executeBatch();
        }
    }

    private static void setAmount(PreparedStatement merge, int column, Amount amount) throws SQLException {
        merge.setLong(column, amount.entries());
        merge.setLong(column + 1, amount.bytes());
    }
}
