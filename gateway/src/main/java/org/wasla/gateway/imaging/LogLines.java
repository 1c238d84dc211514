package org.wasla.gateway.imaging;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the logs of a store, whose lines are {@link Instance#line}. Stateless. */
final class LogLines {
    private LogLines() {}

    /** Takes a line that is whole. */
    @FunctionalInterface
    interface Taker {
        void take(String line, List<String> fields) throws IOException;
    }

    static BufferedReader reader(Path file) throws IOException {
        return new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.ISO_8859_1));
    }

    /** Gives all lines that are whole; none where there is no file. */
    static void each(Path file, Taker taker) throws IOException {
        each(file, LineSafe.NONE, taker);
    }

    /** The same of a log whose lines may be locked; the line is given as it stands there. */
    static void each(Path file, LineSafe safe, Taker taker) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (BufferedReader lines = reader(file)) {
            String line = lines.readLine();
            while (line != null) {
                List<String> fields = safe.fields(line);
                if (fields != null) {
                    taker.take(line, fields);
                }
                line = lines.readLine();
            }
        }
    }
}
