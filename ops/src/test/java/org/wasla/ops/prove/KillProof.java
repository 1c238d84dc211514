package org.wasla.ops.prove;

import java.io.IOException;
import java.util.Map;
import java.util.Random;

/**
 * {@code ops/prove/kill}: kill -9 at random moments under load, with a broker that dies too. The control is an appender
 * that acknowledges before the commit.
 */
final class KillProof {
    private final Rig rig;
    private final Random random;
    private int brokerKills;
    private int refused;

    private KillProof(Rig rig, Random random) {
        this.rig = rig;
        this.random = random;
    }

    public static void main(String[] args) throws Exception {
        Options options = Options.of(args, "--kills", "--seed");
        Report report = new Report("kill", options);
        if (!Shell.has("mosquitto")) {
            System.exit(report.skip("mosquitto is not installed"));
        }
        int kills = options.number("--kills", options.isControl() ? 10 : 200);
        String mode = options.isControl() ? "early" : "honest";
        try (Workbench bench = new Workbench("kill");
                Rig rig = new Rig(bench, bench.path(""), mode, Map.of())) {
            KillProof proof = new KillProof(rig, new Random(options.number("--seed", 42)));
            for (int kill = 1; kill <= kills; kill++) {
                proof.round();
                bench.progress("kill " + kill + " of " + kills);
            }
            rig.startAgent();
            rig.settle();
            proof.tell(report, kills);
        }
        System.exit(report.end());
    }

    private void tell(Report report, int kills) {
        Verdict verdict = rig.judge.verdict();
        report.head("kills of", "agent", "appender", "broker");
        report.row("", rig.hasAgent() ? kills : 0, kills, brokerKills);
        report.head(
                "accepted", "in ledger or store", "of them the agent's", "lost", "holes", "other faults", "doubles");
        report.row(
                verdict.accepted(),
                verdict.present(),
                rig.judge.presentOf(Ward.GATEWAY),
                verdict.lost(),
                verdict.holes().size(),
                verdict.faultCount(),
                verdict.doubles());
        report.judge(verdict, "every accepted record is in ledger or store, once and in order");
        if (rig.hasAgent()) {
            report.must(refused == 0, "no append was refused (" + refused + ")");
        }
    }

    /** Both start, work, and die; in every second round the broker does in the midst of it. */
    private void round() throws IOException, InterruptedException {
        try (Child child = rig.startAppender(5)) {
            rig.startAgent();
            if (!child.awaitAccepted(50)) {
                rig.judge.fault("the appender hangs");
            }
            Pace.ms(random.nextInt(400));
            if (random.nextBoolean()) {
                rig.broker.kill();
                brokerKills++;
                Pace.ms(random.nextInt(300));
                rig.broker.restart();
                Pace.ms(random.nextInt(1_000));
            }
            boolean agentFirst = random.nextBoolean();
            if (agentFirst) {
                rig.killAgent();
                Pace.ms(random.nextInt(50));
            }
            rig.tell(child.kill());
            refused += child.refused();
            if (!agentFirst) {
                rig.killAgent();
            }
        }
    }
}
