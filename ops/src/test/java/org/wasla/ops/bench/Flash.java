package org.wasla.ops.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Bytes that reach the block device for each byte of a record: the buffer lies on ext4 with its journal on a loop
 * device, whose own counter is read. Journal, H2 and the file system's part are all in it.
 */
final class Flash {
    private static final int SECTOR_BYTES = 512;
    private static final int WRITTEN_SECTORS = 6;
    private static final double AFTER_S = 60;
    private static final double BAR = 2.5;
    private static final int BAR_FROM = 100;
    private final Ground ground;

    Flash(Ground ground) {
        this.ground = ground;
    }

    void run() throws IOException {
        Report report = ground.report();
        double seconds = ground.options().seconds(120);
        report.add("ext4 with journal, noatime, on a loop device; records sent for " + Math.round(seconds) + " s, then "
                + Math.round(AFTER_S) + " s of rest and a sync.");
        report.add("");
        report.header(
                "lines/s", "records", "payload MB", "MB while sending", "MB in all", "device bytes a payload byte");
        double[] ratios = new double[3];
        int[] rates = {1, 100, 5_000};
        for (int i = 0; i < rates.length; i++) {
            try (LoopDisk disk = LoopDisk.make(ground.folder())) {
                ratios[i] = measure(rates[i], seconds, disk);
            }
        }
        report.add("");
        for (int i = 0; i < rates.length; i++) {
            if (rates[i] >= BAR_FROM) {
                report.bar("device bytes a payload byte at " + rates[i] + " records/s", ratios[i], "<=", BAR);
            }
        }
    }

    private double measure(int rate, double seconds, LoopDisk disk) throws IOException {
        ground.broker().restart();
        Meter meter = new Meter();
        try (Device device = new Device(rate, 0, (number, nowNs) -> {});
                Ear ear = new Ear(ground.broker().port())) {
            ear.listen(meter);
            Agent.Options options = new Agent.Options(disk.mount().resolve("buffer"), "400MiB", "100ms");
            try (Subject agent = Agent.start(ground.folder(), ground.broker().port(), List.of(device), options)) {
                Wait.seconds(5);
                disk.sync();
                long before = written(disk);
                device.limit(Long.MAX_VALUE);
                Wait.seconds(seconds);
                device.limit(0);
                agent.mustLive();
                Wait.until(60, () -> meter.records() >= device.sent());
                long sending = written(disk) - before;
                Wait.seconds(AFTER_S);
                disk.sync();
                long all = written(disk) - before;
                double ratio = all / (double) Math.max(1, meter.bytes());
                ground.report().row(rate, meter.records(), mb(meter.bytes()), mb(sending), mb(all), ratio);
                return ratio;
            }
        }
    }

    private static String mb(long bytes) {
        return String.format(Locale.ROOT, "%.3f", bytes / 1e6);
    }

    private static long written(LoopDisk disk) throws IOException {
        String name = disk.device().getFileName().toString();
        String stat = Files.readString(Path.of("/sys/block", name, "stat"), StandardCharsets.US_ASCII);
        return Long.parseLong(stat.strip().split(" +")[WRITTEN_SECTORS]) * SECTOR_BYTES;
    }
}
