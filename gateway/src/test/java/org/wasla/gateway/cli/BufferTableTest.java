package org.wasla.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.outbox.GapReader;

/** What the person in front of a box reads. */
class BufferTableTest {

    private static String table(String health) {
        List<String> lines = new BufferTable(
                        Json.object(health.getBytes(StandardCharsets.UTF_8)).orElseThrow())
                .lines();
        return String.join("\n", lines);
    }

    @Test
    void aRunningAgentIsToldInWordsWithUnits() {
        String table = table("{\"gw\":\"gw-1\",\"running\":true,\"buffer\":{\"epoch\":\"0a1b2c3d\",\"boot\":3,"
                + "\"lanes\":{\"observation\":{\"waiting\":1200,\"waitingBytes\":5242880,\"oldestMs\":7500000}},"
                + "\"bytesOnDisk\":4294967296,\"maxBytes\":8589934592,\"hoursToFull\":50.5,\"secondsToDrained\":300,"
                + "\"accepted\":9,\"recordsPerSecond\":2.50,\"published\":4,\"publishedPerSecond\":6.50,"
                + "\"commits\":7,\"syncMaxMs\":12.25,\"refused\":0,\"lost\":0,\"quarantined\":0,"
                + "\"lastError\":\"the buffer cannot write: no space left; free space\"},"
                + "\"uplink\":{\"connected\":false,\"lastError\":\"refused\"}}");
        assertTrue(table.contains("obs                1200          5.0  2 h 5 min"), table);
        assertTrue(table.contains("alarm                 -            -  -"), table);
        assertTrue(table.contains("50.0 %, 4.00 of 8.00 GiB; full in 2 d 2 h if nothing were published"), table);
        assertTrue(table.contains("drained    in 5 min"), table);
        assertTrue(table.contains("9 records, 2.50 a second"), table);
        assertTrue(table.contains("4 records, 6.50 a second; NOT CONNECTED"), table);
        assertTrue(table.contains("the longest of the last ten minutes 12.25 ms"), table);
        assertTrue(table.contains("no space left; free space"), table);
        assertTrue(table.contains("refused; wasla check tells"), "an error without a remedy gets one: " + table);
    }

    @Test
    void whatIsNotKnownIsADashAndNeverAZero() {
        String table = table("{\"gw\":\"gw-1\",\"running\":false,\"buffer\":{}}");
        assertTrue(table.contains("no agent runs"), table);
        assertTrue(table.contains("full       -"), table);
        assertTrue(!table.contains("0"), table);
    }

    @Test
    void onlyAWholeGapEventTellsNumbers() {
        assertEquals(
                new GapReader.Told("oxi-b07-2", "obs", 7, 9),
                told("{\"e\":\"gap\",\"of\":\"oxi-b07-2.obs\",\"from\":7,\"to\":9,\"why\":\"quota\"}"));
        assertNull(told("{\"e\":\"device-found\"}"));
        assertNull(told("{\"e\":\"gap\",\"of\":\"x\",\"from\":7,\"to\":9}"));
        assertNull(told("{\"e\":\"gap\",\"of\":\"a.obs\",\"to\":9}"));
        assertNull(told("no json"));
    }

    private static GapReader.@org.jspecify.annotations.Nullable Told told(String event) {
        return BufferVerb.told(event.getBytes(StandardCharsets.UTF_8));
    }
}
