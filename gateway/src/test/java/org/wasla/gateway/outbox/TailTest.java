package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Who reads from memory must never pass over what only the store has. */
class TailTest {

    private static final long MAX = Long.MAX_VALUE;
    private final Tail tail = new Tail(1_000);

    private static Entry obs(long position, long after) {
        return new Entry(position, after, Urgency.OBSERVATION, new Stream("d", "obs"), position, 0, new byte[100]);
    }

    private static List<Long> positions(List<Entry> entries) {
        return entries.stream().map(Entry::position).toList();
    }

    private List<Long> whole(long after) {
        return positions(Objects.requireNonNull(tail.afterAllStored(Urgency.OBSERVATION, after, MAX, 100)));
    }

    @Test
    void whatWasMovedStaysForOneMoveMore() {
        tail.add(List.of(obs(1, 0), obs(2, 1)));
        tail.moved(2);
        tail.add(List.of(obs(3, 2)));
        assertEquals(List.of(1L, 2L, 3L), whole(0));
        tail.moved(3);
        assertEquals(List.of(3L), whole(2));
        assertNull(tail.afterAllStored(Urgency.OBSERVATION, 1, MAX, 100));
    }

    @Test
    void onlyWhatWaitsForTheStoreIsCountedAndMoved() {
        tail.add(List.of(obs(1, 0), obs(2, 1)));
        long each = obs(1, 0).amount().bytes();
        assertEquals(2 * each, tail.bytes());
        tail.moved(1);
        assertEquals(each, tail.bytes());
        assertEquals(1, tail.entries());
        assertEquals(List.of(2L), positions(tail.upTo(Urgency.OBSERVATION, MAX)));
        assertEquals(List.of(2L), positions(tail.all()));
        tail.moved(2);
        assertEquals(0, tail.bytes());
        assertEquals(0, tail.entries());
        assertTrue(tail.all().isEmpty());
    }

    @Test
    void anEntryTellsWhetherOthersComeBeforeIt() {
        tail.add(List.of(obs(10, 7)));
        assertNull(tail.afterAllStored(Urgency.OBSERVATION, 6, MAX, 100));
        assertEquals(List.of(10L), whole(7));
        assertEquals(List.of(10L), whole(9));
        assertEquals(List.of(), whole(10));
    }

    @Test
    void ofAnUrgencyThatNeverCameNothingIsKnown() {
        tail.add(List.of(obs(10, 7)));
        assertNull(tail.afterAllStored(Urgency.WAVE, 50, MAX, 100));
        assertEquals(List.of(), tail.after(Urgency.WAVE, 0, MAX, 100));
    }

    @Test
    void roomComesWithTheMove() {
        for (long position = 1; !tail.isFull(); position++) {
            tail.add(List.of(obs(position, position - 1)));
        }
        assertTrue(tail.isWorthMoving());
        tail.moved(tail.last());
        assertFalse(tail.isFull());
        assertFalse(tail.isWorthMoving());
    }
}
