package org.wasla.ops.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** {@code ops/bench/run MODE [--seconds N] [--records N]}: measures and writes one page a mode. */
final class Main {
    private static final String USAGE =
            "usage: ops/bench/run throughput|latency|drain|flash|ward|mllp|imaging [--seconds N] [--records N] [--only PART]";

    private Main() {}

    /**
     * @param seconds how long each contestant is measured; 0: the mode's own
     * @param records size of the backlog of drain
     * @param only the contestants whose name holds this
     */
    record Options(double seconds, long records, String only) {
        double seconds(double ordinary) {
            return seconds > 0 ? seconds : ordinary;
        }
    }

    public static void main(String[] args) throws IOException {
        Options options = options(List.of(args));
        if (args.length == 0 || options == null) {
            System.err.println(USAGE);
            System.exit(2);
            return;
        }
        Path target = Path.of(System.getProperty("wasla.root", "."), "ops/target");
        Path folder = Files.createTempDirectory(target, "bench-" + args[0]);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        Report report = new Report(
                target.resolve("bench-" + args[0] + ".md"), args[0], "ops/bench/run " + String.join(" ", args));
        try (Ground ground = new Ground(folder, report, options)) {
            run(args[0], ground);
        }
        System.exit(report.missed() ? 1 : 0);
    }

    private static void run(String mode, Ground ground) throws IOException {
        switch (mode) {
            case "throughput" -> new Throughput(ground).run();
            case "latency" -> new Latency(ground).run();
            case "drain" -> new Drain(ground).run();
            case "ward" -> new WardWaves(ground).run();
            case "mllp" -> new Mllp(ground).run();
            case "imaging" -> new Imaging(ground).run();
            case "flash" -> new Flash(ground).run();
            default -> {
                System.err.println(USAGE);
                System.exit(2);
            }
        }
    }

    private static @org.jspecify.annotations.Nullable Options options(List<String> args) {
        double seconds = 0;
        long records = 1_000_000;
        String only = "";
        for (int i = 1; i < args.size(); i += 2) {
            String value = i + 1 < args.size() ? args.get(i + 1) : "";
            switch (args.get(i)) {
                case "--seconds" -> seconds = Double.parseDouble(value);
                case "--records" -> records = Long.parseLong(value);
                case "--only" -> only = value;
                default -> {
                    return null;
                }
            }
        }
        return new Options(seconds, records, only);
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException left) {
            System.err.println("left behind: " + folder);
        }
    }
}
