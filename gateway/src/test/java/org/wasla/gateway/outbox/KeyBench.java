package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.vault.DataKey;

/**
 * What encryption costs: the same appends into a plain and an encrypted buffer, in turns, in one process. {@code
 * ops/bench/run rest}; prints rows of a table.
 */
public final class KeyBench {
    private static final int RECORD_BYTES = 470;
    private static final int ROUNDS = 3;
    private static final int BATCH = 100;
    private static final long FILL_BYTES = 24L << 20;

    private KeyBench() {}

    /** @param args seconds a round, and the folder to work in */
    public static void main(String[] args) throws Exception {
        double seconds = Double.parseDouble(args[0]);
        Path folder = Path.of(args[1]);
        System.out.println(
                "| buffer | records/s, groups of " + BATCH
                        + " | processor microseconds a record | bytes written a payload byte | one record and its sync, ms: p50 | p99 |");
        System.out.println("|---|---|---|---|---|---|");
        DataKey key = DataKey.fresh();
        measure(folder, null, seconds / 2);
        measure(folder, key, seconds / 2);
        List<double[]> plain = new ArrayList<>();
        List<double[]> encrypted = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            plain.add(measure(folder, null, seconds));
            encrypted.add(measure(folder, key, seconds));
        }
        row("plain", plain);
        row("encrypted", encrypted);
    }

    private static void row(String name, List<double[]> rounds) {
        System.out.println(String.format(
                Locale.ROOT,
                "| %s | %.0f | %.1f | %.2f | %.2f | %.2f |",
                name,
                median(rounds, 0),
                median(rounds, 1),
                median(rounds, 2),
                median(rounds, 3),
                median(rounds, 4)));
    }

    private static double median(List<double[]> rounds, int column) {
        return rounds.stream().mapToDouble(round -> round[column]).sorted().toArray()[rounds.size() / 2];
    }

    /** @return records a second, processor microseconds a record, bytes written a payload byte, p50 and p99 of single appends */
    private static double[] measure(Path folder, @Nullable DataKey key, double seconds) throws Exception {
        Path dir = Files.createTempDirectory(folder, "buffer");
        double[] groups;
        double[] singles;
        try (Outbox outbox = Outbox.open(new OutboxSettings(dir, 128L << 20, 0, key), KeyBench::gap)) {
            // The journal's files are made first, once.
            for (long filled = 0; filled < FILL_BYTES; filled += (long) BATCH * RECORD_BYTES) {
                outbox.append(batch(BATCH, filled));
            }
            groups = groups(outbox, seconds);
            singles = singles(outbox, seconds);
        }
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
        return new double[] {groups[0], groups[1], groups[2], singles[0], singles[1]};
    }

    private static double[] groups(Outbox outbox, double seconds) throws IOException {
        long writtenBefore = written();
        long cpuBefore = cpuNs();
        long records = 0;
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < seconds * 1e9) {
            outbox.append(batch(BATCH, records));
            records += BATCH;
        }
        double tookS = (System.nanoTime() - startNs) / 1e9;
        return new double[] {
            records / tookS,
            (cpuNs() - cpuBefore) / 1e3 / records,
            (double) (written() - writtenBefore) / (records * RECORD_BYTES)
        };
    }

    private static double[] singles(Outbox outbox, double seconds) throws IOException {
        List<Long> ns = new ArrayList<>();
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < seconds * 1e9) {
            List<Draft> one = batch(1, ns.size());
            long before = System.nanoTime();
            outbox.append(one);
            ns.add(System.nanoTime() - before);
        }
        long[] sorted = ns.stream().mapToLong(Long::longValue).sorted().toArray();
        return new double[] {sorted[sorted.length / 2] / 1e6, sorted[sorted.length * 99 / 100] / 1e6};
    }

    private static long cpuNs() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .toNanos();
    }

    /** What this process has had written to disks, from its own account. */
    private static long written() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/io")).stream()
                .filter(line -> line.startsWith("write_bytes: "))
                .mapToLong(line -> Long.parseLong(line.substring("write_bytes: ".length())))
                .sum();
    }

    private static List<Draft> batch(int size, long from) {
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            byte[] record = record(from + i);
            drafts.add(new Draft("oxi-b07", "obs", Urgency.OBSERVATION, 1, (epoch, seq) -> record));
        }
        return drafts;
    }

    /** As long and as alike as records are. */
    private static byte[] record(long n) {
        StringBuilder text = new StringBuilder("{\"v\":1,\"id\":\"gw-7f3a9c21.c81f2b7e.oxi-b07.obs." + n
                + "\",\"gw\":\"gw-7f3a9c21\",\"dev\":\"oxi-b07\",\"k\":\"obs\",\"seq\":" + n + ",\"t\":"
                + (1_781_596_804_105L + n)
                + ",\"obs\":[");
        for (int i = 0; i < 8; i++) {
            text.append("{\"c\":15045")
                    .append(i)
                    .append(",\"n\":\"value\",\"v\":")
                    .append((n * 31 + i * 17L) % 200)
                    .append("},");
        }
        return Arrays.copyOf(text.append("]}").toString().getBytes(StandardCharsets.UTF_8), RECORD_BYTES);
    }

    private static Draft gap(String device, String kind, long from, long to, String why) {
        return new Draft(device, "evt", Urgency.RESULT, 1, (epoch, seq) -> why.getBytes(StandardCharsets.UTF_8));
    }
}
