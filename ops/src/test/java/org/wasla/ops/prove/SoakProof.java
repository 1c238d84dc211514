package org.wasla.ops.prove;

import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * {@code ops/prove/soak}: under a steady load, with a broker that dies every minute, memory, threads, open files and
 * the buffer's files have no slope over the second half. The control leaks.
 */
final class SoakProof {
    private static final int SAMPLE_MS = 2_000;
    private final Rig rig;
    private final Workbench bench;

    private SoakProof(Workbench bench, Rig rig) {
        this.bench = bench;
        this.rig = rig;
    }

    public static void main(String[] args) throws Exception {
        Options options = Options.of(args, "--minutes");
        Report report = new Report("soak", options);
        if (!Shell.has("mosquitto")) {
            System.exit(report.skip("mosquitto is not installed"));
        }
        int minutes = options.number("--minutes", options.isControl() ? 2 : 30);
        try (Workbench bench = new Workbench("soak");
                Rig rig = new Rig(bench, bench.path(""), options.isControl() ? "leak" : "honest", Map.of())) {
            rig.ward().limit("8MiB");
            new SoakProof(bench, rig).run(report, minutes, options.isControl());
        }
        System.exit(report.end());
    }

    private void run(Report report, int minutes, boolean isControl) throws IOException, InterruptedException {
        Slopes agent = new Slopes();
        Slopes appender = new Slopes();
        try (Child child = rig.startAppender(20)) {
            rig.startAgent();
            long startNs = System.nanoTime();
            long endNs = startNs + minutes * 60_000_000_000L;
            for (int sample = 1; System.nanoTime() - endNs < 0; sample++) {
                Pace.ms(SAMPLE_MS);
                if (rig.hasAgent()) {
                    agent.add(rig.ward().pid(), rig.ward().buffer(), startNs);
                }
                appender.add(child.pid(), bench.path("appender"), startNs);
                bench.progress(sample * SAMPLE_MS / 1_000 + " s of " + minutes * 60);
                if (sample % (60_000 / SAMPLE_MS) == 0) {
                    rig.broker.kill();
                    Pace.ms(1_000);
                    rig.broker.restart();
                }
            }
            rig.tell(child.finish());
        }
        rig.settle();
        report.head(Slopes.COLUMNS);
        Set<String> growing = appender.rows(report, "appender");
        if (rig.hasAgent()) {
            growing.addAll(agent.rows(report, "agent"));
        }
        Verdict verdict = rig.judge.verdict();
        if (isControl) {
            boolean isRed = growing.contains(Slopes.MEMORY) && growing.contains(Slopes.FILES);
            report.must(isRed, "the control is red, as it must be: what leaks has a slope " + growing);
        } else {
            report.must(
                    growing.isEmpty(),
                    "nothing grows beyond its bound over the second half of " + minutes + " minutes " + growing);
            report.must(verdict.holds(), "nothing is lost meanwhile (" + verdict.summary() + ")");
        }
    }
}
