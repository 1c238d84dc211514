package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ops/prove/clock}: the wall clock steps by an hour and a day, both ways, under running boxes. Nothing stalls,
 * nothing reorders, and no record claims a clock that is right. The control lets the monotonic clock step too.
 */
final class ClockProof {
    static final String LIBRARY = "libfaketimeMT.so.1";
    /** Steps by an hour and by a day, ahead and back, from right to wrong and back; none first, to compare. */
    static final int[] OFFSETS_S = {0, 3_600, 0, 86_400, 0, -3_600, 0, -86_400, 0};

    private static final int[] CONTROL_OFFSETS_S = {0, 3_600, 0, -3_600, 0};
    private static final String APPENDS = "longest pause of appends";
    private static final String APPENDER_DELIVERIES = "of their deliveries";
    private static final String AGENT_DELIVERIES = "of the agent's deliveries";
    private static final long PAUSE_MS_MAX = 1_000;
    private static final long NEAR_MS = 60_000;
    private static final Pattern TIME =
            Pattern.compile("\"gw\":\"gw-test\".*\"t\":(\\d+).*\"clk\":\\{\"s\":\"(\\w+)\"");
    private static final Path SYNCHRONIZED = Path.of("/run/systemd/timesync/synchronized");
    private final Workbench bench;
    private final Map<String, String> environment = new HashMap<>();
    private final Path offset;
    private final AtomicLong wrongTimes = new AtomicLong();
    private final AtomicLong claimsOfSync = new AtomicLong();
    private final Set<Long> offsetsMs = ConcurrentHashMap.newKeySet();

    /** @param isControl whether the monotonic clock steps too */
    ClockProof(Workbench bench, Path library, boolean isControl) throws IOException {
        this.bench = bench;
        this.offset = bench.path("offset");
        step(0);
        environment.put("LD_PRELOAD", library.toString());
        environment.put("FAKETIME_TIMESTAMP_FILE", offset.toString());
        environment.put("FAKETIME_CACHE_DURATION", "1");
        if (!isControl) {
            environment.put("DONT_FAKE_MONOTONIC", "1");
            environment.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
            // Without this its timed waits on the monotonic clock end at once (seen with 0.9.10): a wait that is
            // too short hides every stall.
            environment.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
        }
    }

    public static void main(String[] args) throws Exception {
        Options options = Options.of(args);
        Report report = new Report("clock", options);
        Path library = Shell.library(LIBRARY).orElse(null);
        if (library == null || !Shell.has("mosquitto")) {
            System.exit(report.skip("libfaketime or mosquitto is not installed"));
        }
        try (Workbench bench = new Workbench("clock")) {
            Outcome outcome = new ClockProof(bench, library, options.isControl())
                    .run(options.isControl() ? CONTROL_OFFSETS_S : OFFSETS_S);
            outcome.tell(report, options.isControl());
        }
        System.exit(report.end());
    }

    /**
     * What came of it.
     *
     * @param pausesMs for each step the longest time without progress, by what should have made some
     */
    record Outcome(Verdict verdict, List<Map<String, Long>> pausesMs, long claimsOfSync, long wrongTimes) {
        boolean stalls(long mostMs) {
            return pausesMs.stream().flatMap(step -> step.values().stream()).anyMatch(pause -> pause > mostMs);
        }

        private void tell(Report report, boolean isControl) {
            report.head("the box's clock", APPENDS + ", ms", APPENDER_DELIVERIES + ", ms", AGENT_DELIVERIES + ", ms");
            int[] offsetsS = isControl ? CONTROL_OFFSETS_S : OFFSETS_S;
            for (int i = 0; i < pausesMs.size(); i++) {
                Map<String, Long> pauses = pausesMs.get(i);
                report.row(
                        offsetsS[i] + " s off",
                        pauses.get(APPENDS),
                        pauses.get(APPENDER_DELIVERIES),
                        pauses.get(AGENT_DELIVERIES));
            }
            report.head("accepted", "in ledger or store", "lost", "holes", "other faults", "doubles");
            report.row(
                    verdict.accepted(),
                    verdict.present(),
                    verdict.lost(),
                    verdict.holes().size(),
                    verdict.faultCount(),
                    verdict.doubles());
            if (isControl) {
                report.must(stalls(PAUSE_MS_MAX) || !verdict.holds(), "the control is red, as it must be: " + pausesMs);
                return;
            }
            report.must(verdict.holds(), "nothing is lost or reordered (" + verdict.summary() + ")");
            report.must(!stalls(PAUSE_MS_MAX), "nothing stalls for more than " + PAUSE_MS_MAX + " ms");
            report.must(claimsOfSync == 0, "no record claims a clock in step (" + claimsOfSync + ")");
            report.must(wrongTimes == 0, "every record tells the box's time, within a minute (" + wrongTimes + ")");
        }
    }

    Outcome run(int... offsetsS) throws IOException, InterruptedException {
        List<Map<String, Long>> pausesMs = new ArrayList<>();
        try (Rig rig = new Rig(bench, bench.path(""), "honest", environment)) {
            rig.also(this::check);
            try (Child child = rig.startAppender(5)) {
                rig.startAgent();
                Map<String, LongSupplier> counters = Map.of(
                        APPENDS, child::accepted,
                        APPENDER_DELIVERIES, () -> rig.judge.presentOf(Appender.GATEWAY),
                        AGENT_DELIVERIES, () -> rig.judge.presentOf(Ward.GATEWAY));
                for (int offsetS : offsetsS) {
                    step(offsetS);
                    bench.progress("clock " + offsetS + " s off");
                    pausesMs.add(watch(counters));
                }
                rig.tell(child.finish());
            }
            rig.settle();
            return new Outcome(rig.judge.verdict(), pausesMs, claimsOfSync.get(), wrongTimes.get());
        }
    }

    private void step(int offsetS) throws IOException {
        offsetsMs.add(offsetS * 1_000L);
        Path next = bench.path("offset.next");
        Files.writeString(next, (offsetS < 0 ? "" : "+") + offsetS + "\n", StandardCharsets.US_ASCII);
        Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Six seconds long, how long each of them stands still. */
    private static Map<String, Long> watch(Map<String, LongSupplier> counters) {
        Map<String, Long> pausesMs = new HashMap<>();
        long startNs = System.nanoTime();
        Map<String, Long> last = new HashMap<>();
        Map<String, Long> sinceNs = new HashMap<>();
        while (System.nanoTime() - startNs < (PAUSE_MS_MAX + 1_000) * 1_000_000L) {
            long nowNs = System.nanoTime();
            counters.forEach((name, counter) -> {
                long value = counter.getAsLong();
                Long before = last.put(name, value);
                if (before == null || before != value) {
                    sinceNs.put(name, nowNs);
                }
                pausesMs.merge(name, (nowNs - sinceNs.get(name)) / 1_000_000L, Math::max);
            });
            Pace.ms(10);
        }
        return pausesMs;
    }

    /** A record of the agent, as the broker acknowledged it. Called on the wire's thread. */
    private void check(byte[] payload) {
        Matcher record = TIME.matcher(new String(payload, StandardCharsets.UTF_8));
        if (!record.find()) {
            return;
        }
        if (record.group(2).equals("sync") && !Files.exists(SYNCHRONIZED)) {
            claimsOfSync.incrementAndGet();
        }
        // A record that waited is from an earlier state of the clock.
        long apartMs = Long.parseLong(record.group(1)) - System.currentTimeMillis();
        if (offsetsMs.stream().noneMatch(offset -> Math.abs(apartMs - offset) < NEAR_MS)) {
            wrongTimes.incrementAndGet();
        }
    }
}
