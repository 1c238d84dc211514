package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.jspecify.annotations.Nullable;

/**
 * {@code ops/prove/cluster}: the region's broker dies by kill -9 under load, the other takes over, the dead one comes
 * back as the copy, and so on; the same with one mosquitto that is started again. Judged where it counts: at a
 * subscriber that stays, and at one that is away while it happens. The controls are two brokers that copy nothing, and a
 * mosquitto that keeps nothing.
 */
final class ClusterProof implements AutoCloseable {
    private static final int PAUSE_MS = 25;
    private static final int REPLAYS_MAX = 200;
    private static final int QUIET_S = 600;
    private final Path folder;
    private final boolean isPair;
    private final boolean isControl;
    private final Cluster cluster;
    private final Ward ward;
    private final Listener stays;
    private final Listener leaves;
    private final Random random = new Random(42);
    private final List<Long> silencesMs = new ArrayList<>();
    private int asked;
    private @Nullable Process tool;

    /**
     * What one engine did.
     *
     * @param notKept records that a broker acknowledged and a subscriber did not get until it asked again, of both
     * @param disorders records that came after a later one of their stream, of both
     * @param stays the verdict at the subscriber that stays, at the end
     * @param leaves the same of the one that is away while a broker dies
     * @param silencesMs the longest time without a message around each kill, of the one that stays; sorted
     * @param tool how {@code wasla subscribe --verify} ended; 0 and nothing said when it did not take part
     */
    record Outcome(
            long notKept, long disorders, Verdict stays, Verdict leaves, List<Long> silencesMs, Tool.Result tool) {
        boolean holds() {
            return stays.holds() && leaves.holds();
        }

        /** What the tool said at its end, of the streams only those that it has a word on. */
        String word() {
            return tool.err().isEmpty()
                    ? "not asked"
                    : tool.err()
                            .lines()
                            .filter(line -> line.contains("hole") || line.contains(" late by "))
                            .collect(Collectors.joining("; "));
        }

        long silenceMs(int percent) {
            return silencesMs.get((silencesMs.size() - 1) * percent / 100);
        }
    }

    ClusterProof(Path folder, boolean isPair, boolean isControl) throws IOException {
        this.folder = folder;
        this.isPair = isPair;
        this.isControl = isControl;
        this.cluster = new Cluster(folder.resolve("brokers"), isPair, isControl);
        this.ward = new Ward(folder, folder.resolve("agent"), cluster.ports(), Map.of());
        this.stays = new Listener("stays", cluster.ports());
        this.leaves = new Listener("leaves", cluster.ports());
    }

    public static void main(String[] args) throws Exception {
        Options options = Options.of(args, "--kills");
        Report report = new Report("cluster", options);
        int kills = options.number("--kills", options.isControl() ? 3 : 10);
        report.head(
                "broker",
                "kills",
                "records accepted",
                "not kept by the broker",
                "lost",
                "holes",
                "other faults",
                "doubles",
                "out of order",
                "silence around a kill, median and max ms");
        try (Workbench bench = new Workbench("cluster")) {
            engine(report, options, bench.path("artemis"), true, kills);
            if (Shell.has("mosquitto")) {
                engine(report, options, bench.path("mosquitto"), false, kills);
            } else {
                report.text("**SKIPPED**: mosquitto is not installed");
            }
        }
        System.exit(report.end());
    }

    private static void engine(Report report, Options options, Path folder, boolean isPair, int kills)
            throws Exception {
        Files.createDirectories(folder);
        String name = isPair ? "Artemis, replicated pair" : "mosquitto, persistence";
        try (ClusterProof proof = new ClusterProof(folder, isPair, options.isControl())) {
            proof.startWard();
            Outcome outcome = proof.run(kills);
            Verdict verdict = outcome.stays();
            report.row(
                    name,
                    kills,
                    verdict.accepted(),
                    outcome.notKept(),
                    verdict.lost() + " and " + outcome.leaves().lost(),
                    verdict.holes().size() + " and " + outcome.leaves().holes().size(),
                    verdict.faultCount() + outcome.leaves().faultCount(),
                    verdict.doubles() + " and " + outcome.leaves().doubles(),
                    outcome.disorders(),
                    outcome.silenceMs(50) + " and " + outcome.silenceMs(100));
            if (options.isControl()) {
                report.mustBeRed(outcome.leaves(), name + ": something is lost for who is away meanwhile");
                return;
            }
            report.must(outcome.stays().holds(), name + ": nothing is lost for who stays (" + verdict.summary() + ")");
            report.must(
                    outcome.leaves().holds(),
                    name + ": nothing is lost for who is away meanwhile ("
                            + outcome.leaves().summary() + ")");
            report.must(!isPair || outcome.notKept() == 0, name + ": what it acknowledged it has kept");
            report.must(
                    outcome.tool().exitCode() == 0,
                    name + ": wasla subscribe --verify finds no hole (" + outcome.word() + ")");
        }
    }

    /** The agent, and for the pair the tool: a mosquitto leaves holes until somebody asks, which the tool does not. */
    void startWard() throws IOException {
        if (isPair && !isControl) {
            tool = verify(folder.resolve("verify"));
        }
        ward.add("oxi-1", "masimo-ascii1", 20, Set.of());
        ward.add("oxi-3", "nonin-df2", 5, Set.of());
        ward.startAgent();
    }

