package org.wasla.ops.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * From the writing of a line to the subscriber's hearing of its record, at 1,000 lines a second. Sender and subscriber
 * share this process and its monotonic clock; the time of a line is taken just before it is written.
 */
final class Latency {
    private static final int RATE = 1_000;
    private static final double WARM_S = 10;
    private static final double START_S = 30;
    private static final double REST_S = 60;
    private static final double MS = 1e6;
    private static final double WINDOW_MS = 100;
    private final Ground ground;

    Latency(Ground ground) {
        this.ground = ground;
    }

    /** Percentiles in milliseconds. */
    private record Spread(double p50, double p99, double p999, double max, int count) {
        static Spread of(long[] sorted) {
            return new Spread(at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999), at(sorted, 1), sorted.length);
        }

        private static double at(long[] sorted, double share) {
            int index = (int) Math.ceil(share * sorted.length) - 1;
            return sorted.length == 0 ? Double.NaN : sorted[Math.max(0, index)] / MS;
        }
    }

    void run() throws IOException {
        Report report = ground.report();
        report.add("1,000 lines a second on one connection, milliseconds from the write to the subscriber's callback.");
        report.add("");
        report.header("what", "JVM flags", "p50", "p99", "p99.9", "max", "records", "missing");
        Spread tcp = measure("TCP to Paho, no disk", "agent's", (folder, devices) -> tcp(folder, devices, true));
        measure("TCP to Paho, no disk", "default", (folder, devices) -> tcp(folder, devices, false));
        Spread atOnce =
                measure("Wasla, durable, commit 0ms", "agent's", (folder, devices) -> agent(folder, devices, "0ms"));
        Spread window = measure(
                "Wasla, durable, commit 100ms", "agent's", (folder, devices) -> agent(folder, devices, "100ms"));
        report.add("");
        report.bar("p99 with commit 0ms, ms", atOnce.p99(), "<=", 10);
        report.bar("p99 with commit 0ms, times the path without disk", atOnce.p99() / tcp.p99(), "<=", 3);
        report.bar("p99 with the default window less that with 0ms, ms", window.p99() - atOnce.p99(), "<=", WINDOW_MS);
    }

    private Subject tcp(Path folder, List<Device> devices, boolean sameFlags) throws IOException {
        return Subject.java(
                folder.resolve("log"),
                sameFlags ? Subject.AGENT_FLAGS : List.of(),
                TcpPaho.class,
                Integer.toString(ground.broker().port()),
                Integer.toString(devices.get(0).port()),
                "1000");
    }

    private Subject agent(Path folder, List<Device> devices, String commit) throws IOException {
        Agent.Options options = new Agent.Options(folder.resolve("buffer"), "2GiB", commit);
        return Agent.start(folder, ground.broker().port(), devices, options);
    }

    private Spread measure(String name, String flags, Throughput.Starter starter) throws IOException {
        ground.broker().restart();
        double seconds = ground.options().seconds(60);
        int most = (int) ((WARM_S + START_S + seconds) * RATE);
        AtomicLongArray sentNs = new AtomicLongArray(most + 1);
        AtomicLongArray tookNs = new AtomicLongArray(most + 1);
        Meter meter = new Meter();
        try (Device device = new Device(RATE, most, (number, nowNs) -> sentNs.set((int) number, nowNs));
                Ear ear = new Ear(ground.broker().port());
                Subject subject = starter.start(ground.folder(), List.of(device))) {
            ear.listen((seq, rows, bytes, nowNs) -> {
                meter.records(seq, rows, bytes, nowNs);
                for (long i = seq; i < seq + rows && i <= most; i++) {
                    tookNs.compareAndSet((int) i, 0, nowNs - sentNs.get((int) i));
                }
            });
            Wait.until(START_S, () -> meter.records() > 0);
            Wait.seconds(WARM_S);
            long from = device.sent() + 1;
            Wait.seconds(seconds);
            long to = device.sent();
            device.limit(0);
            subject.mustLive();
            Wait.until(REST_S, () -> tookNs.get((int) to) != 0);
            return tell(name, flags, tookNs, from, to);
        }
    }

    private Spread tell(String name, String flags, AtomicLongArray tookNs, long from, long to) throws IOException {
        long[] times = new long[(int) (to - from + 1)];
        int count = 0;
        for (long i = from; i <= to; i++) {
            long took = tookNs.get((int) i);
            if (took != 0) {
                times[count++] = took;
            }
        }
        long[] sorted = Arrays.copyOf(times, count);
        Arrays.sort(sorted);
        Spread spread = Spread.of(sorted);
        ground.report()
                .row(
                        name,
                        flags,
                        ms(spread.p50()),
                        ms(spread.p99()),
                        ms(spread.p999()),
                        ms(spread.max()),
                        count,
                        times.length - count);
        return spread;
    }

    private static String ms(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
