package org.wasla.ops.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Results over MLLP and ASTM, acknowledged once they are safe on disk: the agent, which publishes them too, beside Camel's and
 * HAPI's receivers, which write each to a synced file and do no more.
 */
final class Mllp {
    private static final double WARM_S = 5;
    private static final double START_S = 30;
    private static final double P99 = 0.99;
    private static final String PEER_HEAP = "-Xmx256m";

    private final Ground ground;
    private final Map<String, Double> rates = new HashMap<>();

    Mllp(Ground ground) {
        this.ground = ground;
    }

    /** Starts a receiver on these ports, one a connection or one for all. */
    @FunctionalInterface
    private interface Starter {
        Subject start(Path folder, List<Integer> ports) throws IOException;
    }

    /** Makes how a sender of this name sends so many results a message. */
    @FunctionalInterface
    private interface WayOf {
        LabSender.Way of(String id, int results);
    }

    /** @param shared whether all connections go to one port */
    private record Contestant(String name, boolean shared, WayOf way, Starter starter) {}

    void run() throws IOException {
        Report report = ground.report();
        report.add(
                "A sender waits for each acknowledgement. Wasla publishes too; the others only write to a synced file.");
        report.add("");
        report.header(
                "what", "results", "bytes", "connections", "messages/s", "p50 ms", "p99 ms", "cpu ms each", "peak MB");
        List<Contestant> all = List.of(
                wasla("Wasla, durable, published", "hl7-oru", MllpWay::new),
                peer("Camel MLLP, synced file", CamelMllp.class),
                peer("HAPI, synced file", HapiMllp.class),
                // Of receivers that could stand beside these two Debian, npm and Maven Central have none.
                wasla("Wasla, ASTM, a record a frame", "astm-generic", (id, count) -> new AstmWay(id, count, false)),
                wasla("Wasla, ASTM, all in one frame", "astm-generic", (id, count) -> new AstmWay(id, count, true)));
        for (int results : new int[] {9, 200}) {
            for (int connections : new int[] {1, 8}) {
                for (Contestant contestant : all) {
                    if (contestant.name().contains(ground.options().only())) {
                        measure(contestant, results, connections);
                    }
                }
            }
        }
        report.add("");
        bar(9, 1, 3);
        bar(9, 8, 2);
    }

    private void bar(int results, int connections, double bar) throws IOException {
        Double wasla = rates.get("Wasla, durable, published" + results + "/" + connections);
        Double camel = rates.get("Camel MLLP, synced file" + results + "/" + connections);
        if (wasla != null && camel != null) {
            ground.report().bar("times Camel with a sync, " + connections + " connections", wasla / camel, ">=", bar);
        }
    }

    private Contestant wasla(String name, String profile, WayOf way) {
        int broker = ground.broker().port();
        return new Contestant(name, false, way, (folder, ports) -> Agent.listen(folder, broker, ports, profile));
    }

    private static Contestant peer(String name, Class<?> main) {
        return new Contestant(name, true, MllpWay::new, (folder, ports) -> peer(main, folder, ports));
    }

    private static Subject peer(Class<?> main, Path folder, List<Integer> ports) throws IOException {
        List<String> flags = new ArrayList<>(Subject.AGENT_FLAGS);
        flags.replaceAll(flag -> flag.startsWith("-Xmx") ? PEER_HEAP : flag);
        String port = Integer.toString(ports.get(0));
        return Subject.java(
                folder.resolve("log"),
                flags,
                main,
                port,
                folder.resolve("messages").toString());
    }

    private void measure(Contestant contestant, int results, int connections) throws IOException {
        ground.broker().restart();
        List<Integer> ports = freePorts(contestant.shared() ? 1 : connections);
        List<LabSender> senders = new ArrayList<>();
        try (Subject subject = contestant.starter().start(ground.folder(), ports)) {
            awaitPorts(ports, subject);
            for (int i = 0; i < connections; i++) {
                String id = "m" + i;
                senders.add(new LabSender(
                        ports.get(i % ports.size()), id, contestant.way().of(id, results)));
            }
            senders.forEach(LabSender::start);
            Wait.seconds(WARM_S);
            int[] before = counts(senders);
            double cpu = subject.cpuSeconds();
            long fromNs = System.nanoTime();
            Wait.seconds(ground.options().seconds(10));
            subject.mustLive();
            int[] after = counts(senders);
            double seconds = (System.nanoTime() - fromNs) / 1e9;
            int[] latencies = latencies(senders, before, after);
            double rate = latencies.length / seconds;
            rates.put(contestant.name() + results + "/" + connections, rate);
            ground.report()
                    .row(
                            contestant.name(),
                            results,
                            contestant.way().of("m0", results).bytes(),
                            connections,
                            Math.round(rate),
                            at(latencies, 0.5),
                            at(latencies, P99),
                            (subject.cpuSeconds() - cpu) * 1e3 / Math.max(1, latencies.length),
                            Math.round(subject.peakMb()));
        } finally {
            for (LabSender sender : senders) {
                sender.close();
            }
        }
    }

    private static void awaitPorts(List<Integer> ports, Subject subject) throws IOException {
        for (int port : ports) {
            if (!Wait.until(START_S, () -> isOpen(port))) {
                subject.mustLive();
                throw new IOException("nobody listens, see " + subject.log());
            }
        }
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                ports.add(free.getLocalPort());
            }
        }
        return ports;
    }

    private static int[] counts(List<LabSender> senders) throws IOException {
        int[] counts = new int[senders.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = senders.get(i).acknowledged();
        }
        return counts;
    }

    private static int[] latencies(List<LabSender> senders, int[] before, int[] after) {
        int[] all = {};
        for (int i = 0; i < senders.size(); i++) {
            int[] each = senders.get(i).latencies(before[i], after[i]);
            int held = all.length;
            all = Arrays.copyOf(all, held + each.length);
            System.arraycopy(each, 0, all, held, each.length);
        }
        Arrays.sort(all);
        return all;
    }

    /** Milliseconds. */
    private static double at(int[] sorted, double share) {
        return sorted.length == 0
                ? 0
                : sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * share))] / 1e3;
    }
}
