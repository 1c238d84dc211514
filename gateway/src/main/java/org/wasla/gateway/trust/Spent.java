package org.wasla.gateway.trust;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Commands that were taken, so that none is carried out twice; as lines for a file. One thread; no I/O of its own.
 *
 * <p>What has expired is forgotten, and the newest end among it becomes a floor under the clock: {@link #nowS} never lies
 * before it. So whatever the clock does, a command that was forgotten has expired for good.
 *
 * <pre>
 * f FLOOR                               seconds since 1970
 * t JTI UNTIL HASH VERB CLIENT          taken
 * a JTI ANSWER                          and answered
 * </pre>
 */
public final class Spent {
    /** More than this within the life of a command are refused. */
    public static final int MOST = 4_096;

    private static final int FLOOR_PARTS = 2;
    private static final int TAKEN_PARTS = 6;
    private static final int ANSWERED_PARTS = 3;

    private final Map<String, Use> uses = new LinkedHashMap<>();
    private long floorS;

    /**
     * One command.
     *
     * @param untilS from when on it counts no more, seconds since 1970
     * @param hash SHA-256 of its signed text: another text under the same jti is another command
     * @param answer empty while it is being carried out
     */
    public record Use(String jti, long untilS, String hash, String verb, String client, String answer) {}

    /** @param lines as {@link #lines} gave them, and later ones behind; what is none of these is passed over */
    public static Spent of(List<String> lines) {
        Spent spent = new Spent();
        for (String line : lines) {
            String[] parts = line.split(" ", line.startsWith("a ") ? ANSWERED_PARTS : TAKEN_PARTS);
            if (line.startsWith("f ") && parts.length == FLOOR_PARTS && isNumber(parts[1])) {
                spent.floorS = Math.max(spent.floorS, Long.parseLong(parts[1]));
            } else if (line.startsWith("t ") && parts.length == TAKEN_PARTS && isNumber(parts[2])) {
                spent.take(new Use(parts[1], Long.parseLong(parts[2]), parts[3], parts[4], parts[5], ""));
            } else if (line.startsWith("a ") && parts.length == ANSWERED_PARTS) {
                spent.answer(parts[1], parts[2]);
            }
        }
        return spent;
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,12}");
    }

    /** All that is known, to begin a file anew with. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("f " + floorS);
        for (Use use : uses.values()) {
            lines.add(taken(use));
            if (!use.answer().isEmpty()) {
                lines.add(answered(use.jti(), use.answer()));
            }
        }
        return lines;
    }

    /** The line that says that it was taken. */
    public static String taken(Use use) {
        return "t " + use.jti() + " " + use.untilS() + " " + use.hash() + " " + use.verb() + " " + use.client();
    }

    /** The line that says how it was answered. */
    public static String answered(String jti, String answer) {
        return "a " + jti + " " + answer;
    }

    /**
     * The time by which commands are judged: the clock's, but never before the floor.
     *
     * @param clockS UTC, seconds since 1970
     */
    public long nowS(long clockS) {
        return Math.max(clockS, floorS);
    }

    /** @return how many were forgotten */
    public int forget(long nowS) {
        int before = uses.size();
        uses.values().removeIf(use -> {
            boolean isOver = use.untilS() <= nowS;
            floorS = isOver ? Math.max(floorS, use.untilS()) : floorS;
            return isOver;
        });
        return before - uses.size();
    }

    public boolean isFull() {
        return uses.size() >= MOST;
    }

    public Optional<Use> of(String jti) {
        return Optional.ofNullable(uses.get(jti));
    }

    public void take(Use use) {
        uses.put(use.jti(), use);
    }

    /** @return whether it was taken and not answered yet */
    public boolean answer(String jti, String answer) {
        Use use = uses.get(jti);
        if (use == null || !use.answer().isEmpty()) {
            return false;
        }
        uses.put(jti, new Use(jti, use.untilS(), use.hash(), use.verb(), use.client(), answer));
        return true;
    }

    /** Those that were taken and never answered, in order. */
    public List<Use> open() {
        return uses.values().stream().filter(use -> use.answer().isEmpty()).toList();
    }
}
