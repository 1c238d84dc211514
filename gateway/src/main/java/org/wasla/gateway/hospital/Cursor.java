package org.wasla.gateway.hospital;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.files.Durable;

/**
 * How far one receiver is in each stream, on disk: a log that is only added to, one checksummed line each, written anew
 * when it has grown. What a power cut takes from its end means that a message is sent again, under the number that it had.
 * One thread, but for {@link #settled}.
 *
 * <pre>
 * E epoch          crc    the buffer that the numbers are of
 * S device.kind n  crc    settled up to n
 * </pre>
 */
final class Cursor implements AutoCloseable {
    private static final int LINES_SPARE = 2_000;
    private final Path file;
    private final Map<String, Long> settled = new ConcurrentHashMap<>();
    private String epoch = "";
    private @Nullable FileChannel log;
    private int lines;
    private boolean isDirty;

    private Cursor(Path file) {
        this.file = file;
    }

    /** Reads what there is; lines that are damaged are passed over. */
    static Cursor open(Path file) throws IOException {
        Cursor cursor = new Cursor(file);
        if (Files.exists(file)) {
            for (String line :
                    Files.readString(file, StandardCharsets.ISO_8859_1).split("\n")) {
                cursor.take(line);
            }
        } else {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        return cursor;
    }

    private void take(String line) {
        int end = line.lastIndexOf(' ');
        if (end < 0 || !line.substring(end + 1).equals(sum(line.substring(0, end)))) {
            return;
        }
        String[] words = line.substring(0, end).split(" ");
        if (words.length == 2 && words[0].equals("E")) {
            epoch = words[1];
            settled.clear();
        } else if (words.length == 3 && words[0].equals("S") && words[2].matches("\\d{1,18}")) {
            settled.put(words[1], Long.valueOf(words[2]));
        }
    }

    private static String sum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return Long.toHexString(crc.getValue());
    }

    /** The buffer that the numbers are of; empty when nothing was ever settled. */
    String epoch() {
        return epoch;
    }

    /** Begins anew with another buffer, from these numbers of its streams ({@code device.kind}). */
    void begin(String newEpoch, Map<String, Long> from) throws IOException {
        epoch = newEpoch;
        settled.clear();
        settled.putAll(from);
        compact();
    }

    long settled(String device, String kind) {
        return settled.getOrDefault(device + '.' + kind, 0L);
    }

    /** It survives a kill when this returns, and a power cut after the next {@link #sync}. */
    void settle(String device, String kind, long number) throws IOException {
        String stream = device + '.' + kind;
        settled.put(stream, number);
        if (log == null || lines > LINES_SPARE + settled.size()) {
            compact();
            return;
        }
        Durable.writeAll(log, StandardCharsets.ISO_8859_1.encode(line("S " + stream + ' ' + number)));
        lines++;
        isDirty = true;
    }

    private static String line(String text) {
        return text + ' ' + sum(text) + '\n';
    }

    /** The old file is there until the new one is on disk. */
    private void compact() throws IOException {
        close();
        StringBuilder text = new StringBuilder(line("E " + epoch));
        settled.forEach((stream, number) -> text.append(line("S " + stream + ' ' + number)));
        Durable.write(file, text.toString().getBytes(StandardCharsets.ISO_8859_1));
        log = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        lines = settled.size() + 1;
        isDirty = false;
    }

    /** Makes durable what was settled. */
    void sync() throws IOException {
        if (isDirty && log != null) {
            isDirty = false;
            log.force(false);
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel open = log;
        log = null;
        if (open != null) {
            if (isDirty) {
                open.force(false);
            }
            open.close();
        }
    }
}
