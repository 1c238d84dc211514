package org.wasla.gateway.monitor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What the process itself takes, under the names that Prometheus's own libraries use. Stateless. */
final class ProcessFigures {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final long KIB = 1_024;
    private static final double NS_PER_S = 1e9;

    private ProcessFigures() {}

    /** Samples of memory and processor; what the system does not tell is left out. */
    static String text() {
        StringBuilder text = new StringBuilder();
        Optional<Duration> processor = ProcessHandle.current().info().totalCpuDuration();
        processor.ifPresent(used -> sample(
                text,
                "process_cpu_seconds_total",
                "counter",
                "processor time used",
                String.valueOf(used.toNanos() / NS_PER_S)));
        resident()
                .ifPresent(bytes ->
                        sample(text, "process_resident_memory_bytes", "gauge", "memory in use", String.valueOf(bytes)));
        return text.toString();
    }

    private static void sample(StringBuilder text, String name, String type, String help, String value) {
        text.append("# HELP ").append(name).append(' ').append(help).append("\n# TYPE ");
        text.append(name).append(' ').append(type).append('\n').append(name).append(' ');
        text.append(value).append('\n');
    }

    private static Optional<Long> resident() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .findFirst();
        } catch (IOException noSuchSystem) {
            return Optional.empty();
        }
    }
}
