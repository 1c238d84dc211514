package org.wasla.bridge.gpio;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which line of a board is which output or input; boards are data, in {@code boards.tsv} beside this class. Immutable.
 *
 * @param lines GPIO lines by BCM number; an output that is not named is not there
 * @param inputs likewise
 */
public record Board(String id, String title, Map<Output, Integer> lines, Map<Input, Integer> inputs) {
    /** Highest line of the boards' header. */
    public static final int LINE_MAX = 27;

    public Board {
        lines = Map.copyOf(lines);
        inputs = Map.copyOf(inputs);
    }

    /** Every board that is known, by its id, in the order of the file. */
    public static Map<String, Board> all() {
        Map<String, Board> boards = new LinkedHashMap<>();
        for (String line : text().split("\n")) {
            if (!line.startsWith("#") && !line.isBlank()) {
                Board board = read(line.split("\t"));
                boards.put(board.id(), board);
            }
        }
        return boards;
    }

    private static Board read(String[] columns) {
        Map<Output, Integer> lines = new EnumMap<>(Output.class);
        Map<Input, Integer> inputs = new EnumMap<>(Input.class);
        int column = 2;
        for (Output output : Output.values()) {
            put(lines, output, columns[column++]);
        }
        for (Input input : Input.values()) {
            put(inputs, input, columns[column++]);
        }
        return new Board(columns[0], columns[1], lines, inputs);
    }

    private static <K> void put(Map<K, Integer> lines, K what, String column) {
        if (!column.strip().equals("-")) {
            lines.put(what, Integer.valueOf(column.strip()));
        }
    }

    private static String text() {
        try (InputStream in = Board.class.getResourceAsStream("boards.tsv")) {
            if (in == null) {
                throw new IllegalStateException("boards.tsv is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
