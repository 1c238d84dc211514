package org.wasla.gateway.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.files.Durable;

/**
 * The report of a decommissioning, and the deleting that it tells of. The report says all that is to go before the first of
 * it is gone, so that a run that was killed is ended by the next one from the report alone: what it deleted may be what the
 * configuration needs to be read. One thread.
 *
 * <pre>
 * 2026-06-16T08:00:04Z wasla decommission of gw-1 with wasla 0.1.0
 * 2026-06-16T08:00:04Z key PATH            overwritten and deleted first, in this order
 * 2026-06-16T08:00:04Z place PATH          deleted after the keys; then the buffer
 * 2026-06-16T08:00:04Z buffer PATH
 * 2026-06-16T08:00:04Z sent ...            from here on it may delete
 * 2026-06-16T08:00:04Z done; ...
 * </pre>
 */
public final class Wipe {
    static final String FIRST = "wasla decommission of ";
    static final String KEY = "key ";
    static final String PLACE = "place ";
    static final String BUFFER = "buffer ";
    static final String ENCRYPTED = "the box was encrypted";
    static final String SENT = "sent";
    private static final String DONE = "done";
    private static final String BESIDE = "wasla-decommission-*.txt";
    private final Path report;

    /** @param report a file outside of what is deleted; made, or gone on with */
    public Wipe(Path report) {
        this.report = report;
    }

