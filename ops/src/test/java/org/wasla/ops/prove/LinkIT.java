package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The short form of {@code ops/prove/link}: a small backlog over a wire that is a little less bad. */
class LinkIT {
    @Test
    void aBacklogLeavesOverABadWireAndAlarmsGoFirst() throws Exception {
        try (Workbench bench = new Workbench("link-it")) {
            LinkProof.Outcome outcome = new LinkProof(bench, false)
                    .drain(new Report("link-it", false), new Shape(256_000, 100, 10), 400, 90_000);
            assertTrue(outcome.isDrained(), "the backlog is still there");
            assertTrue(outcome.verdict().holds(), outcome.verdict().summary());
            assertTrue(outcome.alarmsBehind() <= LinkProof.BEHIND_MAX, outcome.alarmsBehind() + " before an alarm");
        }
    }
}
