package org.wasla.ops.fleet;

import java.util.Locale;

/** The account at the end: everything offered acknowledged, everything acknowledged at the subscriber. Stateless. */
final class Ending {
    private static final double PATIENCE_S = 60;

    private Ending() {}

    /** Waits until all has arrived, and prints the account. @return whether nothing is missing */
    static boolean tell(Meters meters) {
        long[] last = {-1, System.nanoTime()};
        Fleet.await(PATIENCE_S, () -> {
            long now = meters.arrived.sum() + meters.acknowledged.sum();
            if (now != last[0]) {
                last[0] = now;
                last[1] = System.nanoTime();
            }
            return isDone(meters) && System.nanoTime() - last[1] > 1_000_000_000L;
        });
        System.out.printf(
                Locale.ROOT,
                "%nobservations: %,d told by devices, %,d at the subscriber, %,d doubles, %,d out of order; %,d of %,d messages of all kinds acknowledged; reasons %s; connects refused or lost %s%n",
                meters.observed.sum(),
                meters.arrived.sum(),
                meters.doubles.sum(),
                meters.outOfOrder.sum(),
                meters.acknowledged.sum(),
                meters.offered.sum(),
                meters.reasons(),
                meters.causes());
        return isDone(meters);
    }

    private static boolean isDone(Meters meters) {
        return meters.arrived.sum() == meters.observed.sum() && meters.acknowledged.sum() >= meters.offered.sum();
    }
}
