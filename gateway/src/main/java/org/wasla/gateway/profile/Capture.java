package org.wasla.gateway.profile;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes of a line that were kept: a {@code .cap} file, or any other file as raw bytes from the device.
 *
 * <pre>
 * # start 2026-06-16T08:00:04Z      the instant of ms 0; other comments are free
 * 105 &lt; 5350 4F32                   from the device, 105 ms later
 * 900 &gt; 534E4441 0D                 to the device
 * </pre>
 */
public final class Capture {
    private static final Pattern LINE =
            Pattern.compile("(\\d{1,12})\\s+([<>])\\s+([0-9A-Fa-f\\s]*?)\\s*(#.*)?", Pattern.DOTALL);

    /** The end of the year 9999. */
    private static final long START_MS_MAX = 253_402_300_799_999L;

    private static final int CHUNK_BYTES = 16_384;

    private Capture() {}

    /** Takes the chunks of a capture, in order. */
    @FunctionalInterface
    public interface Sink {
        /**
         * @param timeMs milliseconds since 1970, or since the capture's begin when its start is not known
         * @param fromDevice false for what was sent to the device
         */
        void chunk(long timeMs, boolean fromDevice, byte[] bytes) throws IOException;
    }

    public static void read(Path file, Sink sink) throws IOException {
        if (!file.toString().endsWith(".cap")) {
            raw(file, sink);
            return;
        }
        // Comments come in any character set, and what counts is ASCII.
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            long startMs = 0;
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                String text = line.strip();
                if (text.startsWith("# start ")) {
                    startMs = start(file, number, text.substring(8).strip());
                } else if (!text.isEmpty() && !text.startsWith("#")) {
                    step(file, number, line, startMs, sink);
                }
            }
        }
    }

    private static void raw(Path file, Sink sink) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            for (byte[] chunk = in.readNBytes(CHUNK_BYTES); chunk.length > 0; chunk = in.readNBytes(CHUNK_BYTES)) {
                sink.chunk(0, true, chunk);
            }
        }
    }

    private static long start(Path file, int line, String instant) throws IOException {
        try {
            long startMs = Instant.parse(instant).toEpochMilli();
            if (startMs >= 0 && startMs <= START_MS_MAX) {
                return startMs;
            }
        } catch (DateTimeParseException | ArithmeticException wrong) {
            // told below, together with years that no capture is from
        }
        throw new IOException(file + ":" + line + ": no instant from 1970 to 9999; write # start 2026-06-16T08:00:04Z");
    }

    private static void step(Path file, int number, String line, long startMs, Sink sink) throws IOException {
        Matcher matcher = LINE.matcher(line);
        String hex = matcher.matches() ? matcher.group(3).replaceAll("\\s", "") : "?";
        if (hex.length() % 2 != 0) {
            throw new IOException(file + ":" + number + ": no step of a capture; write <ms> < <hex> or <ms> > <hex>");
        }
        long timeMs = startMs + Long.parseLong(matcher.group(1));
        sink.chunk(timeMs, matcher.group(2).equals("<"), HexFormat.of().parseHex(hex));
    }
}
