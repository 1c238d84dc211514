package org.wasla.ops.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A backlog that was gathered while the broker was away: how soon the agent starts with it, how fast it drains beside
 * the live rate of the same run, and what memory it takes meanwhile.
 */
final class Drain {
    private static final int CONNECTIONS = 8;
    private static final double PATIENCE_S = 900;
    private static final double IDLE_CPU = 0.02;
    private static final double WARM_S = 5;
    private final Ground ground;

    Drain(Ground ground) {
        this.ground = ground;
    }

    void run() throws IOException {
        Report report = ground.report();
        long backlog = ground.options().records();
        report.add(backlog + " records gathered with the broker down, agent with -Xmx48m, buffer.max 2GiB, "
                + CONNECTIONS + " connections.");
        report.add("");
        report.header("what", "value", "unit");
        ground.broker().kill();
        Path folder = ground.folder();
        List<Device> devices = Ground.devices(CONNECTIONS, Device.UNLIMITED, backlog / CONNECTIONS);
        try {
            fill(folder, devices);
            double startMs = restart(folder, devices);
            report.row("start until the buffer is open", Math.round(startMs), "ms");
        } finally {
            Ground.close(devices);
        }
    }

    private Subject agent(Path folder, List<Device> devices) throws IOException {
        Agent.Options options = new Agent.Options(folder.resolve("buffer"), "2GiB", "100ms");
        return Agent.start(folder, ground.broker().port(), devices, options);
    }

    private void fill(Path folder, List<Device> devices) throws IOException {
        long most = ground.options().records() / CONNECTIONS * CONNECTIONS;
        try (Subject agent = agent(folder, devices)) {
            Wait.until(30, () -> Ground.sent(devices) > 0);
            long fromNs = System.nanoTime();
            boolean sent = Wait.until(PATIENCE_S, () -> Ground.sent(devices) >= most);
            boolean quiet = Wait.until(60, () -> isIdle(agent));
            agent.mustLive();
            if (!sent || !quiet) {
                throw new IOException("the backlog did not fill in time: " + Ground.sent(devices) + " of " + most);
            }
            double rate = most / ((System.nanoTime() - fromNs) / 1e9);
            ground.report().row("fill with the broker down", Math.round(rate), "records/s");
            ground.report().row("peak memory while filling", Math.round(agent.peakMb()), "MB");
        }
        ground.report().row("size of the buffer", bytes(folder.resolve("buffer")) / 1_000_000, "MB");
    }

    private static boolean isIdle(Subject agent) throws IOException {
        double before = agent.cpuSeconds();
        Wait.seconds(1);
        return agent.cpuSeconds() - before <= IDLE_CPU;
    }

    private static long bytes(Path folder) throws IOException {
        long sum = 0;
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
        }
        return sum;
    }

    /** @return the time from the start of the process to its word that the buffer is open */
    private double restart(Path folder, List<Device> devices) throws IOException {
        Files.deleteIfExists(folder.resolve("agent.log"));
        long fromNs = System.nanoTime();
        try (Subject agent = agent(folder, devices)) {
            if (!Wait.until(120, () -> log(agent).contains("buffer open"))) {
                throw new IOException("the buffer did not open in time, see " + agent.log());
            }
            double tookMs = (System.nanoTime() - fromNs) / 1e6;
            drain(agent, devices);
            return tookMs;
        }
    }

    private static String log(Subject agent) throws IOException {
        return Files.exists(agent.log()) ? Files.readString(agent.log()) : "";
    }

    private void drain(Subject agent, List<Device> devices) throws IOException {
        long backlog = Ground.sent(devices);
        Meter meter = new Meter();
        ground.broker().restart();
        try (Ear ear = new Ear(ground.broker().port())) {
            ear.listen(meter);
            Wait.until(120, () -> meter.records() > 0);
            List<double[]> memory = new ArrayList<>();
            long fromNs = System.nanoTime();
            Wait.until(PATIENCE_S, () -> {
                memory.add(new double[] {(System.nanoTime() - fromNs) / 1e9, agent.residentMb()});
                Wait.seconds(0.25);
                return meter.records() >= backlog;
            });
            double rate = meter.records() / ((System.nanoTime() - fromNs) / 1e9);
            tell(agent, backlog, meter, memory, rate);
            devices.forEach(device -> device.limit(Long.MAX_VALUE));
            Wait.seconds(WARM_S);
            Sample live = Sample.over(ground.options().seconds(20), agent, meter);
            ground.report().row("live rate after it", Math.round(live.rate()), "records/s");
            ground.report().add("");
            ground.report().bar("drain rate of the live rate", rate / live.rate(), ">=", 0.8);
        }
    }

    private void tell(Subject agent, long backlog, Meter meter, List<double[]> memory, double rate) throws IOException {
        Report report = ground.report();
        report.row("records in the backlog", backlog, "");
        report.row("records that came", meter.records(), "");
        report.row("messages that carried them", meter.messages(), "");
        report.row("drain rate", Math.round(rate), "records/s");
        report.row("peak memory while draining", Math.round(agent.peakMb()), "MB");
        report.row(
                "slope of memory, second half of the drain",
                slope(memory.subList(memory.size() / 2, memory.size())),
                "MB/min");
    }

    /** Least squares, MB a minute. */
    private static double slope(List<double[]> samples) {
        double x = samples.stream().mapToDouble(sample -> sample[0]).average().orElse(0);
        double y = samples.stream().mapToDouble(sample -> sample[1]).average().orElse(0);
        double xy = 0;
        double xx = 0;
        for (double[] sample : samples) {
            xy += (sample[0] - x) * (sample[1] - y);
            xx += (sample[0] - x) * (sample[0] - x);
        }
        return xx == 0 ? 0 : xy / xx * 60;
    }
}
