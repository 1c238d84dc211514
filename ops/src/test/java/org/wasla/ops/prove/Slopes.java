package org.wasla.ops.prove;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Samples of a process and its buffer, and how they grow: least squares over the second half. One thread. */
final class Slopes {
    static final String[] COLUMNS = {"box", "what", "mean", "growth over the second half", "may grow", "verdict"};
    static final String MEMORY = "resident MiB";
    static final String FILES = "open files";
    private static final double MIB = 1 << 20;
    private final List<Sample> samples = new ArrayList<>();

    private record Sample(double atS, double rssMib, List<String> names, double files, double bufferMib) {
        double threads() {
            return names.size();
        }
    }

    void add(long pid, Path buffer, long startNs) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        double rssMib = 0;
        for (String line : Files.readAllLines(process.resolve("status"))) {
            if (line.startsWith("VmRSS:")) {
                rssMib = Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        try (Stream<Path> files = Files.list(process.resolve("fd"));
                Stream<Path> kept = Files.walk(buffer)) {
            double atS = (System.nanoTime() - startNs) / 1e9;
            samples.add(new Sample(
                    atS,
                    rssMib,
                    names(process.resolve("task")),
                    files.count(),
                    kept.mapToLong(Slopes::bytes).sum() / MIB));
        } catch (UncheckedIOException goneMeanwhile) {
            // A file of the buffer was deleted while it was listed: the next sample will do.
            return;
        }
    }

    /** What the threads of a process are called, so that one that came shows its name. */
    private static List<String> names(Path tasks) throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> all = Files.list(tasks)) {
            for (Path task : all.toList()) {
                try {
                    names.add(Files.readString(task.resolve("comm")).strip());
                } catch (IOException endedMeanwhile) {
                    names.add("ended");
                }
            }
        }
        return names;
    }

    private static long bytes(Path file) {
        return Files.isRegularFile(file) ? file.toFile().length() : 0;
    }

    /** @return what grows beyond its bound */
    Set<String> rows(Report report, String box) {
        Set<String> growing = new TreeSet<>();
        row(report, box, MEMORY, Sample::rssMib, 4, growing);
        row(report, box, "threads", Sample::threads, 1, growing);
        if (growing.contains("threads")) {
            List<String> came = new ArrayList<>(samples.get(samples.size() - 1).names());
            samples.get(samples.size() / 2).names().forEach(came::remove);
            report.text(box + ": threads at the end that were not there at half time: " + came);
        }
        row(report, box, FILES, Sample::files, 2, growing);
        row(report, box, "buffer MiB", Sample::bufferMib, 1, growing);
        return growing;
    }

    private void row(
            Report report, String box, String what, ToDoubleFunction<Sample> value, double bound, Set<String> growing) {
        List<Sample> half = samples.subList(samples.size() / 2, samples.size());
        double mean = half.stream().mapToDouble(value).average().orElse(0);
        double meanS = half.stream().mapToDouble(Sample::atS).average().orElse(0);
        double product = half.stream()
                .mapToDouble(sample -> (sample.atS - meanS) * (value.applyAsDouble(sample) - mean))
                .sum();
        double square = half.stream()
                .mapToDouble(sample -> (sample.atS - meanS) * (sample.atS - meanS))
                .sum();
        double spanS = half.get(half.size() - 1).atS - half.get(0).atS;
        double growth = square == 0 ? 0 : product / square * spanS;
        report.row(box, what, text(mean), text(growth), text(bound), growth <= bound ? "flat" : "**grows**");
        if (growth > bound) {
            growing.add(what);
        }
    }

    private static String text(double number) {
        return String.format(Locale.ROOT, "%.2f", number);
    }
}
