package org.wasla.gateway.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.wasla.gateway.files.Durable;

/**
 * The latest time that a box is sure has been, kept on disk for a board whose clock starts in 1970. One line: ms of UTC,
 * CRC-32 of them. One thread.
 */
public final class KnownTime {
    private static final Pattern LINE = Pattern.compile("(\\d{1,15}) ([0-9a-f]{8})\\n");
    private static final int FILE_BYTES_MAX = 100;
    private final Path file;
    private long ms;

    private KnownTime(Path file, long ms) {
        this.file = file;
        this.ms = ms;
    }

    /** A file that is absent, damaged or unreadable says nothing. */
    public static KnownTime open(Path file) {
        return new KnownTime(file, read(file));
    }

    private static long read(Path file) {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                return 0;
            }
            Matcher line = LINE.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            return line.matches() && crc(line.group(1)).equals(line.group(2)) ? Long.parseLong(line.group(1)) : 0;
        } catch (NoSuchFileException first) {
            return 0;
        } catch (IOException unreadable) {
            return 0;
        }
    }

    /** UTC, ms; 0: nothing is known. */
    public long ms() {
        return ms;
    }

    /**
     * Keeps a time that somebody has confirmed; one before the kept one too, for what was kept may have come of a clock that
     * was wrong. Returns when it would survive the plug being pulled.
     */
    public void keep(long confirmedMs) throws IOException {
        ms = confirmedMs;
        String text = String.valueOf(confirmedMs);
        Durable.write(file, (text + " " + crc(text) + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return String.format("%08x", crc.getValue());
    }
}
