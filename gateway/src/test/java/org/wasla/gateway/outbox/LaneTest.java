package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LaneTest {

    private static final Stream STREAM = new Stream("d", "obs");

    private static Lane lane() {
        return new Lane(new LaneState(Urgency.OBSERVATION, List.of(), Amount.NONE, 0));
    }

    private static Entry entry(long position, long after) {
        return new Entry(position, after, Urgency.OBSERVATION, STREAM, position, 0, new byte[10]);
    }

    /** Other urgencies take positions too, so those of one lane have holes. */
    private static List<Entry> entries(Random random, int count) {
        List<Entry> entries = new ArrayList<>();
        long position = 0;
        for (int i = 0; i < count; i++) {
            long after = position;
            position += 1 + random.nextInt(3);
            entries.add(entry(position, after));
        }
        return entries;
    }

    @Test
    void whatIsPublishedIsKnownInAnyOrder() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<Entry> entries = entries(random, 1 + random.nextInt(20));
            List<Entry> order = new ArrayList<>(entries);
            Collections.shuffle(order, random);
            Lane lane = lane();
            boolean[] done = new boolean[entries.size()];
            for (Entry entry : order) {
                assertTrue(lane.published(entry), "seed " + seed);
                done[entries.indexOf(entry)] = true;
                int prefix = 0;
                while (prefix < done.length && done[prefix]) {
                    prefix++;
                }
                long mark = prefix == 0 ? 0 : entries.get(prefix - 1).position();
                assertEquals(mark + 1, lane.firstUnpublished(0), "seed " + seed);
                for (int i = 0; i < done.length; i++) {
                    assertEquals(done[i], lane.isPublished(entries.get(i).position()), "seed " + seed);
                }
            }
        }
    }

    @Test
    void publishingTwiceCountsOnce() {
        Lane lane = lane();
        assertTrue(lane.published(entry(5, 3)));
        assertFalse(lane.published(entry(5, 4)));
        assertTrue(lane.published(entry(3, 0)));
        assertFalse(lane.published(entry(3, 0)));
        assertEquals(6, lane.firstUnpublished(0));
        assertEquals(1, lane.state().published().size());
    }
}
