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
 * HL7 results over MLLP, acknowledged once they are safe on disk: the agent, which publishes them too, beside Camel's and
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

    /** @param shared whether all connections go to one port */
    private record Contestant(String name, boolean shared, Starter starter) {}

    void run() throws IOException {
        Report report = ground.report();
        report.add(
                "A sender waits for each acknowledgement. Wasla publishes too; the others only write to a synced file.");
        report.add("");
        report.header(
                "what", "results", "bytes", "connections", "messages/s", "p50 ms", "p99 ms", "cpu ms each", "peak MB");
        List<Contestant> all = List.of(
                new Contestant("Wasla, durable, published", false, this::agent),
                new Contestant(
                        "Camel MLLP, synced file", true, (folder, ports) -> peer(CamelMllp.class, folder, ports)),
                new Contestant("HAPI, synced file", true, (folder, ports) -> peer(HapiMllp.class, folder, ports)));
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

    private Subject agent(Path folder, List<Integer> ports) throws IOException {
        return Agent.listen(folder, ground.broker().port(), ports, "hl7-oru");
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
        List<MllpSender> senders = new ArrayList<>();
        try (Subject subject = contestant.starter().start(ground.folder(), ports)) {
            awaitPorts(ports, subject);
            for (int i = 0; i < connections; i++) {
                senders.add(new MllpSender(ports.get(i % ports.size()), "m" + i, results));
            }
            senders.forEach(MllpSender::start);
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
                            senders.get(0).bytes(),
                            connections,
                            Math.round(rate),
                            at(latencies, 0.5),
                            at(latencies, P99),
                            (subject.cpuSeconds() - cpu) * 1e3 / Math.max(1, latencies.length),
                            Math.round(subject.peakMb()));
        } finally {
            for (MllpSender sender : senders) {
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

    private static int[] counts(List<MllpSender> senders) throws IOException {
        int[] counts = new int[senders.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = senders.get(i).acknowledged();
        }
        return counts;
    }

    private static int[] latencies(List<MllpSender> senders, int[] before, int[] after) {
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
