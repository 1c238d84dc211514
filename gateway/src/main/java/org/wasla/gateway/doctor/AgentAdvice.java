package org.wasla.gateway.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the health document of a running agent says is wrong. Pure; stateless. */
public final class AgentAdvice {
    /** More than one damaged frame in this many is no accident. */
    private static final int DAMAGED_ONE_IN = 20;
    /** So many frames before a share means something. */
    private static final long FRAMES_MIN = 100;
    /** Without a platform, a buffer that is full so soon needs somebody. */
    private static final double HOURS_LEFT_MIN = 24;
    /** After so long without a record somebody should say whether the device is still there. */
    private static final double LONG_S = 24 * 3_600;

    private AgentAdvice() {}

    /** @param health parsed, numbers and flags as text */
    public static List<Advice> of(Map<String, @Nullable Object> health) {
        List<Advice> found = new ArrayList<>();
        for (Object device : Figures.list(health, "devices")) {
            if (device instanceof Map<?, ?> figures) {
                device(figures, Figures.count(health, "t"), found);
            }
        }
        uplink(Figures.object(health, "uplink"), found);
        buffer(Figures.object(health, "buffer"), Figures.flag(Figures.object(health, "uplink"), "connected"), found);
        if (Figures.text(Figures.object(health, "clk"), "s").equals("unsync")) {
            found.add(Advice.note("clock.unsync"));
        }
        if (Figures.count(Figures.object(health, "audit"), "missed") > 0) {
            found.add(Advice.wrong("audit.missed", Figures.text(Figures.object(health, "audit"), "missed")));
        }
        imaging(Figures.object(health, "imaging"), found);
        hospital(Figures.list(health, "hospital"), found);
        return found;
    }

    private static void device(Map<?, ?> figures, long nowMs, List<Advice> found) {
        String name = Figures.text(figures, "dev");
        long frames = Figures.count(figures, "frames");
        long bad = bad(figures);
        switch (Figures.text(figures, "s")) {
            case "fault" -> found.add(Advice.wrong("device.fault", name, Figures.text(figures, "why")));
            case "silent" -> found.add(silent(figures, nowMs, frames, bad));
            default -> {
                if (frames + bad >= FRAMES_MIN && bad * DAMAGED_ONE_IN > frames + bad) {
                    found.add(Advice.note("device.damaged", name, String.valueOf(bad), String.valueOf(frames + bad)));
                }
                long lastMs = Figures.count(figures, "last");
                if (lastMs > 0 && seconds(nowMs, lastMs) >= LONG_S) {
                    found.add(Advice.note("device.idle", name, String.valueOf(seconds(nowMs, lastMs))));
                }
            }
        }
    }

    private static long seconds(long nowMs, long sinceMs) {
        return Math.max(0, (nowMs - sinceMs) / 1_000);
    }

    private static Advice silent(Map<?, ?> figures, long nowMs, long frames, long bad) {
        String name = Figures.text(figures, "dev");
        String profile = Figures.text(figures, "prof").replaceAll("@.*", "");
        long skipped = Figures.count(figures, "skippedBytes");
        if (frames > 0) {
            // One that was heard and never gave a record is as old as its state.
            long lastMs = Figures.count(figures, figures.containsKey("last") ? "last" : "t");
            if (lastMs > 0 && seconds(nowMs, lastMs) >= LONG_S) {
                return Advice.wrong("device.long", name, String.valueOf(seconds(nowMs, lastMs)));
            }
            return Advice.wrong("device.gone", name, String.valueOf(frames));
        }
        return skipped + bad > 0
                ? Advice.wrong("device.settings", name, String.valueOf(skipped), profile)
                : Advice.wrong("device.unheard", name, profile);
    }

    private static long bad(Map<?, ?> figures) {
        Map<?, ?> bad = Figures.object(figures, "bad");
        return bad.keySet().stream()
                .mapToLong(kind -> Figures.count(bad, String.valueOf(kind)))
                .sum();
    }

    private static void uplink(Map<?, ?> figures, List<Advice> found) {
        String server = Figures.text(figures, "server");
        String error = Figures.text(figures, "lastError");
        switch (Figures.text(figures, "state")) {
            case "away" -> found.add(Advice.wrong("uplink.away", server, error));
            case "nobody" -> found.add(Advice.wrong("uplink.nobody", server));
            case "refused" -> found.add(Advice.wrong("uplink.refused", server, held(figures)));
            case "quota" -> found.add(Advice.wrong("uplink.quota", server));
            case "too-large" -> found.add(Advice.wrong("uplink.too-large", server));
            case "searching" -> found.add(Advice.wrong("uplink.searching", server));
            case "slow" -> found.add(Advice.note("uplink.slow", server));
            default -> {
                // ok, or of a newer agent
            }
        }
    }

    private static String held(Map<?, ?> figures) {
        return Figures.list(figures, "held").stream()
                .filter(Map.class::isInstance)
                .map(topic -> Figures.text((Map<?, ?>) topic, "topic"))
                .findFirst()
                .orElse("");
    }

    private static void buffer(Map<?, ?> figures, boolean isConnected, List<Advice> found) {
        double hours = Figures.number(figures, "hoursToFull", Double.MAX_VALUE);
        if (Figures.flag(figures, "volatile")) {
            found.add(Advice.wrong("buffer.volatile"));
        }
        if (Figures.flag(figures, "full")) {
            found.add(Advice.wrong("buffer.full"));
        } else if (!isConnected && hours < HOURS_LEFT_MIN) {
            found.add(Advice.wrong("buffer.filling", String.valueOf(Math.round(hours))));
        }
        if (Figures.count(figures, "lost") > 0) {
            found.add(Advice.wrong("buffer.lost", Figures.text(figures, "lost")));
        }
        if (Figures.count(figures, "quarantined") > 0) {
            found.add(Advice.wrong("buffer.aside", Figures.text(figures, "quarantined")));
        }
        if (!Figures.text(figures, "lastError").isEmpty()) {
            found.add(Advice.note("buffer.error", Figures.text(figures, "lastError")));
        }
    }

    private static void imaging(Map<?, ?> figures, List<Advice> found) {
        // A store that may hold nothing is that of a box without a disk, which is told already.
        if (Figures.flag(figures, "full") && !Figures.text(figures, "maxBytes").equals("0")) {
            found.add(Advice.wrong("imaging.full"));
        }
        for (Object each : Figures.list(figures, "forward")) {
            if (each instanceof Map<?, ?> lane && isBehind(lane, Figures.text(lane, "waiting"))) {
                found.add(behind("imaging.forward", lane, Figures.text(lane, "waiting")));
            }
        }
    }

    private static void hospital(List<?> receivers, List<Advice> found) {
        for (Object each : receivers) {
            if (each instanceof Map<?, ?> lane && !Figures.flag(lane, "connected")) {
                String waiting = String.valueOf(
                        Figures.count(lane, "waiting-alarm") + Figures.count(lane, "waiting-observation"));
                if (isBehind(lane, waiting)) {
                    found.add(behind("hospital.behind", lane, waiting));
                }
            }
        }
    }

    private static boolean isBehind(Map<?, ?> lane, String waiting) {
        return !waiting.isEmpty()
                && !waiting.equals("0")
                && !Figures.text(lane, "lastError").isEmpty();
    }

    private static Advice behind(String id, Map<?, ?> lane, String waiting) {
        return Advice.wrong(id, Figures.text(lane, "to"), waiting, Figures.text(lane, "lastError"));
    }
}
