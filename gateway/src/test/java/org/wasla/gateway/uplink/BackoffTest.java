package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {

    /** Always the highest that it is asked for. */
    private static final RandomGenerator HIGHEST = new RandomGenerator() {
        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    };

    @Test
    void theCeilingDoublesUpToTheLimitAndFallsWithSuccess() {
        Backoff backoff = new Backoff(500, 60_000, HIGHEST);
        long[] expected = {500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000};
        for (long waitMs : expected) {
            assertEquals(waitMs, backoff.nextMs());
        }
        for (int i = 0; i < 100; i++) {
            assertEquals(60_000, backoff.nextMs());
        }
        backoff.reset();
        assertEquals(500, backoff.nextMs());
    }

    @Test
    void waitsAreSpreadOverTheWholeRange() {
        Backoff backoff = new Backoff(1_000, 1_000, new Random(7));
        int low = 0;
        for (int i = 0; i < 1_000; i++) {
            long waitMs = backoff.nextMs();
            assertTrue(waitMs >= 0 && waitMs <= 1_000);
            low += waitMs < 500 ? 1 : 0;
        }
        assertTrue(low > 400 && low < 600, low + " of 1000 in the lower half");
    }
}
