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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.clock.ClockWatch;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.StateStore;
import org.wasla.gateway.device.GapRecord;
import org.wasla.gateway.files.Durable;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxStatus;
import org.wasla.gateway.uplink.Topics;
import org.wasla.gateway.uplink.Uplink;
import org.wasla.gateway.uplink.UplinkSettings;
import org.wasla.gateway.vault.KeyFile;

/**
 * Takes a box out of service: what waits is sent, the audit tells it and is closed, then the keys go first and all that they
 * open after them. One thread.
 *
 * <p>The report says how far it came: killed in the middle, the next run goes on from there. It holds names and counts, no
 * secret and nothing of a patient.
 */
public final class Decommission {
    private static final String FIRST = "wasla decommission of ";
    private static final String SENT = "sent";
    private static final String DONE = "done";
    private static final long LOOK_MS = 100;

    private final Config config;
    private final String software;
    private final Path report;

    /** What was deleted below one folder. */
    private static final class Gone {
        private long files;
        private long bytes;
    }

    /** @param report a file outside of what is deleted; made, or gone on with */
    public Decommission(Config config, String software, Path report) {
        this.config = config;
        this.software = software;
        this.report = report.toAbsolutePath().normalize();
    }

    /**
     * Sends what waits, tells the audit, and closes the buffer.
     *
     * @param waitMs for the platform
     * @param losesUnsent whether what cannot be sent may be lost
     * @throws IOException when something waits still, or cannot be read, and may not be lost: nothing was deleted
     */
    public void send(long waitMs, boolean losesUnsent) throws IOException {
        for (Path folder : folders()) {
            if (report.startsWith(folder.toAbsolutePath().normalize())) {
                throw new IOException(
                        "the report would stand in " + folder + ", which is deleted; give another --report");
            }
        }
        if (has(SENT)) {
            return;
        }
        long unsent = -1;
        if (Files.isDirectory(config.buffer().dir())) {
            try {
                unsent = drained(waitMs, losesUnsent);
            } catch (IOException unreadable) {
                if (!losesUnsent) {
                    throw unreadable;
                }
            }
        }
        if (!Files.exists(report)) {
            tell(FIRST + config.gateway().id() + " with wasla " + software);
        }
        String lost = unsent < 0 ? "unknown: the buffer could not be read" : Long.toString(unsent);
        tell(SENT + " all that could be; records lost unsent: " + lost);
    }

    private long drained(long waitMs, boolean losesUnsent) throws IOException {
        try (Outbox outbox = Outbox.open(config.buffer().opened(), this::gap)) {
            UplinkSettings settings = new UplinkSettings(
                    config.uplink().servers(),
                    config.uplink().ca(),
                    config.uplink().key(),
                    config.gateway().id(),
                    software,
                    config.uplink().encoding(),
                    config.uplink().flow());
            Config.Gateway box = config.gateway();
            try (Uplink uplink = new Uplink(settings, new Topics(box.region(), box.site(), box.id()), outbox)) {
                uplink.start();
                checkSent(awaitSent(outbox, waitMs), losesUnsent);
                try (Auditor auditor = Auditor.open(box.id(), config.buffer().dir(), outbox)) {
                    auditor.note("decommission", Map.of("unsent", Long.toString(waiting(outbox))));
                }
                outbox.flush();
                long left = awaitSent(outbox, waitMs);
                checkSent(left, losesUnsent);
                return left;
            }
        }
    }

    private Draft gap(String device, String kind, long from, long to, String why) {
        Clock clock = new ClockWatch().clock();
        return new GapRecord(device + "." + kind, from, to, why)
                .draft(config.gateway().id(), device, null, clock);
    }

    private static void checkSent(long left, boolean losesUnsent) throws IOException {
        if (left > 0 && !losesUnsent) {
            throw new IOException(left + " records wait for the platform and cannot be sent now; restore the way to the"
                    + " broker and try again, or give them up with --lose-unsent (nothing was deleted)");
        }
    }

    private static long waiting(Outbox outbox) {
        return outbox.lanes().values().stream()
                .mapToLong(OutboxStatus.LaneStatus::waiting)
                .sum();
    }

