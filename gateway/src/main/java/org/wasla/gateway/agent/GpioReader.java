package org.wasla.gateway.agent;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.gpio.Board;
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
        Map<Output, Integer> lines = new EnumMap<>(Output.class);
        for (Output output : Output.values()) {
            Integer usual = board == null ? null : board.lines().get(output);
            Optional<Entry> other = section.get(output.name().toLowerCase(Locale.ROOT));
            if (other.isEmpty() && usual != null) {
                lines.put(output, usual);
            } else if (other.isPresent() && !other.get().text().equals(NONE)) {
                lines.put(output, other.get().whole(LINE_MIN, Board.LINE_MAX));
            }
        }
        section.end();
        if (board == null && !id.equals(NONE)) {
            section.need("board", NONE)
                    .problem("is '" + id + "'", "write none or one of " + String.join(", ", known.keySet()));
        }
        if (board != null && lines.values().stream().distinct().count() < lines.size()) {
            section.problem("has two outputs on one line", "give each a line of its own, or none");
        }
        return board == null ? null : new Board(board.id(), board.title(), lines);
    }
}
