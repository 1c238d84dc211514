package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.outbox.Entries;
import org.wasla.gateway.outbox.Urgency;

/** What waits and when it is tried, with times that the test gives. */
class RefusalsTest {

    private static final long MS = 1_000_000;
    private static final String TOPIC = "wasla/1/ma-06/chu/gw-1/d/oxi/obs";

    private final Refusals refusals = new Refusals(new Timing(1_000, 1_000, 100, 1_000, 1_000, 30));

    private static Parcel parcel(long seq) {
        byte[] payload = new byte[2_000];
        return new Parcel(
                List.of(Entries.of(seq, Urgency.OBSERVATION, "oxi", "obs", seq, "{}")),
                Payload.plain(payload),
                false,
                null);
    }

    private Refusals.Held due(long nowMs) {
        Refusals.Held due = refusals.due(nowMs * MS);
        assertNotNull(due, "nothing is tried at " + nowMs);
        refusals.tried(due);
        return due;
    }

    private void lost(int reason, int underWay, @Nullable String topic, @Nullable Parcel parcel) {
        refusals.lost(reason, underWay, topic, parcel, 0);
    }

    @Test
    void itIsTriedEverLessOftenAndOnlyItsOwnAcceptanceCounts() {
        Parcel first = parcel(1);
        assertEquals(1, refusals.refused(TOPIC, first, 0x87, 0));
        assertEquals(0, refusals.refused(TOPIC, parcel(2), 0x87, 0), "one that was under way beside it");
        assertNull(refusals.due(99 * MS));
        assertEquals(first, due(100).first());
        assertNull(refusals.due(500 * MS), "it is under way");
        assertEquals(2, refusals.refused(TOPIC, first, 0x87, 150 * MS));
        assertNull(refusals.due(349 * MS));
        due(350);
        assertFalse(refusals.accepted(TOPIC, parcel(2)), "another of the topic proves nothing");
        assertTrue(refusals.holds(TOPIC));
        assertTrue(refusals.accepted(TOPIC, first));
        assertFalse(refusals.holds(TOPIC));
        assertEquals(List.of(), refusals.told());
    }

    @Test
    void onlyWhatIsTooLargeIsEverHopeless() {
        for (int reason : new int[] {0x87, 0x97, 0x95}) {
            String topic = TOPIC + reason;
            Parcel first = parcel(reason);
            refusals.refused(topic, first, reason, 0);
            for (int tries = 1; tries <= Refusals.TRIES_ALONE; tries++) {
                assertNull(refusals.hopeless(), "after " + tries);
                due(tries * 10_000L);
                refusals.refused(topic, first, reason, tries * 10_000L * MS);
            }
        }
        Refusals.Held hopeless = refusals.hopeless();
        assertNotNull(hopeless);
        assertEquals(TOPIC + 0x95, hopeless.topic());
    }

    @Test
    void anEndWithAReasonIsLookedIntoAtOnce() {
        lost(0x87, 7, null, null);
        assertTrue(refusals.isCareful());
        assertTrue(refusals.isEmpty(), "nobody knows which of seven");
        lost(0x87, 1, TOPIC, parcel(1));
        assertTrue(refusals.told().get(0).ends());
        for (int i = 0; i < 200; i++) {
            refusals.accepted("other", null);
        }
        assertFalse(refusals.isCareful());
        assertTrue(refusals.holds(TOPIC));
    }

    /** Links are cut all the time: that must blame nobody. */
    @Test
    void endsWithoutAReasonBlameOnlyWhoWasAloneAgainAndAgain() {
        for (int i = 0; i < 20; i++) {
            lost(0, 0, null, null);
            lost(Reason.TAKEN_OVER, 5, null, null);
        }
        assertFalse(refusals.isCareful());
        for (int i = 0; i < 4; i++) {
            assertFalse(refusals.isCareful());
            lost(0, 3, null, null);
        }
        assertTrue(refusals.isCareful());
        for (int i = 0; i < 20; i++) {
            lost(0, 1, TOPIC + i, parcel(1));
        }
        assertTrue(refusals.isEmpty(), "each time another");
        for (int i = 0; i < 3; i++) {
            assertTrue(refusals.isEmpty());
            lost(0, 1, TOPIC, parcel(1));
        }
        assertTrue(refusals.holds(TOPIC));
    }

    @Test
    void whatEndsConnectionsIsTriedAfterTheOthersHadTheirTurn() {
        lost(0x95, 1, TOPIC, parcel(1));
        refusals.connected(5_000 * MS);
        assertNull(refusals.due(5_999 * MS));
        assertTrue(due(6_000).ends());
        assertTrue(refusals.isTryingAlone());
    }

    /** Or it would be tried on every connection, and end each. */
    @Test
    void whatEndsConnectionsWithoutAWordIsTriedEverLessOftenToo() {
        for (int i = 0; i < 4; i++) {
            lost(0, 3, null, null);
        }
        for (int i = 0; i < 3; i++) {
            lost(0, 1, TOPIC, parcel(1));
        }
        for (int i = 0; i < 200; i++) {
            refusals.accepted("other", null);
        }
        refusals.connected(0);
        due(1_000);
        refusals.lost(0, 1, TOPIC, parcel(1), 1_100 * MS);
        assertEquals(2, refusals.told().get(0).times());
        refusals.connected(1_200 * MS);
        due(2_200);
        refusals.lost(Reason.TAKEN_OVER, 1, TOPIC, parcel(1), 2_300 * MS);
        assertEquals(2, refusals.told().get(0).times(), "another box was at fault");
        refusals.connected(2_400 * MS);
        due(3_400);
    }
}
