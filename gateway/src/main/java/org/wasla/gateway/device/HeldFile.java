package org.wasla.gateway.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.files.Durable;
import org.wasla.gateway.vault.Safe;

/**
 * A file of lines that only grows until it is written anew. Each line has its checksum in front; what a power cut has left of a
 * last one does not count. One thread.
 */
public final class HeldFile {
    private static final int SUM_CHARS = 8;

    private static final String ABOUT = "epi";

    private final Path file;
    private final Safe safe;

    public HeldFile(Path file, Safe safe) {
        this.file = file;
        this.safe = safe;
    }

    public boolean exists() {
        return Files.exists(file);
    }

    /** The lines up to the first that is not whole. */
    public List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        String all = Files.readString(file, StandardCharsets.ISO_8859_1);
        int from = 0;
        for (int end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', from)) {
            String line = all.substring(from, end);
            if (line.length() <= SUM_CHARS || !line.startsWith(sum(line.substring(SUM_CHARS + 1)))) {
                break;
            }
            String text = new String(
                    line.substring(SUM_CHARS + 1).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            lines.add(safe.unlockLine(text, ABOUT));
            from = end + 1;
        }
        return lines;
    }

    private static String sum(String latin1) {
        return SealedFile.sum(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    private byte[] bytes(List<String> lines) {
        StringBuilder text = new StringBuilder();
        for (String clear : lines) {
            String line = safe.lockLine(clear, ABOUT);
            text.append(SealedFile.sum(line.getBytes(StandardCharsets.UTF_8)))
                    .append(' ')
                    .append(line)
                    .append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns when the lines would survive the plug being pulled. When it throws some of them may be there, and the file is to be
     * written anew.
     */
    public void append(List<String> lines) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            Durable.writeAll(out, ByteBuffer.wrap(bytes(lines)));
            out.force(true);
        }
    }

    /** Writes it anew: all of it or nothing. */
    public void replace(List<String> lines) throws IOException {
        Files.createDirectories(file.getParent());
        Durable.writeOwned(file, bytes(lines));
    }
}
