package org.wasla.gateway.clock;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The words of systemd-timesyncd and of chrony, read from the files that they write: no library and no right beyond
 * reading is needed. Thread-safe.
 *
 * <pre>
 * /run/systemd/timesync/synchronized   touched by timesyncd at each synchronisation; no error bound
 * /var/log/chrony/tracking.log         a line an update with "log tracking"; its last column is the error bound, s
 * /var/lib/chrony/chrony.drift, drift  written by chronyd about every hour while it is synchronised; no error bound
 * </pre>
 */
final class TimeFiles implements TimeService {

    private static final List<String> TOUCHED =
            List.of("run/systemd/timesync/synchronized", "var/lib/chrony/chrony.drift", "var/lib/chrony/drift");
    private static final String TRACKING = "var/log/chrony/tracking.log";
    private static final int TRACKING_COLUMNS = 14;
    private static final int TAIL_BYTES = 1_024;
    /** More than this is no bound that helps anybody. */
    private static final double ERROR_S_MAX = 1e6;

    private final Path root;

    TimeFiles() {
        this(Path.of("/"));
    }

    /** @param root the folder that the paths above start from */
    TimeFiles(Path root) {
        this.root = root;
    }

    @Override
    public @Nullable Word word() {
        return Stream.concat(TOUCHED.stream().map(this::touched), Stream.of(tracking()))
                .filter(Objects::nonNull)
                .max(TimeFiles::older)
                .orElse(null);
    }

    /** Of two words of the same second the one that tells more counts. */
    private static int older(Word one, Word other) {
        int order = Long.compare(one.atMs() / 1_000, other.atMs() / 1_000);
        return order != 0 ? order : Boolean.compare(one.errorMs() != null, other.errorMs() != null);
    }

    private @Nullable Word touched(String name) {
        try {
            return new Word(Files.getLastModifiedTime(root.resolve(name)).toMillis(), null);
        } catch (IOException absent) {
            return null;
        }
    }

    private @Nullable Word tracking() {
        Path file = root.resolve(TRACKING);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer tail = ByteBuffer.allocate(TAIL_BYTES);
            channel.read(tail, Math.max(0, channel.size() - TAIL_BYTES));
            String text = new String(tail.array(), 0, tail.position(), StandardCharsets.US_ASCII);
            String[] columns = text.substring(text.stripTrailing().lastIndexOf('\n') + 1)
                    .strip()
                    .split("\\s+");
            // "?" in the column of the leap second: not synchronised.
            if (columns.length != TRACKING_COLUMNS || columns[7].equals("?")) {
                return null;
            }
            double errorS = Double.parseDouble(columns[TRACKING_COLUMNS - 1]);
            boolean isBound = errorS >= 0 && errorS < ERROR_S_MAX;
            return new Word(
                    Files.getLastModifiedTime(file).toMillis(),
                    isBound ? (Long) (long) Math.ceil(errorS * 1_000) : null);
        } catch (IOException | NumberFormatException absent) {
            return null;
        }
    }
}
