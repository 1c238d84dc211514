package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SpansTest {

    @Test
    void saysTheSameAsASetOfPositions() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            Spans spans = new Spans();
            TreeSet<Long> set = new TreeSet<>();
            for (int i = 0; i < 60; i++) {
                long from = random.nextInt(200);
                long to = from + random.nextInt(8);
                spans.add(from, to);
                for (long position = from + 1; position <= to; position++) {
                    set.add(position);
                }
                for (long position = 1; position < 220; position++) {
                    assertEquals(set.contains(position), spans.contains(position), "seed " + seed + " at " + position);
                }
            }
        }
    }

    @Test
    void readingGoesOnBehindASpan() {
        Spans spans = new Spans();
        spans.add(10, 12);
        spans.add(12, 20);
        spans.add(30, 31);
        assertEquals(9, spans.skip(9));
        assertEquals(20, spans.skip(10));
        assertEquals(20, spans.skip(15));
        assertEquals(20, spans.skip(20));
        spans.forget(20);
        assertFalse(spans.contains(15));
        assertTrue(spans.contains(31));
    }

    @Test
    void theLowestIsForgottenWhenThereAreTooMany() {
        Spans spans = new Spans();
        for (long i = 0; i < 2L * Spans.SPANS_MAX; i++) {
            spans.add(10 * i, 10 * i + 1);
        }
        assertFalse(spans.contains(1));
        assertTrue(spans.contains(10 * (2L * Spans.SPANS_MAX - 1) + 1));
    }
}
