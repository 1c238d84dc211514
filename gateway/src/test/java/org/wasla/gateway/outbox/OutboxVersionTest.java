package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** Guards the version of H2: 2.5.252 loses synced rows on a plain kill -9. */
class OutboxVersionTest {

    @Test
    void theDatabaseIsExactlyTheOneThatWasMeasured() throws Exception {
        try (Connection connection = new org.h2.Driver().connect("jdbc:h2:mem:", new Properties());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT H2VERSION()")) {
            rows.next();
            assertEquals("2.4.240", rows.getString(1), "pin com.h2database:h2 in pom.xml to 2.4.240");
        }
    }
}
