package org.wasla.gateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The buffer's part of the health document as lines for people; what is not known has a dash. Immutable. */
final class BufferTable {
    private static final Map<String, String> KINDS =
            Map.of("alarm", "alarm", "result", "res, evt", "observation", "obs", "wave", "wav");
    private static final List<String> ORDER = List.of("alarm", "result", "observation", "wave");
    private static final double GIB = 1L << 30;
    private static final String UNKNOWN = "-";

    private final Map<?, ?> health;
    private final Map<?, ?> buffer;
    private final Map<?, ?> uplink;

    BufferTable(Map<String, @Nullable Object> health) {
        this.health = health;
        this.buffer = map(health.get("buffer"));
        this.uplink = map(health.get("uplink"));
    }

    List<String> lines() {
        boolean isRunning = "true".equals(health.get("running"));
        List<String> lines = new ArrayList<>();
        lines.add("buffer of " + health.get("gw") + ", epoch " + text(buffer, "epoch") + ", opened "
                + text(buffer, "boot") + " times" + (isRunning ? "" : "; no agent runs, read from its files"));
        lines.add("");
        lanes(lines);
        lines.add("");
        lines.add("full       " + full());
        if (isRunning) {
            rates(lines);
        }
        lines.add("kept       " + text(buffer, "keptEntries") + " published records, for replay");
        lines.add("set aside  " + text(buffer, "quarantined") + (isRunning ? " files since the start" : " times"));
        errors(lines);
        return lines;
    }

    private void lanes(List<String> lines) {
        Map<?, ?> lanes = map(buffer.get("lanes"));
        lines.add(String.format(Locale.ROOT, "%-10s %12s %12s  %s", "waiting", "records", "MiB", "oldest"));
        for (String name : ORDER) {
            Map<?, ?> lane = map(lanes.get(name));
            Double oldestMs = number(lane, "oldestMs");
            Double bytes = number(lane, "waitingBytes");
            lines.add(String.format(
                    Locale.ROOT,
                    "%-10s %12s %12s  %s",
                    KINDS.get(name),
                    text(lane, "waiting"),
                    bytes == null ? UNKNOWN : String.format(Locale.ROOT, "%.1f", bytes / (1 << 20)),
                    oldestMs == null ? UNKNOWN : duration(oldestMs / 1_000)));
        }
    }

    private String full() {
        Double bytes = number(buffer, "bytesOnDisk");
        Double max = number(buffer, "maxBytes");
        if (bytes == null || max == null) {
            return UNKNOWN;
        }
        Double hours = number(buffer, "hoursToFull");
        return String.format(Locale.ROOT, "%.1f %%, %.2f of %.2f GiB", 100 * bytes / max, bytes / GIB, max / GIB)
                + (hours == null ? "" : "; full in " + duration(hours * 3_600) + " if nothing were published")
                + ("true".equals(buffer.get("full")) ? "; FULL: new records are refused" : "");
    }

    private void rates(List<String> lines) {
        Double drained = number(buffer, "secondsToDrained");
        lines.add("drained    "
                + (drained == null
                        ? "not in sight at the present pace"
                        : drained == 0 ? "nothing waits" : "in " + duration(drained)));
        lines.add("accepted   " + text(buffer, "accepted") + " records, " + text(buffer, "recordsPerSecond")
                + " a second; refused " + text(buffer, "refused") + ", lost and told " + text(buffer, "lost"));
        lines.add("published  " + text(buffer, "published") + " records, " + text(buffer, "publishedPerSecond")
                + " a second; " + ("true".equals(uplink.get("connected")) ? "connected" : "NOT CONNECTED"));
        String longest = text(buffer, "syncMaxMs");
        lines.add("synced     " + text(buffer, "commits") + " groups"
                + (longest.equals(UNKNOWN) ? "" : ", the longest of the last ten minutes " + longest + " ms"));
    }

    private void errors(List<String> lines) {
        error(
                lines,
                "buffer",
                buffer,
                "stop the agent and give wasla buffer verify; look for disk errors in the system's log");
        error(lines, "uplink", uplink, "wasla check tells whether the broker can be reached");
    }

    private static void error(List<String> lines, String name, Map<?, ?> of, String remedy) {
        String error = text(of, "lastError");
        if (!error.equals(UNKNOWN)) {
            lines.add("last error of the " + name + ": " + error + (error.contains("; ") ? "" : "; " + remedy));
        }
    }

    /** Two units at most, as one says it. */
    static String duration(double seconds) {
        long s = Math.round(seconds);
        if (s < 120) {
            return s + " s";
        }
        if (s < 7_200) {
            return s / 60 + " min";
        }
        return s < 172_800
                ? s / 3_600 + " h " + s % 3_600 / 60 + " min"
                : s / 86_400 + " d " + s % 86_400 / 3_600 + " h";
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> found ? found : Map.of();
    }

    private static String text(Map<?, ?> of, String name) {
        Object value = of.get(name);
        return value == null ? UNKNOWN : value.toString();
    }

    private static @Nullable Double number(Map<?, ?> of, String name) {
        Object value = of.get(name);
        try {
            return value == null ? null : Double.valueOf(value.toString());
        } catch (NumberFormatException noNumber) {
            return null;
        }
    }
}
