package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BucketTest {

    @Test
    void overAMinuteTheCapHolds() {
        Bucket bucket = new Bucket(1_000, 0);
        long sent = 0;
        for (long ms = 0; ms < 60_000; ms++) {
            while (bucket.mayTake(ms * 1_000_000)) {
                bucket.take(130);
                sent += 130;
            }
        }
        assertTrue(Math.abs(60_000 - sent) <= 500, sent + " bytes in a minute");
    }

    @Test
    void whatIsTakenInDebtIsPaidBack() {
        Bucket bucket = new Bucket(1_000, 0);
        bucket.take(2_250);
        assertFalse(bucket.mayTake(1_900_000_000L));
        assertTrue(Math.abs(101 - bucket.waitMs()) <= 1, bucket.waitMs() + " ms");
        assertTrue(bucket.mayTake(2_010_000_000L));
    }

    @Test
    void withoutACapNothingWaits() {
        Bucket bucket = new Bucket(0, 0);
        bucket.take(1L << 40);
        assertTrue(bucket.mayTake(1));
    }
}
