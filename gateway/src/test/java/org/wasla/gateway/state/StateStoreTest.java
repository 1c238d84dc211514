package org.wasla.gateway.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.config.StateStore;

class StateStoreTest {
    private static final String FIRST = "1a".repeat(32);
    private static final String SECOND = "2b".repeat(32);
    private static final String THIRD = "3c".repeat(32);

    @TempDir
    Path buffer;

    private StateStore store() {
        return new StateStore(buffer);
    }

    private static Desired.Bundle bundle(String id, String text) {
        return new Desired.Bundle(
                id, "1.0.0", "", List.of(), Map.of("profile.yaml", text, "captures/one.cap", "0 < 41\n"));
    }

    private static Desired desired(String keys, List<String> removed, Desired.Bundle... bundles) {
        return new Desired(List.of("gw-1"), 1, List.of(), 0, 1, "", keys, null, List.of(bundles), removed);
    }

    private String profile(String id) throws IOException {
        return Files.readString(store().profiles().orElseThrow().resolve(id).resolve("profile.yaml"));
    }

    @Test
    void versionsAreComparedAsNumbers() {
        assertFalse(StateCheck.isOlder("0.1.0", ""));
        assertFalse(StateCheck.isOlder("1.10.0", "1.9.0"));
        assertTrue(StateCheck.isOlder("1.9.0", "1.10.0"));
        assertFalse(StateCheck.isOlder("1.9.0", "1.9.0"));
        assertTrue(StateCheck.isOlder("test", "0.0.1"));
    }

    @Test
    void whatIsNotCommittedDoesNotCount() throws Exception {
        assertEquals(Optional.empty(), store().profiles());
        store().prepare(FIRST, "signed-1", desired("", List.of(), bundle("oxi", "old")));
        assertEquals(Optional.empty(), store().current());
        store().commit(FIRST);
        assertEquals("old", profile("oxi"));
        assertEquals("signed-1", store().signed());
        store().prepare(SECOND, "signed-2", desired("", List.of(), bundle("oxi", "new")));
        assertEquals("old", profile("oxi"));
        store().drop(SECOND);
        assertEquals("old", profile("oxi"));
        store().drop(FIRST);
        assertEquals("old", profile("oxi"), "the state in force stays");
    }

    @Test
    void aStateCarriesOnWhatItDoesNotName() throws Exception {
        store().prepare(FIRST, "s", desired("keys-1", List.of(), bundle("oxi", "oxi"), bundle("vent", "vent")));
        store().commit(FIRST);
        store().prepare(SECOND, "s", desired("", List.of("vent"), bundle("pump", "pump")));
        store().commit(SECOND);
        assertEquals("oxi", profile("oxi"));
        assertEquals("pump", profile("pump"));
        assertFalse(Files.exists(store().profiles().orElseThrow().resolve("vent")));
        assertEquals("keys-1", store().keys());
        store().prepare(THIRD, "s", desired("keys-3", List.of()));
        store().commit(THIRD);
        assertEquals("keys-3", store().keys());
        try (Stream<Path> states = Files.list(buffer.resolve("trust/states"))) {
            assertEquals(
                    3, states.count(), "the state in force, the one before, and the file that says which one it is");
        }
    }

    /** As a crash leaves it: a prepared state half written, and a draft of the file that names the state in force. */
    @Test
    void whatACrashLeftIsWrittenAnew() throws Exception {
        store().prepare(FIRST, "s", desired("", List.of(), bundle("oxi", "old")));
        store().commit(FIRST);
        Path half = Files.createDirectories(buffer.resolve("trust/states/" + SECOND + "/profiles/oxi"));
        Files.writeString(half.resolve("profile.yaml"), "ne");
        Files.writeString(half.resolve("stray"), "");
        Files.writeString(buffer.resolve("trust/states/current.new"), SECOND.substring(0, 9));
        assertEquals("old", profile("oxi"));
        store().prepare(SECOND, "s", desired("", List.of(), bundle("oxi", "new")));
        store().commit(SECOND);
        assertEquals("new", profile("oxi"));
        assertFalse(Files.exists(half.resolve("stray")));
        assertTrue(Files.exists(half.resolve("captures/one.cap")));
    }
}
