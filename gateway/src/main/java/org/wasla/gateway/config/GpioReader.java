package org.wasla.gateway.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.gpio.Board;
import org.wasla.bridge.gpio.Input;
import org.wasla.bridge.gpio.Output;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Section;

/**
 * Reads {@code gpio}: the board, where its lamps hang when not where the board's description says, and its watchdog.
 * Stateless.
 */
final class GpioReader {
    private static final String NONE = "none";
    private static final int LINE_MIN = 2;

    private GpioReader() {}

    /**
     * What was read.
     *
     * @param board null when there is none
     * @param watchdog the device file of the board's watchdog, null: it is left alone
     */
    record Gpio(@Nullable Board board, @Nullable Path watchdog) {}

    static Gpio read(Section section) {
        String id = section.text("board", NONE);
        Map<String, Board> known = Board.all();
        Board board = known.get(id);
        Map<Output, Integer> lines =
                lines(section, Output.class, Output.values(), board == null ? Map.of() : board.lines());
        Map<Input, Integer> inputs =
                lines(section, Input.class, Input.values(), board == null ? Map.of() : board.inputs());
        Path watchdog = watchdog(section);
        section.end();
        if (board == null && !id.equals(NONE)) {
            section.need("board", NONE)
                    .problem("is '" + id + "'", "write none or one of " + String.join(", ", known.keySet()));
        }
        giveWay(section, lines, inputs);
        List<Integer> all = new ArrayList<>(lines.values());
        all.addAll(inputs.values());
        if (board != null && all.stream().distinct().count() < all.size()) {
            section.problem("has two things on one line", "give each a line of its own, or none");
        }
        return new Gpio(board == null ? null : new Board(board.id(), board.title(), lines, inputs), watchdog);
    }

    private static @Nullable Path watchdog(Section section) {
        Optional<Entry> entry =
                section.get("watchdog").filter(each -> !each.text().equals(NONE));
        Optional<Path> file = entry.flatMap(Entry::file);
        if (file.isPresent() && !file.get().isAbsolute()) {
            entry.get().problem("is '" + file.get() + "', no full path", "write /dev/watchdog, or none");
        }
        return file.orElse(null);
    }

    /** An output for directions that nobody asked for gives way to whatever was put on its line. */
    private static void giveWay(Section section, Map<Output, Integer> lines, Map<Input, Integer> inputs) {
        for (Output output : Output.values()) {
            Integer line = lines.get(output);
            if (output.isDirection() && line != null && !section.has(name(output))) {
                lines.remove(output);
                if (!lines.containsValue(line) && !inputs.containsValue(line)) {
                    lines.put(output, line);
                }
            }
        }
    }

    private static String name(Enum<?> what) {
        return what.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <K extends Enum<K>> Map<K, Integer> lines(
            Section section, Class<K> kind, K[] all, Map<K, Integer> usual) {
        Map<K, Integer> lines = new EnumMap<>(kind);
        for (K each : all) {
            Optional<Entry> other = section.get(name(each));
            Integer own = usual.get(each);
            if (other.isEmpty() && own != null) {
                lines.put(each, own);
            } else if (other.isPresent() && !other.get().text().equals(NONE)) {
                lines.put(each, other.get().whole(LINE_MIN, Board.LINE_MAX));
            }
        }
        return lines;
    }
}