    /** Load, kills, and the end: whatever the boxes still hold leaves; what is missing then is asked for. */
    Outcome run(int kills) throws Exception {
        stays.come();
        leaves.come();
        try (Child child = appender(PAUSE_MS)) {
            child.awaitAccepted(Appender.DEVICES);
            if (ward.isAgentAlive()) {
                Platform.await("records of the agent", () -> stays.judge.presentOf(Ward.GATEWAY) > 10);
            }
            for (int kill = 1; kill <= kills; kill++) {
                round(kill < kills);
            }
            tell(child.finish());
        }
        ward.unplugAll();
        long notKept;
        try (Child last = appender(Rig.AT_REST_MS)) {
            awaitQuiet();
            notKept = missing(stays) + missing(leaves);
            if (!isControl) {
                replay(stays);
                replay(leaves);
            }
            tell(last.finish());
        }
        if (ward.isAgentAlive() && ward.stopAgent() != 0) {
            stays.judge.fault("the agent does not stop cleanly");
        }
        Collections.sort(silencesMs);
        return new Outcome(
                notKept,
                stays.judge.disorders() + leaves.judge.disorders(),
                stays.judge.verdict(),
                leaves.judge.verdict(),
                List.copyOf(silencesMs),
                ended());
    }

    /** One subscriber leaves, the broker dies, the other takes over; then all are there again. */
    private void round(boolean isMoreToCome) throws IOException {
        Pace.ms(300 + random.nextInt(1_000));
        leaves.go();
        Pace.ms(random.nextInt(300));
        stays.silenceMs();
        cluster.killActive();
        if (!isPair) {
            cluster.up();
        }
        long before = stays.judge.presentOf(Appender.GATEWAY);
        Platform.await("records after the kill", () -> stays.judge.presentOf(Appender.GATEWAY) > before + 20);
        silencesMs.add(stays.silenceMs());
        if (isPair && isMoreToCome) {
            cluster.up();
        }
        leaves.come();
    }

    private Child appender(int pauseMs) throws IOException {
        String ports = cluster.ports().get(0) + ","
                + cluster.ports().get(cluster.ports().size() - 1);
        return Child.start(
                folder.resolve("children.log"), Map.of(), folder.resolve("appender"), "honest", ports, pauseMs);
    }

    private void tell(List<Child.Told> told) {
        for (Child.Told line : told) {
            if (line.isAccepted()) {
                stays.judge.accepted(line.stream(), line.seq(), line.print());
                leaves.judge.accepted(line.stream(), line.seq(), line.print());
            }
        }
    }

    /** Until nothing is missing, or nothing more comes: on a busy machine a backlog takes its time, and pauses. */
    private void awaitQuiet() {
        awaitCalm(15, () -> missing(stays) + missing(leaves) == 0);
    }

    /** Until it holds for a second, or nothing has come for so many; ten minutes at most. */
    private void awaitCalm(int seconds, Platform.Condition condition) {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(QUIET_S);
        long present = -1;
        int calm = 0;
        while (calm < 4 * seconds && (calm < 4 || !condition.holds()) && System.nanoTime() - endNs < 0) {
            Pace.ms(250);
            long now = stays.judge.present() + leaves.judge.present();
            calm = now == present ? calm + 1 : 0;
            present = now;
        }
    }

    private static long missing(Listener listener) {
        return listener.judge.missing().values().stream()
                .mapToLong(BitSet::cardinality)
                .sum();
    }

    /** As a subscriber of the region does: asks the box for the numbers that did not come, and waits for them. */
    private void replay(Listener listener) throws MqttException {
        for (Map.Entry<String, BitSet> missing : listener.judge.missing().entrySet()) {
            BitSet numbers = missing.getValue();
            for (int from = numbers.nextSetBit(1); from > 0 && asked < REPLAYS_MAX; ) {
                int to = numbers.nextClearBit(from) - 1;
                ask(missing.getKey().split("\\.", -1), from, to);
                from = numbers.nextSetBit(to + 1);
            }
        }
        awaitCalm(20, () -> missing(listener) == 0);
    }

    private void ask(String[] stream, int from, int to) throws MqttException {
        asked++;
        String topic = "wasla/1/ma-06/proof/" + stream[0] + "/cmd/replay";
        String order = "{\"v\":1,\"jti\":\"r-" + asked + "\",\"dev\":\"" + stream[2] + "\",\"k\":\"" + stream[3]
                + "\",\"from\":" + from + ",\"to\":" + to + "}";
        MqttException last = new MqttException(0);
        for (int port : cluster.ports()) {
            MqttClient client = new MqttClient("tcp://127.0.0.1:" + port, "asks-" + asked, new MemoryPersistence());
            try {
                client.connect();
                client.publish(topic, order.getBytes(StandardCharsets.UTF_8), 1, false);
                client.disconnect();
                return;
            } catch (MqttException passive) {
                last = passive;
            } finally {
                client.close();
            }
        }
        throw last;
    }

    private Process verify(Path told) throws IOException {
        List<String> words = new ArrayList<>(List.of("subscribe", "--verify", "--json", "--session", "verify"));
        for (int port : cluster.ports()) {
            words.addAll(List.of("--url", "mqtt://127.0.0.1:" + port));
        }
        return Tool.start(told, words.toArray(String[]::new));
    }

    /** Its verdict stands between the records. */
    private Tool.Result ended() throws IOException, InterruptedException {
        Process running = tool;
        if (running == null) {
            return new Tool.Result(0, "", "");
        }
        running.destroy();
        if (!running.waitFor(30, TimeUnit.SECONDS)) {
            running.destroyForcibly();
        }
        String end;
        try (Stream<String> lines = Files.lines(folder.resolve("verify"))) {
            end = lines.filter(line -> !line.startsWith("{")).collect(Collectors.joining("\n"));
        }
        return new Tool.Result(running.exitValue(), "", end);
    }

    @Override
    public void close() throws IOException {
        ward.close();
        stays.close();
        leaves.close();
        cluster.close();
        cluster.keepLogs("prove-cluster-" + (isPair ? "artemis-" : "mosquitto-"));
    }
}
