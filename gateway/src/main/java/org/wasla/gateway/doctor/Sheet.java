package org.wasla.gateway.doctor;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Findings and figures as lines for people. Immutable. */
public final class Sheet {
    private static final double GIB = 1L << 30;
    private static final String UNKNOWN = "-";
    private static final DateTimeFormatter SHORT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private final Words words;
    private final ZoneId zone;

    /** @param zone in which times are told */
    public Sheet(Words words, ZoneId zone) {
        this.words = words;
        this.zone = zone;
    }

    /** A running agent in a few lines: who, each device, buffer, uplink. */
    public List<String> figures(Map<String, @Nullable Object> health) {
        List<String> lines = new ArrayList<>();
        String clock = Figures.text(Figures.object(health, "clk"), "s");
        lines.add(words.say(
                "table.gateway",
                Figures.text(health, "gw"),
                duration(Figures.number(health, "up", 0)),
                words.say("clock." + (clock.isEmpty() ? "unsync" : clock))));
        for (Object device : Figures.list(health, "devices")) {
            if (device instanceof Map<?, ?> figures) {
                lines.add(device(figures));
            }
        }
        lines.add(label("buffer") + buffer(Figures.object(health, "buffer")));
        Map<?, ?> uplink = Figures.object(health, "uplink");
        lines.add(label("uplink")
                + (Figures.flag(uplink, "connected")
                        ? words.say("table.uplink.up", Figures.text(uplink, "server"), Figures.text(uplink, "sent"))
                        : words.say("table.uplink.down", Figures.text(uplink, "sent"))));
        return lines;
    }

    /** When each device gave its last record and the platform took one, with the age in words; nothing without an agent. */
    public List<String> lasts(Map<String, @Nullable Object> health) {
        List<String> lines = new ArrayList<>();
        for (Object device : Figures.list(health, "devices")) {
            if (device instanceof Map<?, ?> figures) {
                lines.add(label("device")
                        + String.format(Locale.ROOT, "%-12s ", Figures.text(figures, "dev"))
                        + last("record", figures, health));
            }
        }
        if (!health.isEmpty()) {
            lines.add(label("uplink") + last("acknowledged", Figures.object(health, "uplink"), health));
        }
        return lines;
    }

    private String last(String what, Map<?, ?> figures, Map<?, ?> health) {
        long lastMs = Figures.count(figures, "last");
        if (lastMs == 0) {
            return words.say("last." + what + ".none", Figures.text(health, "up"));
        }
        long ageS = Math.max(0, (Figures.count(health, "t") - lastMs) / 1_000);
        return words.say("last." + what, moment(lastMs), String.valueOf(ageS));
    }

    private String moment(long utcMs) {
        return SHORT.format(
                Instant.ofEpochMilli(utcMs).truncatedTo(ChronoUnit.MINUTES).atZone(zone));
    }

    private String label(String name) {
        return String.format(Locale.ROOT, "%-9s", words.say("label." + name));
    }

    private String device(Map<?, ?> figures) {
        long sinceMs = Figures.count(figures, "t");
        Map<?, ?> bad = Figures.object(figures, "bad");
        long damaged = bad.keySet().stream()
                .mapToLong(kind -> Figures.count(bad, String.valueOf(kind)))
                .sum();
        String what = words.say(
                "table.device",
                words.say("state." + Figures.text(figures, "s")),
                sinceMs > 0 ? moment(sinceMs) : UNKNOWN,
                Figures.text(figures, "prof"),
                Figures.text(figures, "records"),
                String.valueOf(damaged));
        return label("device") + String.format(Locale.ROOT, "%-12s ", Figures.text(figures, "dev")) + what;
    }

    private String buffer(Map<?, ?> figures) {
        Map<?, ?> lanes = Figures.object(figures, "lanes");
        long waiting = 0;
        double oldestMs = -1;
        for (Object lane : lanes.values()) {
            if (lane instanceof Map<?, ?> found) {
                waiting += Figures.count(found, "waiting");
                oldestMs = Math.max(oldestMs, Figures.number(found, "oldestMs", -1));
            }
        }
        double max = Figures.number(figures, "maxBytes", 0);
        return words.say(
                "table.buffer",
                String.valueOf(waiting),
                oldestMs < 0 ? UNKNOWN : duration(oldestMs / 1_000),
                max <= 0
                        ? UNKNOWN
                        : String.format(Locale.ROOT, "%.1f", 100 * Figures.number(figures, "bytesOnDisk", 0) / max),
                String.format(Locale.ROOT, "%.2f", max / GIB));
    }

    /** Two units at most. */
    private static String duration(double seconds) {
        long s = Math.round(seconds);
        if (s < 120) {
            return s + " s";
        }
        if (s < 7_200) {
            return s / 60 + " min";
        }
        return s < 172_800 ? s / 3_600 + " h" : s / 86_400 + " d " + s % 86_400 / 3_600 + " h";
    }

    /** Three lines a finding, the worst first. */
    public List<String> findings(List<Advice> found) {
        List<String> lines = new ArrayList<>();
        for (Advice.Level level : Advice.Level.values()) {
            for (Advice each : found) {
                if (each.level() == level) {
                    lines.add(words.say("level." + level.name()) + "  "
                            + words.what(each).strip());
                    lines.add("    " + words.say("label.why") + " " + words.why(each));
                    lines.add("    " + words.say("label.next") + " " + words.next(each));
                }
            }
        }
        return lines;
    }
}
