package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * {@code ops/prove/kill}: kill -9 at random moments under load, with a broker that dies too. Two victims a round: the
 * agent as a ward has it, and an {@link Appender}, which alone can tell what was acknowledged. The control is an
 * appender that acknowledges before the commit.
 */
final class KillProof implements AutoCloseable {
    private static final long RESTED_MS = 600_000;
    private final Workbench bench;
    private final Report report;
    private final Random random;
    private final boolean isControl;
    private final Judge judge = new Judge();
    private final Mosquitto broker;
    private final Wire wire;
    private final Ward ward;
    private int brokerKills;
    private int refused;

    private KillProof(Workbench bench, Options options, Report report) throws IOException {
        this.bench = bench;
        this.report = report;
        this.random = new Random(options.number("--seed", 42));
        this.isControl = options.isControl();
        this.broker = Mosquitto.start(bench.path(""));
        this.wire = new Wire(broker.port(), Shape.GOOD, () -> new MqttTap(judge::delivered));
        this.ward = new Ward(bench.path(""), wire.port());
    }

    public static void main(String[] args) throws Exception {
        Options options = Options.of(args, "--kills", "--seed");
        Report report = new Report("kill", options);
        if (!Shell.has("mosquitto")) {
            System.exit(report.skip("mosquitto is not installed"));
        }
        try (Workbench bench = new Workbench("kill");
                KillProof proof = new KillProof(bench, options, report)) {
            proof.run(options.number("--kills", options.isControl() ? 10 : 200));
        }
        System.exit(report.end());
    }

    private void run(int kills) throws IOException, InterruptedException {
        if (!isControl) {
            ward.add("oxi-1", "masimo-ascii1", 50, Set.of());
            ward.add("oxi-2", "nellcor-printout", 100, Set.of());
            ward.add("oxi-3", "nonin-df2", 10, Set.of());
            ward.add("vent-4", "pb840", 1, Set.of());
        }
        for (int kill = 1; kill <= kills; kill++) {
            round();
            bench.progress("kill " + kill + " of " + kills);
        }
        settle();
        Verdict verdict = judge.verdict();
        report.head(
                "rounds",
                "agents killed",
                "appenders killed",
                "brokers killed",
                "accepted",
                "in ledger or store",
                "of the agent",
                "lost",
                "holes",
                "other faults",
                "doubles");
        report.row(
                kills,
                isControl ? 0 : kills,
                kills,
                brokerKills,
                verdict.accepted(),
                verdict.present(),
                judge.presentOf("gw-test"),
                verdict.lost(),
                verdict.holes().size(),
                verdict.faultCount(),
                verdict.doubles());
        report.judge(verdict, "every accepted record is in the ledger or the store, once and in order");
        if (!isControl) {
            report.must(refused == 0, "no append was refused (" + refused + ")");
        }
    }

    private Child appender(int pauseMs) throws IOException {
        return Child.start(
                bench.log(), Map.of(), bench.path("appender"), isControl ? "early" : "honest", wire.port(), pauseMs);
    }

    /** Both start, work, and die; in every second round the broker does in the midst of it. */
    private void round() throws IOException, InterruptedException {
        long before = judge.presentOf("gw-test");
        try (Child child = appender(5)) {
            if (!isControl) {
                ward.startAgent();
                Platform.await("records of the agent", () -> judge.presentOf("gw-test") > before + 20);
            }
            if (!child.awaitAccepted(50)) {
                judge.fault("the appender does not start again");
            }
            Pace.ms(random.nextInt(400));
            if (random.nextBoolean()) {
                broker.kill();
                brokerKills++;
                Pace.ms(random.nextInt(300));
                broker.restart();
                Pace.ms(random.nextInt(1_000));
            }
            boolean agentFirst = random.nextBoolean();
            killAgent(agentFirst);
            tell(child.kill());
            refused += child.refused();
            killAgent(!agentFirst);
        }
    }

    private void killAgent(boolean now) throws InterruptedException {
        if (now && !isControl) {
            ward.killAgent();
            Pace.ms(random.nextInt(50));
        }
    }

    private void tell(List<Child.Told> told) {
        told.forEach(line -> judge.accepted(line.stream(), line.seq(), line.print()));
    }

    /** Both are up once more and send what they have; what is left is read from the stores. */
    private void settle() throws IOException, InterruptedException {
        if (!isControl) {
            ward.startAgent();
        }
        try (Child child = appender((int) RESTED_MS)) {
            long endNs = System.nanoTime() + 30_000_000_000L;
            while (judge.verdict().lost() > 0 && System.nanoTime() - endNs < 0) {
                Pace.ms(200);
            }
            tell(child.finish());
        }
        Reader.read(bench.path("appender"), judge, false);
        if (!isControl) {
            report.must(ward.stopAgent() == 0, "the agent stops cleanly");
            Reader.read(ward.buffer(), judge, false);
        }
    }

    @Override
    public void close() throws IOException {
        ward.close();
        wire.close();
        broker.close();
        Path kept = Tool.ROOT.resolve("ops/target/prove-kill-children.log");
        if (Files.exists(bench.log())) {
            Files.copy(bench.log(), kept, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