    /** The one report in a folder of a run that had begun to delete. */
    public static Optional<Path> begun(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (var reports = Files.newDirectoryStream(folder, BESIDE)) {
            for (Path each : reports) {
                if (new Wipe(each).has(SENT)) {
                    found.add(each);
                }
            }
        }
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    /** Whose report it is, empty when there is none yet. */
    public String gateway() throws IOException {
        List<String> lines = lines();
        if (lines.isEmpty()) {
            return "";
        }
        if (!lines.get(0).startsWith(FIRST)) {
            throw new IOException(report + " is no report of a decommissioning; give another --report");
        }
        return lines.get(0).substring(FIRST.length()).split(" ", 2)[0];
    }

    /** Whether all was sent, so that what this report names may be deleted. */
    public boolean isBegun() throws IOException {
        return has(SENT);
    }

    /** The same of a report that must be this one's. */
    boolean isBegun(String gateway) throws IOException {
        String of = gateway();
        if (!of.isEmpty() && !of.equals(gateway)) {
            throw new IOException(report + " is the report of " + of + "; give another --report");
        }
        checkSame();
        return has(SENT);
    }

    /** What was put into service again is not out of it by an old report. */
    private void checkSame() throws IOException {
        if (has(DONE) && places().stream().anyMatch(Files::exists)) {
            throw new IOException(report
                    + " tells of an earlier decommissioning, and there is something again; give another --report");
        }
    }

    private List<Path> places() throws IOException {
        List<Path> places = new ArrayList<>(paths(PLACE));
        places.addAll(paths(BUFFER));
        return places;
    }

    /** What is still to be done, in words, in order; empty when nothing is. */
    public List<String> left() throws IOException {
        if (has(DONE)) {
            return List.of();
        }
        List<String> left = new ArrayList<>();
        if (!has(SENT)) {
            left.add("send what waits and tell the audit; nothing was deleted");
            return left;
        }
        long keys = paths(KEY).stream().filter(Files::exists).count();
        if (keys > 0) {
            left.add("overwrite and delete " + keys + " keys");
        }
        places().stream().filter(Files::exists).forEach(each -> left.add("delete " + each));
        left.add("write the last line of the report");
        return left;
    }

    /**
     * Deletes keys, then everything; goes on where an earlier run was cut off. Returns when all is gone.
     *
     * @throws IOException with what is left to do
     */
    public void destroy() throws IOException {
        if (!has(SENT)) {
            throw new IllegalStateException("nothing was sent yet");
        }
        checkSame();
        try {
            Path buffer = paths(BUFFER).stream()
                    .filter(Files::isDirectory)
                    .findFirst()
                    .orElse(null);
            if (buffer == null) {
                deleteAll();
            } else {
                deleteLocked(buffer);
            }
        } catch (IOException failed) {
            throw new IOException(
                    failed.getMessage() + "; left to do: " + String.join(", ", left()) + "; then run it again", failed);
        }
    }

    private void deleteLocked(Path buffer) throws IOException {
        try (FileChannel lockFile =
                        FileChannel.open(buffer.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lockFile.tryLock()) {
            if (lock == null) {
                throw running(buffer, null);
            }
            deleteAll();
        } catch (OverlappingFileLockException inThisProcess) {
            throw running(buffer, inThisProcess);
        }
    }

    private static IOException running(Path buffer, @Nullable Exception cause) {
        return new IOException("an agent runs on " + buffer + "; stop it, and see that nothing starts it again", cause);
    }

    private void deleteAll() throws IOException {
        if (has(DONE)) {
            return;
        }
        int keys = 0;
        for (Path key : paths(KEY)) {
            if (Files.isRegularFile(key)) {
                overwrite(key);
                Files.delete(key);
                Durable.sync(key.resolveSibling(""));
                keys++;
            }
        }
        if (keys > 0) {
            tell("keys overwritten: " + keys);
        }
        for (Path place : places()) {
            delete(place);
        }
        tell(DONE + "; what a memory card keeps of deleted files in cells that it has put aside is not reached by this:"
                + (has(ENCRYPTED)
                        ? " it is encrypted, and its key is gone; images are not, see ops/AT-REST.md"
                        : " the box was not encrypted, destroy the card"));
    }

    /** Where the card writes over in place, nothing of the key is left; where it does not, its name at least is gone. */
    private static void overwrite(Path key) throws IOException {
        byte[] noise = new byte[(int) Math.min(1 << 20, Math.max(1, Files.size(key)))];
        new SecureRandom().nextBytes(noise);
        try (FileChannel out = FileChannel.open(key, StandardOpenOption.WRITE)) {
            write(out, noise);
        }
    }

    private void delete(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return;
        }
        long files = 0;
        long bytes = 0;
        List<Path> found;
        try (Stream<Path> all = Files.walk(place)) {
            found = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : found) {
            if (Files.isRegularFile(each)) {
                files++;
                bytes += Files.size(each);
            }
            Files.deleteIfExists(each);
        }
        Durable.sync(place.resolveSibling(""));
        tell("deleted " + place + ": " + files + " files, " + bytes + " bytes");
    }

    /** Without their times; a last line that was cut off does not count. */
    private List<String> lines() throws IOException {
        if (!Files.exists(report)) {
            return List.of();
        }
        String text = Files.readString(report);
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .toList();
    }

    private boolean has(String step) throws IOException {
        return lines().stream().anyMatch(line -> line.startsWith(step));
    }

    private List<Path> paths(String what) throws IOException {
        return lines().stream()
                .filter(line -> line.startsWith(what))
                .map(line -> report.getFileSystem().getPath(line.substring(what.length())))
                .distinct()
                .toList();
    }

    /** Returns when the line would survive the plug being pulled. */
    void tell(String what) throws IOException {
        String line = Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + what + "\n";
        try (FileChannel out = FileChannel.open(
                report, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            out.position(end(out));
            write(out, line.getBytes(StandardCharsets.UTF_8));
        }
        Durable.sync(report.resolveSibling(""));
    }

    /** Behind the last whole line; what a cut has left of another is written over. */
    private static long end(FileChannel out) throws IOException {
        long end = out.size();
        ByteBuffer last = ByteBuffer.allocate(1);
        while (end > 0) {
            last.clear();
            out.position(end - 1);
            if (out.read(last) == 1 && last.get(0) == '\n') {
                break;
            }
            end--;
        }
        out.truncate(end);
        return end;
    }

    private static void write(FileChannel out, byte[] text) throws IOException {
        Durable.writeAll(out, ByteBuffer.wrap(text));
        out.force(true);
    }
}
