package org.wasla.ops.fleet;

import java.util.List;
import java.util.Locale;

/** A stretch of time under one load, and what came of it. One thread. */
final class Step {
    static final String HEAD =
            "| sessions | observations/s offered | all messages/s offered | acknowledged/s | kB/s | PUBACK p50 ms | p99 ms |"
                    + " at the subscriber p50 ms | p99 ms | held back | broker CPU, cores | broker MB |\n"
                    + "|---|---|---|---|---|---|---|---|---|---|---|---|";
    private static final double WARM_S = 2;
    private final Fleet fleet;
    private final Meters meters;
    private final List<Long> pids;

    Step(Fleet fleet, Meters meters, List<Long> pids) {
        this.fleet = fleet;
        this.meters = meters;
        this.pids = pids;
    }

    /**
     * Loads for so long, after a moment to get going.
     *
     * @return whether the broker kept up: 95 % acknowledged, p99 below 1 s
     */
    boolean run(double messagesPerSecond, double seconds) {
        fleet.rate(messagesPerSecond);
        Fleet.await(WARM_S, () -> false);
        meters.puback.clear();
        meters.endToEnd.clear();
        long offered = meters.offered.sum();
        long acknowledged = meters.acknowledged.sum();
        long bytes = meters.bytes.sum();
        long held = meters.heldBack.sum();
        double cpu = ProcStat.of(pids).cpuSeconds();
        long startNs = System.nanoTime();
        Fleet.await(seconds, () -> false);
        double took = (System.nanoTime() - startNs) / 1e9;
        double offeredPerS = (meters.offered.sum() - offered) / took;
        double acknowledgedPerS = (meters.acknowledged.sum() - acknowledged) / took;
        ProcStat after = ProcStat.of(pids);
        System.out.printf(
                Locale.ROOT,
                "| %,d | %,.0f | %,.0f | %,.0f | %,.0f | %.1f | %.0f | %.0f | %.0f | %,d | %s | %s |%n",
                meters.sessions.get(),
                messagesPerSecond,
                offeredPerS,
                acknowledgedPerS,
                (meters.bytes.sum() - bytes) / took / 1_000,
                meters.puback.ms(0.5),
                meters.puback.ms(0.99),
                meters.endToEnd.ms(0.5),
                meters.endToEnd.ms(0.99),
                meters.heldBack.sum() - held,
                pids.isEmpty() ? "-" : String.format(Locale.ROOT, "%.2f", (after.cpuSeconds() - cpu) / took),
                pids.isEmpty() ? "-" : Long.toString(after.residentBytes() >> 20));
        return acknowledgedPerS >= 0.95 * offeredPerS && meters.puback.ms(0.99) < 1_000;
    }
}
