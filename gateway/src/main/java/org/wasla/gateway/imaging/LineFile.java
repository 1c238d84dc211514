package org.wasla.gateway.imaging;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import org.wasla.gateway.files.Durable;
import org.wasla.gateway.vault.Safe;

/**
 * A small log of checksummed lines ({@link Instance#line}); fields hold neither tabs nor line ends. One thread at a time.
 * A line that a power cut left torn is passed over.
 */
final class LineFile implements AutoCloseable {
    private final Path file;
    private final LineSafe safe;
    private FileChannel channel;
    private boolean isTorn;

    private LineFile(Path file, LineSafe safe, FileChannel channel) {
        this.file = file;
        this.safe = safe;
        this.channel = channel;
    }

    /**
     * @param key each line is locked with
     * @param lines takes the fields of each line that is whole, in order
     */
    static LineFile open(Path file, Safe key, Consumer<List<String>> lines) throws IOException {
        LineFile log = new LineFile(file, new LineSafe(key), channel(file));
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            String line = in.readLine();
            while (line != null) {
                List<String> fields = log.safe.fields(line);
                if (fields != null) {
                    lines.accept(fields);
                }
                line = in.readLine();
            }
        }
        // An empty line does no harm, and the next one must not be glued to a torn one.
        log.isTorn = log.channel.size() > 0;
        return log;
    }

    private static FileChannel channel(Path file) throws IOException {
        boolean isNew = !Files.exists(file);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        if (isNew) {
            Durable.sync(file.toAbsolutePath().resolveSibling(""));
        }
        return channel;
    }

    /** Returns once the line would survive the plug being pulled. When it throws, it may be there or not. */
    void append(List<String> fields) throws IOException {
        String line = (isTorn ? "\n" : "") + safe.locked(Instance.line(fields));
        isTorn = true;
        Durable.writeAll(channel, StandardCharsets.ISO_8859_1.encode(line));
        channel.force(false);
        isTorn = false;
    }

    /** Puts these lines in the place of all. The old ones are there until the new ones are on disk. */
    void replace(List<List<String>> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        lines.forEach(fields -> text.append(safe.locked(Instance.line(fields))));
        Durable.write(file, text.toString().getBytes(StandardCharsets.ISO_8859_1));
        channel.close();
        channel = channel(file);
        isTorn = false;
    }

    long bytes() throws IOException {
        return channel.size();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
