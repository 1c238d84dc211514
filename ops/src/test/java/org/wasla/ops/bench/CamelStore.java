package org.wasla.ops.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The synced H2 table that the Camel routes write to before they publish. Rows older than the last thousands are
 * deleted along the way. Thread-safe.
 */
final class CamelStore {
    private static final int KEEP = 10_000;
    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement delete;
    private final Statement checkpoint;
    private long last;
    private long deleted;

    CamelStore(String folder) throws SQLException {
        connection = DriverManager.getConnection("jdbc:h2:file:" + folder + "/camel;WRITE_DELAY=0", "sa", "");
        connection.setAutoCommit(false);
        checkpoint = connection.createStatement();
        checkpoint.execute("CREATE TABLE IF NOT EXISTS waiting (id BIGINT PRIMARY KEY, payload VARBINARY(65536))");
        insert = connection.prepareStatement("INSERT INTO waiting VALUES (?, ?)");
        delete = connection.prepareStatement("DELETE FROM waiting WHERE id <= ?");
    }

    /** Returns when all of them would survive the plug being pulled. */
    synchronized void keep(List<?> payloads) throws SQLException {
        for (Object payload : payloads) {
            insert.setLong(1, ++last);
            insert.setBytes(2, (byte[]) payload);
            insert.addBatch();
        }
        insert.executeBatch();
        if (last - deleted > 2 * KEEP) {
            deleted = last - KEEP;
            delete.setLong(1, deleted);
            delete.executeUpdate();
        }
        connection.commit();
        checkpoint.execute("CHECKPOINT SYNC");
    }
}
