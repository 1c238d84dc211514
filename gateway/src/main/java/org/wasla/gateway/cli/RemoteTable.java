package org.wasla.gateway.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** Boxes as a table: redrawn in place on a terminal, printed anew elsewhere when a row has become another. One thread. */
final class RemoteTable {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());
    private final PrintStream out;
    private final boolean redraws;
    private List<List<String>> drawn = List.of();
    private int lines;

    RemoteTable(PrintStream out, boolean redraws) {
        this.out = out;
        this.redraws = redraws;
    }

    /** @param rows the first is the head; the last column may be of any length */
    void draw(List<List<String>> rows) {
        if (rows.equals(drawn)) {
            return;
        }
        if (redraws && lines > 0) {
            out.print("\u001b[" + lines + "A\u001b[J");
        }
        for (List<String> row : rows) {
            // Elsewhere only what has become another.
            if (redraws || !drawn.contains(row)) {
                out.println(line(rows, row));
            }
        }
        out.flush();
        lines = rows.size();
        drawn = new ArrayList<>(rows);
    }

    private static String line(List<List<String>> rows, List<String> row) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String text = row.get(column);
            line.append(text);
            if (column + 1 < row.size()) {
                line.append(" ".repeat(2 + width(rows, column) - text.length()));
            }
        }
        return line.toString().stripTrailing();
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    /** @param ms UTC, 0: unknown */
    static String time(long ms) {
        return ms == 0 ? "" : TIME.format(Instant.ofEpochMilli(ms));
    }

    static String shortly(String hash) {
        return hash.length() > 12 ? hash.substring(0, 12) : hash;
    }
}
