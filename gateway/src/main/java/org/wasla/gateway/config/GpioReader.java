package org.wasla.gateway.config;

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

/** Reads {@code gpio}: the board, and where its lamps hang when not where the board's description says. Stateless. */
final class GpioReader {
    private static final String NONE = "none";
    private static final int LINE_MIN = 2;

    private GpioReader() {}

    /** @return null when there is no board */
    static @Nullable Board read(Section section) {
        String id = section.text("board", NONE);
        Map<String, Board> known = Board.all();
        Board board = known.get(id);
        Map<Output, Integer> lines =
                lines(section, Output.class, Output.values(), board == null ? Map.of() : board.lines());
        Map<Input, Integer> inputs =
                lines(section, Input.class, Input.values(), board == null ? Map.of() : board.inputs());
        section.end();
        if (board == null && !id.equals(NONE)) {
            section.need("board", NONE)
                    .problem("is '" + id + "'", "write none or one of " + String.join(", ", known.keySet()));
        }
        List<Integer> all = new ArrayList<>(lines.values());
        all.addAll(inputs.values());
        if (board != null && all.stream().distinct().count() < all.size()) {
            section.problem("has two things on one line", "give each a line of its own, or none");
        }
        return board == null ? null : new Board(board.id(), board.title(), lines, inputs);
    }

    private static <K extends Enum<K>> Map<K, Integer> lines(
            Section section, Class<K> kind, K[] all, Map<K, Integer> usual) {
        Map<K, Integer> lines = new EnumMap<>(kind);
        for (K each : all) {
            Optional<Entry> other = section.get(each.name().toLowerCase(Locale.ROOT));
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
