package org.wasla.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.command.DesiredReader;

/**
 * A state is laid over the one that a box is on. Boxes of a group that are on different ones, or away, must be on the same
 * afterwards: a profile that is silently missing on one of them would be found by nobody.
 */
class RemotePlanTest {
    @TempDir
    Path home;

    private RemoteFolder folder;

    @BeforeEach
    void create() throws Exception {
        folder = RemoteFolder.create(home.resolve("keys"), "tech-1");
    }

    private static Desired.Bundle bundle(String id, String version) {
        String yaml = "id: " + id + "\nversion: " + version + "\n";
        List<String> statements = List.of("a.b.c", "d.e.f");
        return new Desired.Bundle(id, version, DesiredReader.sha256(yaml), statements, Map.of("profile.yaml", yaml));
    }

    /** @return its hash */
    private String push(RemotePlan plan) throws Exception {
        String payload = plan.payload("group:rea", 0, 86_400, "");
        folder.keep(folder.sign("wasla-desired+jws", payload));
        return DesiredReader.sha256(payload);
    }

    private static RemoteBox box(String id, long rev, String hash, long lastRev, String lastHash, String outcome) {
        return new RemoteBox(
                "wasla/1/ma-06/chu/" + id,
                Map.of(),
                Map.of("groups", List.of("rea")),
                Map.of(
                        "rev",
                        String.valueOf(lastRev),
                        "hash",
                        lastHash,
                        "s",
                        outcome,
                        "on",
                        Map.of("rev", String.valueOf(rev), "hash", hash)),
                Map.of());
    }

    private static RemoteBox on(String id, long rev, String hash) {
        return box(id, rev, hash, rev, hash, rev == 0 ? "" : "applied");
    }

    private RemotePlan change(List<RemoteBox> boxes, Desired.Bundle... bundles) throws Failure, IOException {
        return RemotePlan.change(folder, boxes, List.of(bundles), List.of());
    }

    private static String version(RemotePlan plan) {
        return Objects.requireNonNull(plan.profiles().get("oxi")).version();
    }

    @Test
    void boxesOnTheSameStateGetWhatIsNew() throws Exception {
        String unknown = "ab".repeat(32);
        RemotePlan plan = change(List.of(on("gw-1", 7, unknown), on("gw-2", 7, unknown)), bundle("oxi", "1.1.0"));
        assertEquals(8, plan.revision());
        assertEquals(List.of(unknown), plan.previous());
        assertEquals(Set.of("oxi"), plan.profiles().keySet());
    }

    @Test
    void boxesOnDifferentStatesGetAllOfIt() throws Exception {
        String first = push(change(List.of(on("gw-1", 0, "")), bundle("oxi", "1.1.0"), bundle("vent", "2.0.0")));
        List<RemoteBox> boxes = List.of(on("gw-1", 1, first), on("gw-2", 0, ""));
        RemotePlan plan = change(boxes, bundle("oxi", "1.2.0"));
        assertEquals(Set.of("oxi", "vent"), plan.profiles().keySet());
        assertEquals("1.2.0", version(plan));
        assertEquals(List.of(first), plan.previous());
        String second = push(plan);
        assertEquals(
                Set.of("oxi", "vent"),
                RemotePlan.content(folder, second).orElseThrow().keySet());
    }

    @Test
    void whatIsNotKnownHereIsNotGuessed() throws Exception {
        List<RemoteBox> boxes = List.of(on("gw-1", 7, "ab".repeat(32)), on("gw-2", 0, ""));
        Failure failure = assertThrows(Failure.class, () -> change(boxes, bundle("oxi", "1.2.0")));
        assertEquals(1, failure.exitCode());
        assertTrue(String.valueOf(failure.getMessage()).contains("was not pushed from this folder"));
    }

    // The broker gives a box that was away one state after the other: the second must fit behind the first, and without
    // it.
    @Test
    void aBoxThatIsAwayMayTakeEitherFirst() throws Exception {
        List<RemoteBox> away = List.of(on("gw-1", 0, ""));
        String first = push(change(away, bundle("vent", "2.0.0")));
        RemotePlan plan = change(away, bundle("oxi", "1.1.0"));
        assertEquals(2, plan.revision());
        assertEquals(List.of(first), plan.previous());
        assertEquals(Set.of("oxi", "vent"), plan.profiles().keySet(), "as if it had taken the first");
    }

    @Test
    void whatABoxRefusedComesBackWithNothing() throws Exception {
        String wrong = push(change(List.of(on("gw-1", 0, "")), bundle("vent", "2.0.0")));
        RemoteBox refused = box("gw-1", 0, "", 1, wrong, "refused");
        RemoteBox away = on("gw-2", 0, "");
        RemotePlan plan = change(List.of(refused, away), bundle("oxi", "1.1.0"));
        assertEquals(Set.of("oxi"), plan.profiles().keySet());
        assertEquals(List.of("vent"), plan.removed(), "should the other one take it first");
        assertEquals(List.of(wrong), plan.previous());
    }

    @Test
    void goingBackTakesAwayWhatCameSince() throws Exception {
        String first = push(change(List.of(on("gw-1", 0, "")), bundle("oxi", "1.1.0")));
        List<RemoteBox> later = List.of(on("gw-1", 1, first));
        String second = push(change(later, bundle("oxi", "1.2.0"), bundle("vent", "2.0.0")));
        List<RemoteBox> now = List.of(on("gw-1", 2, second));
        RemotePlan back = RemotePlan.back(folder, now, first);
        assertEquals(3, back.revision());
        assertEquals(List.of(second), back.previous());
        assertEquals("1.1.0", version(back));
        assertEquals(List.of("vent"), back.removed());
        RemotePlan installed = RemotePlan.back(folder, now, "");
        assertEquals(List.of("oxi", "vent"), new ArrayList<>(installed.removed()));
    }
}
