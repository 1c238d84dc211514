package org.wasla.ops.fleet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The figures of {@code ops/region/SIZING.md}, in one go: of a replicated pair and of a mosquitto, what a session costs,
 * what load by steps, and how long a storm takes with and without jitter. One thread.
 */
final class Measure {
    /** Of an Artemis node: half a megabyte for each gateway, and room to move. */
    private static final String HEAP = "2g";

    private static final int DEVICES = 4;
    private static final int BATCH = 5;
    private static final double STEP_S = 8;
    private static final double SETTLE_S = 90;
    private static final double BACK_S = 120;
    private static final long UNDER_WAY = 100;
    private static final int OUTAGE_S = 10;
    private static final int[] RATES = {250, 500, 1_000, 2_000, 4_000, 8_000, 16_000};
    private final Path script;
    private final Path folder;
    private final int gateways;
    private final List<String> storms = new ArrayList<>();

    Measure(Path script, Path folder, int gateways) {
        this.script = script;
        this.folder = folder;
        this.gateways = gateways;
    }

    /** @return whether nothing was lost */
    boolean run() throws IOException {
        System.out.printf(
                Locale.ROOT,
                "%s, %d cores, JDK %s, %,d gateways of %d devices, sets of 12 values in messages of %d, %.0f s a step%n",
                java.time.LocalDate.now(java.time.ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                gateways,
                DEVICES,
                BATCH,
                STEP_S);
        boolean pairHolds = engine("Artemis, replicated pair", "artemis");
        boolean holds = engine("mosquitto", "mosquitto") && pairHolds;
        System.out.println(
                "\n| storm | full jitter | all back, s | connects in the fullest second |\n|---|---|---|---|");
        storms.forEach(System.out::println);
        return holds;
    }

    private boolean engine(String name, String kind) throws IOException {
        Path dir = folder.resolve(kind);
        List<String> start = new ArrayList<>(List.of("start", "--dir", dir.toString(), "--port", "18930"));
        if (kind.equals("mosquitto")) {
            start.add("--mosquitto");
        }
        Brokers.run(Map.of("WASLA_BROKER_HEAP", HEAP), script, start.toArray(String[]::new));
        try {
            return measure(name, Brokers.of(script, dir));
        } finally {
            Brokers.run(Map.of(), script, "stop", "--dir", dir.toString());
        }
    }

    private boolean measure(String name, Brokers brokers) throws IOException {
        Limits.check(gateways, brokers.pids());
        long empty = ProcStat.of(brokers.pids()).residentBytes();
        Region region = new Region(brokers.servers());
        try (Fleet fleet = new Fleet(region, gateways, DEVICES, BATCH)) {
            long startNs = System.nanoTime();
            boolean allUp = fleet.open(SETTLE_S);
            settle(region);
            long full = ProcStat.of(brokers.pids()).residentBytes();
            System.out.printf(
                    Locale.ROOT,
                    "%n**%s**: %,d sessions and their last values in %.1f s; %d MB empty, %d MB with them: %.0f kB a gateway%n%n",
                    name,
                    region.meters().sessions.get(),
                    (System.nanoTime() - startNs) / 1e9,
                    empty >> 20,
                    full >> 20,
                    (full - empty) / 1024.0 / gateways);
            System.out.println(Step.HEAD);
            Step step = new Step(fleet, region.meters(), brokers.pids());
            double good = 0;
            for (int rate : RATES) {
                if (!step.run(rate, STEP_S)) {
                    break;
                }
                good = rate;
            }
            System.out.printf(Locale.ROOT, "%nBears %,.0f observation messages/s.%n", good);
            fleet.rate(0);
            boolean holds = allUp && Ending.tell(region.meters());
            fleet.rate(good / 4);
            storm(name, fleet, region, true);
            storm(name, fleet, region, false);
            fleet.rate(0);
            return Ending.tell(region.meters()) && holds;
        }
    }

    /** Until all that was told is acknowledged, but for what is always under way. */
    private static void settle(Region region) {
        Fleet.await(
                SETTLE_S,
                () -> region.meters().acknowledged.sum() + UNDER_WAY
                        >= region.meters().offered.sum());
    }

    private void storm(String name, Fleet fleet, Region region, boolean jitter) {
        double back = fleet.outage(OUTAGE_S, jitter, BACK_S);
        storms.add(String.format(
                Locale.ROOT,
                "| %s, %,d sessions, %d s | %s | %.1f | %,d |",
                name,
                fleet.lines(),
                OUTAGE_S,
                jitter ? "yes" : "no",
                back,
                region.meters().mostConnects.get()));
        settle(region);
    }
}
