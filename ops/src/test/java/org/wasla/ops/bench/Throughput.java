package org.wasla.ops.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From a TCP line to a subscriber, as fast as it goes: the agent beside a bare publisher, the smallest program without
 * a disk, and Apache Camel. Every peer runs with the agent's flags and with none.
 */
final class Throughput {
    private static final double WARM_S = 8;
    private static final double START_S = 30;
    private static final double REST_S = 60;
    private static final double QUIET_S = 10;
    private static final List<String> DEFAULT = List.of();
    /** In the 48 MB of the agent it spends its time collecting garbage, or dies. */
    private static final String CAMEL_HEAP = "-Xmx256m";

    private final Ground ground;
    private final Map<String, Double> best = new HashMap<>();

    Throughput(Ground ground) {
        this.ground = ground;
    }

    /** Starts a process under test in a folder, for these devices. */
    @FunctionalInterface
    interface Starter {
        Subject start(Path folder, List<Device> devices) throws IOException;
    }

    /** @param group what the bars call it */
    private record Contestant(String name, String group, int connections, String flags, Starter starter) {}

    void run() throws IOException {
        Report report = ground.report();
        report.add(
                "200 B lines, records as in the last column; `lost` is lines sent less records received in the end.");
        report.add("");
        report.header(
                "what", "connections", "JVM flags", "records/s", "cpu s per 1 M", "peak MB", "lost", "B a record");
        for (Contestant contestant : contestants()) {
            if (contestant.name().contains(ground.options().only())) {
                measure(contestant);
            }
        }
        report.add("");
        bars(1);
        bars(8);
    }

    private List<Contestant> contestants() {
        List<Contestant> all = new ArrayList<>();
        for (int connections : new int[] {1, 8}) {
            all.add(new Contestant("Wasla, durable", "wasla" + connections, connections, "agent's", this::agent));
        }
        for (boolean same : new boolean[] {true, false}) {
            String flags = same ? "agent's" : "default";
            List<String> given = same ? Subject.AGENT_FLAGS : DEFAULT;
            for (String window : List.of("100", "1000")) {
                all.add(new Contestant(
                        "bare Paho, window " + window,
                        "bare",
                        0,
                        flags,
                        (folder, devices) -> bare(folder, given, window)));
            }
            all.add(new Contestant(
                    "TCP to Paho, no disk", "tcp", 1, flags, (folder, devices) -> tcp(folder, given, devices)));
            for (String mode : List.of("plain", "batched", "synced")) {
                for (int connections : new int[] {1, 8}) {
                    List<String> roomy = new ArrayList<>(given);
                    roomy.replaceAll(flag -> flag.startsWith("-Xmx") ? CAMEL_HEAP : flag);
                    all.add(new Contestant(
                            "Camel, " + title(mode),
                            "camel-" + mode + connections,
                            connections,
                            same ? "agent's, " + CAMEL_HEAP : flags,
                            (folder, devices) -> camel(folder, roomy, mode, devices)));
                }
            }
        }
        return all;
    }

    private static String title(String mode) {
        return switch (mode) {
            case "plain" -> "no disk";
            case "batched" -> "H2 synced every 100";
            default -> "H2 synced each";
        };
    }

    private Subject agent(Path folder, List<Device> devices) throws IOException {
        Agent.Options options = new Agent.Options(folder.resolve("buffer"), "2GiB", "100ms");
        return Agent.start(folder, ground.broker().port(), devices, options);
    }

    private Subject bare(Path folder, List<String> flags, String window) throws IOException {
        return Subject.java(folder.resolve("log"), flags, BarePaho.class, port(), window);
    }

    private Subject tcp(Path folder, List<String> flags, List<Device> devices) throws IOException {
        String device = Integer.toString(devices.get(0).port());
        return Subject.java(folder.resolve("log"), flags, TcpPaho.class, port(), device, "1000");
    }

    private Subject camel(Path folder, List<String> flags, String mode, List<Device> devices) throws IOException {
        List<String> args = new ArrayList<>(List.of(port(), mode, folder.toString()));
        devices.forEach(device -> args.add(Integer.toString(device.port())));
        return Subject.java(folder.resolve("log"), flags, CamelPeer.class, args.toArray(String[]::new));
    }

    private String port() {
        return Integer.toString(ground.broker().port());
    }

    private void measure(Contestant contestant) throws IOException {
        ground.broker().restart();
        Meter meter = new Meter();
        List<Device> devices = Ground.devices(contestant.connections(), Device.UNLIMITED, Long.MAX_VALUE);
        try (Ear ear = new Ear(ground.broker().port());
                Subject subject = contestant.starter().start(ground.folder(), devices)) {
            ear.listen(meter);
            if (!Wait.until(START_S, () -> meter.records() > 0)) {
                subject.mustLive();
                throw new IOException("nothing came from " + contestant.name() + ", see " + subject.log());
            }
            Wait.seconds(WARM_S);
            Sample sample = Sample.over(ground.options().seconds(20), subject, meter);
            devices.forEach(device -> device.limit(0));
            long lost = contestant.connections() == 0 ? 0 : lost(devices, meter);
            best.merge(contestant.group(), sample.rate(), Math::max);
            best.merge(contestant.group() + contestant.flags(), sample.rate(), Math::max);
            ground.report()
                    .row(
                            contestant.name(),
                            contestant.connections() == 0 ? "none" : contestant.connections(),
                            contestant.flags(),
                            Math.round(sample.rate()),
                            sample.cpuSecondsAMillion(),
                            Math.round(sample.peakMb()),
                            lost,
                            Math.round(sample.bytesARecord()));
        } finally {
            Ground.close(devices);
        }
    }

    /** Lines that TCP took and that did not come, when nothing more has come for a while. */
    private static long lost(List<Device> devices, Meter meter) throws IOException {
        double endS = System.nanoTime() / 1e9 + REST_S;
        boolean comes = true;
        while (comes && meter.records() < Ground.sent(devices) && System.nanoTime() / 1e9 < endS) {
            long before = meter.records();
            comes = Wait.until(QUIET_S, () -> meter.records() != before);
        }
        return Ground.sent(devices) - meter.records();
    }

    private void bars(int connections) throws IOException {
        Double wasla = best.get("wasla" + connections);
        if (wasla == null) {
            return;
        }
        String with = ", " + connections + (connections == 1 ? " connection" : " connections");
        bar("of the better bare publisher with the agent's flags" + with, wasla, best.get("bareagent's"), 0.8);
        bar("of the better bare publisher with default flags" + with, wasla, best.get("baredefault"), 0.8);
        bar("times Camel without a disk" + with, wasla, best.get("camel-plain" + connections), 2);
        bar("times Camel with batched H2" + with, wasla, best.get("camel-batched" + connections), 5);
    }

    private void bar(String what, double wasla, @org.jspecify.annotations.Nullable Double peer, double bar)
            throws IOException {
        if (peer != null) {
            ground.report().bar(what, wasla / peer, ">=", bar);
        }
    }
}
