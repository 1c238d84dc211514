package org.wasla.gateway.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.observation.Condition;
import org.wasla.gateway.observation.RecordJson.Clock;

/** A set of alarms is known only while its device is heard, and never without an end. */
class AlarmBoardTest {
    private static final Condition HIGH = new Condition("", "high", "38", "HIGH", "phys", "high", "active", null);

    private final List<Said> said = new ArrayList<>();
    private final AlarmBoard board = new AlarmBoard(
            "gw-1",
            60_000,
            () -> new Clock("unsync", null),
            (device, json, untilNs) -> said.add(new Said(device, json, untilNs)));

    private record Said(
            String device, String json, @Nullable Long untilNs) {}

    private Said last() {
        return said.get(said.size() - 1);
    }

    private void assertUnknown(Said told) {
        assertTrue(told.json().contains("\"s\":\"unknown\"") && told.json().endsWith("\"alarms\":[]}"), told.json());
        assertTrue(!told.json().contains("until") && !told.json().contains("ttl"), told.json());
        assertNull(told.untilNs());
    }

    private void assertKnown(Said told, String alarms) {
        assertTrue(told.json().contains("\"s\":\"known\",\"until\":"), told.json());
        assertTrue(told.json().contains("\"ttl\":60,\"clk\":{\"s\":\"unsync\"}"), told.json());
        assertTrue(told.json().contains("\"note\":\"not a primary alarm system\",\"alarms\":[" + alarms), told.json());
        assertNotNull(told.untilNs());
    }

    @Test
    void nothingIsKnownUntilTheDeviceIsHeard() {
        board.add("pump-1");
        assertUnknown(last());
        // What is remembered of an earlier run is not shown as current before the device speaks.
        board.changed("pump-1", "pump-1", List.of(HIGH), 5);
        assertUnknown(last());
        board.changed("pump-1", DeviceState.SILENT);
        board.changed("pump-1", DeviceState.LINKED);
        board.tick();
        // It speaks, and has told of no alarm yet: a device that never does stays unknown, and not without alarms.
        assertUnknown(last());
        board.changed("pump-1", "pump-1", List.of(HIGH), 6);
        assertKnown(last(), "{\"a\":\"high\",");
        board.changed("pump-1", "pump-1", List.of(), 7);
        assertKnown(last(), "]}");
    }

    @Test
    void whatHoldsIsSaidAgainAndNotMoreOftenThanNeeded() {
        board.add("pump-1");
        board.changed("pump-1", DeviceState.LINKED);
        board.changed("pump-1", "pump-1", List.of(HIGH), 5);
        int before = said.size();
        board.tick();
        board.tick();
        assertEquals(before, said.size(), "a third of a minute has not passed");
        board.stepped();
        assertEquals(before + 1, said.size(), "until is by the clock that was set");
        assertKnown(last(), "{\"a\":\"high\",");
    }

    // A device that falls silent ends its alarms too: an empty set that is known would say that all is well.
    @Test
    void aDeviceThatIsNotHeardIsUnknownAndNotWithoutAlarms() {
        for (DeviceState state : List.of(DeviceState.SILENT, DeviceState.FAULT, DeviceState.REMOVED)) {
            board.changed("pump-1", DeviceState.LINKED);
            board.changed("pump-1", "pump-1", List.of(HIGH), 5);
            board.changed("pump-1", "pump-1-2", List.of(), 5);
            said.clear();
            board.changed("pump-1", state);
            board.changed("pump-1", "pump-1", List.of(), 6);
            assertEquals(3, said.size());
            said.forEach(this::assertUnknown);
            board.tick();
            assertEquals(3, said.size(), "nobody knows, for as long as it takes");
        }
    }

    @Test
    void nothingIsKnownOnceTheAgentStops() {
        board.changed("pump-1", DeviceState.LINKED);
        board.changed("pump-1", "pump-1", List.of(HIGH), 5);
        board.stop();
        assertUnknown(last());
        board.changed("pump-1", DeviceState.LINKED);
        board.changed("pump-1", "pump-1", List.of(), 6);
        board.tick();
        assertUnknown(last());
    }
}
