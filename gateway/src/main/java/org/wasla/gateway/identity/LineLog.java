package org.wasla.gateway.identity;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.wasla.gateway.files.Durable;
import org.wasla.gateway.vault.Safe;
import org.wasla.gateway.vault.WrongKeyException;

/**
 * A file of lines that is only added to, each line behind its CRC-32 in 8 hex digits and a blank. One thread. A line whose
 * checksum is wrong, as a power cut may leave one at the end, is passed over and stays in the file.
 */
final class LineLog implements Closeable {
    private static final int CRC_CHARS = 9;
    private final Path file;
    private final Safe safe;
    private FileChannel channel;
    private boolean isCut;
    private long damaged;

    private LineLog(Path file, Safe safe, FileChannel channel) {
        this.file = file;
        this.safe = safe;
        this.channel = channel;
    }

    /**
     * Opens the file, made when absent. What it holds is added to {@code lines}.
     *
     * @param safe each line is locked with
     */
    static LineLog open(Path file, Safe safe, List<String> lines) throws IOException {
        FileChannel channel = channel(file);
        LineLog log = new LineLog(file, safe, channel);
        byte[] all = Files.readAllBytes(file);
        log.isCut = all.length > 0 && all[all.length - 1] != '\n';
        for (String line : new String(all, StandardCharsets.UTF_8).split("\n", -1)) {
            if (line.length() > CRC_CHARS && line.equals(framed(line.substring(CRC_CHARS)))) {
                log.take(line.substring(CRC_CHARS), lines);
            } else if (!line.isEmpty()) {
                log.damaged++;
            }
        }
        return log;
    }

    private void take(String line, List<String> lines) throws IOException {
        try {
            lines.add(safe.unlockLine(line, about()));
        } catch (WrongKeyException notOurs) {
            throw notOurs;
        } catch (IOException changed) {
            damaged++;
        }
    }

    private String about() {
        return String.valueOf(file.getFileName());
    }

    private String locked(String line) {
        return framed(safe.lockLine(line, about()));
    }

    private static FileChannel channel(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Durable.sync(file.resolveSibling(""));
        }
        return FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** Lines that were passed over when the file was opened. */
    long damaged() {
        return damaged;
    }

    long bytes() throws IOException {
        return channel.size();
    }

    /** Returns once the lines would survive the plug being pulled. When it throws, none, some or all of them are there. */
    void append(List<String> lines) throws IOException {
        write(lines);
        channel.force(false);
    }

    /** The same, but they are on disk only with the next that are appended. */
    void write(List<String> lines) throws IOException {
        StringBuilder text = new StringBuilder(isCut ? "\n" : "");
        lines.forEach(line -> text.append(locked(line)).append('\n'));
        isCut = true;
        Durable.writeAll(channel, StandardCharsets.UTF_8.encode(text.toString()));
        isCut = false;
    }

    /** Puts these lines in the place of all. The old ones are there until the new ones are on disk. */
    void replace(List<String> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(locked(line)).append('\n'));
        Durable.writeOwned(file, text.toString().getBytes(StandardCharsets.UTF_8));
        channel.close();
        channel = channel(file);
        isCut = false;
    }

    private static String framed(String line) {
        CRC32 crc = new CRC32();
        crc.update(line.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x ", crc.getValue()) + line;
    }

    static List<String> fields(String line) {
        return new ArrayList<>(List.of(line.split("\t", -1)));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