    private static long awaitSent(Outbox outbox, long waitMs) throws IOException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        long left = waiting(outbox);
        try {
            while (left > 0 && System.nanoTime() < endNs) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
                left = waiting(outbox);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while records were sent; nothing was deleted", stopped);
        }
        return left;
    }

    /** Deletes keys, then everything; goes on where an earlier run was cut off. Returns when all is gone. */
    public void destroy() throws IOException {
        if (!has(SENT)) {
            throw new IllegalStateException("nothing was sent yet");
        }
        Path buffer = config.buffer().dir();
        if (!Files.isDirectory(buffer)) {
            deleteAll();
            return;
        }
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
        Path certificate = config.uplink().key();
        if (!has(DONE)) {
            destroyKeys(certificate);
            for (Path folder : folders()) {
                Gone gone = delete(folder, StateStore.folder(config.buffer().dir()));
                if (gone.files > 0) {
                    tell("deleted " + folder + ": " + gone.files + " files, " + gone.bytes + " bytes");
                }
            }
            tellDone();
        }
        // Without these the configuration cannot be read, and a run that was cut off could not go on.
        if (certificate != null) {
            Files.deleteIfExists(certificate);
        }
        if (config.enrol().isUsed()) {
            delete(config.enrol().dir(), null);
        }
        delete(config.buffer().dir(), null);
    }

    private void destroyKeys(@Nullable Path certificate) throws IOException {
        int keys = 0;
        for (Path key : keys()) {
            if (Files.isRegularFile(key)) {
                overwrite(key);
                Files.delete(key);
                Durable.sync(key.toAbsolutePath().resolveSibling(""));
                keys++;
            }
        }
        if (certificate != null && Files.isRegularFile(certificate)) {
            overwrite(certificate);
            keys++;
        }
        if (keys > 0) {
            tell("keys overwritten: " + keys);
        }
    }

    private void tellDone() throws IOException {
        tell(DONE + "; what a memory card keeps of deleted files in cells that it has put aside is not reached by this:"
                + (config.buffer().key().isNone()
                        ? " the box was not encrypted, destroy the card"
                        : " it is encrypted, and its key is gone; images are not, see ops/AT-REST.md"));
    }

    /** In this order; the first one alone makes the buffer and the folder of patients unreadable. */
    private List<Path> keys() {
        Path buffer = config.buffer().dir();
        List<Path> keys = new ArrayList<>(List.of(
                buffer.resolve(KeyFile.NAME),
                buffer.resolve(KeyFile.COPY),
                config.patients().dir().resolve("site.key"),
                Auditor.keyFile(buffer),
                buffer.resolve("marks").resolve("key")));
        if (config.dicom() != null) {
            keys.add(config.dicom().dir().resolve("deidentify.key"));
        }
        return keys;
    }

    /** All that the box has gathered, and what it was trusted with. */
    private List<Path> folders() {
        List<Path> folders = new ArrayList<>(List.of(config.patients().dir()));
        if (config.dicom() != null) {
            folders.add(config.dicom().dir());
        }
        // The lock is in there, so it goes last.
        folders.add(config.buffer().dir());
        return folders;
    }

    /** Where the card writes over in place, nothing of the key is left; where it does not, its name at least is gone. */
    private static void overwrite(Path key) throws IOException {
        byte[] noise = new byte[(int) Math.min(1 << 20, Math.max(1, Files.size(key)))];
        new SecureRandom().nextBytes(noise);
        try (FileChannel out = FileChannel.open(key, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(noise);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
    }

    /** @param kept a folder that stays, with those above it */
    private static Gone delete(Path folder, @Nullable Path kept) throws IOException {
        Gone gone = new Gone();
        if (!Files.isDirectory(folder)) {
            return gone;
        }
        List<Path> found;
        try (Stream<Path> all = Files.walk(folder)) {
            found = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : found) {
            boolean isKept = kept != null && Files.exists(kept) && (each.startsWith(kept) || kept.startsWith(each));
            if (!isKept && Files.isRegularFile(each)) {
                gone.files++;
                gone.bytes += Files.size(each);
            }
            if (!isKept) {
                Files.deleteIfExists(each);
            }
        }
        Durable.sync(folder.toAbsolutePath().resolveSibling(""));
        return gone;
    }

    private boolean has(String step) throws IOException {
        if (!Files.exists(report)) {
            return false;
        }
        List<String> lines = Files.readAllLines(report);
        if (lines.isEmpty() || !lines.get(0).contains(FIRST + config.gateway().id() + " ")) {
            throw new IOException(
                    report + " is no report of " + config.gateway().id() + "; give another --report");
        }
        return lines.stream()
                .anyMatch(line -> line.substring(line.indexOf(' ') + 1).startsWith(step));
    }

    /** Returns when the line would survive the plug being pulled. */
    private void tell(String what) throws IOException {
        String line = Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + what + "\n";
        try (FileChannel out = FileChannel.open(
                report, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            Durable.writeAll(out, StandardCharsets.UTF_8.encode(line));
            out.force(true);
        }
        Durable.sync(report.resolveSibling(""));
    }
}
