package org.wasla.ops.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A ward of sixteen monitors with four waves of 250 Hz each, everything on: what it costs the processor. */
final class WardWaves {
    private static final int DEVICES = 16;
    private static final double FRAMES_A_SECOND = 250.0 / WaveFrames.SAMPLES;
    private static final double WARM_S = 20;
    private static final double START_S = 30;
    private final Ground ground;

    WardWaves(Ground ground) {
        this.ground = ground;
    }

    void run() throws IOException {
        Report report = ground.report();
        report.add(DEVICES + " devices over TCP, " + WaveFrames.WAVES + " waves of 250 Hz and two numerics each, "
                + "samples of 256 ms a record; processor of the agent alone.");
        report.add("");
        report.header("records/s", "expected", "bytes/s at the subscriber", "% of a core", "peak MB");
        ground.broker().restart();
        double seconds = ground.options().seconds(60);
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < DEVICES; i++) {
            devices.add(new Device(FRAMES_A_SECOND, Long.MAX_VALUE, (number, nowNs) -> {}, new WaveFrames()));
        }
        Agent.Options options = new Agent.Options(ground.folder().resolve("buffer"), "256MiB", "100ms");
        Meter meter = new Meter();
        try (Ear ear = new Ear(ground.broker().port(), "/wav");
                Subject subject =
                        Agent.start(ground.folder(), ground.broker().port(), devices, options, "bench-waves")) {
            ear.listen(meter);
            Wait.until(START_S, () -> meter.records() > 0);
            Wait.seconds(WARM_S);
            Sample sample = Sample.over(seconds, subject, meter);
            double core = sample.cpuSecondsAMillion() * sample.rate() / 1e6;
            double expected = DEVICES * WaveFrames.WAVES * FRAMES_A_SECOND;
            report.row(sample.rate(), expected, sample.rate() * sample.bytesARecord(), core * 100, sample.peakMb());
            report.add("");
            report.bar("wave records of those expected", sample.rate() / expected, ">=", 0.99);
            report.bar("processor, % of a core", core * 100, "<=", 10);
        } finally {
            Ground.close(devices);
        }
    }
}
