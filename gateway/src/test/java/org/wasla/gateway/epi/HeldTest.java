package org.wasla.gateway.epi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.epi.Held.Waiting;
import org.wasla.gateway.epi.Signals.Signal;

/** When and in which order signals are published must say nothing of when and where results were made. */
class HeldTest {
    private static final long TUESDAY_MS = Instant.parse("2026-06-16T08:00:00Z").toEpochMilli();
    private static final long NEXT_MONDAY_MS =
            Instant.parse("2026-06-22T00:00:00Z").toEpochMilli();
    private static final long DAY_MS = 86_400_000;
    private final Signals signals = new Signals("ma-06", null, ZoneId.of("UTC"));
    private final Held held = new Held(signals, true, new Random(3), name -> "~" + name);

    private static Signal signal(String result, String... names) {
        return new Signal(List.of(names), "718-7", result, null, null, null, "2026-W25");
    }

    @Test
    void eachGoesAtAMomentOfItsOwnInTheNextWeek() {
        Set<Long> moments = new HashSet<>();
        Set<String> ids = new HashSet<>();
        int early = 0;
        for (int i = 0; i < 1_000; i++) {
            Waiting waiting = held.take(signal("low", "a" + i), TUESDAY_MS + i).orElseThrow();
            assertTrue(
                    waiting.dueMs() >= NEXT_MONDAY_MS && waiting.dueMs() < NEXT_MONDAY_MS + 7 * DAY_MS,
                    "due at " + waiting.dueMs());
            moments.add(waiting.dueMs());
            ids.add(waiting.id());
            early += waiting.dueMs() < NEXT_MONDAY_MS + 7 * DAY_MS / 2 ? 1 : 0;
        }
        assertTrue(moments.size() > 990, "a panel must not go as one: " + moments.size());
        assertTrue(early > 400 && early < 600, "half of them in the first half of the week, not " + early);
        assertEquals(1_000, ids.size());
    }

    @Test
    void byDayTheyAreHeldUntilTheDayIsOver() {
        Held daily = new Held(signals, false, new Random(3), name -> name);
        for (int i = 0; i < 100; i++) {
            long dueMs =
                    daily.take(signal("low", "a" + i), TUESDAY_MS).orElseThrow().dueMs();
            assertTrue(
                    dueMs >= TUESDAY_MS + 16 * 3_600_000L && dueMs < TUESDAY_MS + 40 * 3_600_000L, "due at " + dueMs);
        }
    }

    @Test
    void aResultThatComesAgainIsOne() {
        Waiting first = held.take(signal("low", "a"), TUESDAY_MS).orElseThrow();
        Waiting again = held.take(signal("high", "a"), TUESDAY_MS + 5).orElseThrow();
        assertEquals(first.id(), again.id());
        assertEquals(first.dueMs(), again.dueMs());
        assertTrue(again.document().contains("\"cl\":\"high\""));
        assertEquals(1, held.all().size());
        // A correction of another day finds it by an older name.
        Waiting corrected =
                held.take(signal("normal", "b", "a"), TUESDAY_MS + DAY_MS).orElseThrow();
        assertEquals(first.id(), corrected.id());
        held.gone(first.name());
        assertTrue(held.take(signal("low", "a"), TUESDAY_MS).isEmpty());
        assertTrue(held.take(signal("low", "c", "a"), TUESDAY_MS).isEmpty());
        assertNotEquals(
                first.id(),
                held.take(signal("low", "d"), TUESDAY_MS).orElseThrow().id());
    }

    // A box that was off for a week would tell by a burst what is all its own.
    @Test
    void whatIsOverdueIsDrawnAnew() {
        for (int i = 0; i < 200; i++) {
            held.take(signal("low", "a" + i), TUESDAY_MS);
        }
        long nowMs = TUESDAY_MS + 30 * DAY_MS;
        assertEquals(List.of(), held.due(nowMs));
        List<String> order = new ArrayList<>();
        for (long atMs = nowMs; atMs <= nowMs + DAY_MS; atMs += 60_000) {
            List<Waiting> due = held.due(atMs);
            assertTrue(due.size() <= Held.AT_ONCE_MAX, "at once: " + due.size());
            due.forEach(each -> {
                order.add(each.name());
                held.gone(each.name());
            });
        }
        assertEquals(200, order.size());
        assertNotEquals(order.stream().sorted().toList(), order);
    }

    @Test
    void whatIsTooMuchGoesEarlyAndIsNotLost() {
        for (int i = 0; i < Held.HELD_MAX + 3; i++) {
            held.take(signal("low", "a" + i), TUESDAY_MS);
        }
        List<Waiting> due = held.due(TUESDAY_MS);
        assertEquals(3, due.size());
        due.forEach(each -> held.gone(each.name()));
        assertEquals(Held.HELD_MAX, held.all().size());
        assertTrue(held.due(TUESDAY_MS).isEmpty());
    }
}
