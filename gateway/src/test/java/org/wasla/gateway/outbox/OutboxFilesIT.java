package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever was damaged, a buffer that is closed holds no file open: its file system must be free to be unmounted. */
class OutboxFilesIT {

    private static final int RECORDS = 3_000;
    private static final int KINDS = 4;

    @TempDir
    Path dir;

    private static Outbox open(Path where) throws IOException {
        return Outbox.open(new OutboxSettings(where, 32L << 20, 0), Gaps::event);
    }

    @Test
    void nothingStaysOpen() throws Exception {
        Path fds = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(fds), "open files are told by Linux only");
        Path whole = dir.resolve("whole");
        try (Outbox outbox = open(whole)) {
            Damage.fill(outbox, RECORDS);
        }
        Random random = new Random(7);
        for (int n = 0; n < 2 * 2 * KINDS; n++) {
            Path where = dir.resolve("n" + n);
            Files.createDirectory(where);
            for (Path file : Damage.files(whole, "*")) {
                Files.copy(file, where.resolve(file.getFileName()));
            }
            Path file = spoil(where, n, random);
            try (Outbox outbox = open(where)) {
                if (!Damage.canRead(outbox) && random.nextBoolean()) {
                    Await.until("it can be read, run " + n, 60_000, () -> Damage.canRead(outbox));
                }
            }
            assertEquals(List.of(), openBelow(fds, where), "run " + n + " " + file.getFileName());
        }
    }

    /** As a torn write leaves a file: a piece that is another, or none, at its head, within, or at its end. */
    private static Path spoil(Path where, int n, Random random) throws IOException {
        List<Path> files = Damage.files(where, "*.mv.db");
        Path file = files.get(n % 2 * (files.size() - 1));
        int size = (int) Files.size(file);
        int bytes = 1 + random.nextInt(20_000);
        if (n / 2 % 2 == 0) {
            Files.deleteIfExists(where.resolve(file.getFileName().toString().replace(".mv.db", ".sum")));
        }
        switch (n / 4) {
            case 0 -> Damage.spoil(file, 0, Math.min(bytes, size));
            case 1 -> Damage.spoil(file, random.nextInt(Math.max(1, size - bytes)), bytes);
            case 2 -> truncate(file, random.nextInt(size));
            default -> truncate(file, 0);
        }
        return file;
    }

    private static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private static List<String> openBelow(Path fds, Path where) throws IOException {
        try (Stream<Path> open = Files.list(fds)) {
            return open.map(OutboxFilesIT::target)
                    .filter(target -> target.startsWith(where.toString()))
                    .sorted()
                    .toList();
        }
    }

    private static String target(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
