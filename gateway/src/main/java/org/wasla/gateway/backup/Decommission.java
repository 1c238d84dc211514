package org.wasla.gateway.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.clock.ClockWatch;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.device.GapRecord;
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
    private static final long LOOK_MS = 100;

    private final Config config;
    private final String software;
    private final Path report;
    private final Wipe wipe;

    /** @param report a file outside of what is deleted; made, or gone on with */
    public Decommission(Config config, String software, Path report) {
        this.config = config;
        this.software = software;
        this.report = report.toAbsolutePath().normalize();
        this.wipe = new Wipe(this.report);
    }

    /**
     * Sends what waits, tells the audit, and closes the buffer.
     *
     * @param waitMs for the platform
     * @param losesUnsent whether what cannot be sent may be lost
     * @throws IOException when something waits still, or cannot be read, and may not be lost: nothing was deleted
     */
    public void send(long waitMs, boolean losesUnsent) throws IOException {
        List<Path> all = new ArrayList<>(places());
        all.add(config.buffer().dir());
        for (Path place : all) {
            if (report.startsWith(place.toAbsolutePath().normalize())) {
                throw new IOException(
                        "the report would stand in " + place + ", which is deleted; give another --report");
            }
        }
        if (wipe.isBegun(config.gateway().id())) {
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
        if (wipe.gateway().isEmpty()) {
            wipe.tell(Wipe.FIRST + config.gateway().id() + " with wasla " + software);
        }
        tellPlan();
        String lost = unsent < 0 ? "unknown: the buffer could not be read" : Long.toString(unsent);
        wipe.tell(Wipe.SENT + " all that could be; records lost unsent: " + lost);
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
        wipe.destroy();
    }

    /** What is to go, as {@link Wipe} reads it: written before the first is gone, for the configuration needs some of it. */
    private void tellPlan() throws IOException {
        for (Path key : keys()) {
            wipe.tell(Wipe.KEY + key.toAbsolutePath());
        }
        for (Path place : places()) {
            wipe.tell(Wipe.PLACE + place.toAbsolutePath());
        }
        wipe.tell(Wipe.BUFFER + config.buffer().dir().toAbsolutePath());
        wipe.tell(config.buffer().key().isNone() ? "the box was not encrypted" : Wipe.ENCRYPTED);
    }

    /** In this order; the first one alone makes the buffer and the folder of patients unreadable. */
    private List<Path> keys() throws IOException {
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
        Path certificate = config.uplink().key();
        if (certificate != null) {
            keys.add(certificate);
            keys.add(certificate.resolveSibling(certificate.getFileName() + ".pass"));
        }
        if (config.enrol().isUsed()) {
            keys.addAll(config.enrol().folder().secrets());
        }
        return keys;
    }

    /** All that the box has gathered, and what it was trusted with; the buffer goes last, for the lock is in it. */
    private List<Path> places() {
        List<Path> places = new ArrayList<>(List.of(config.patients().dir()));
        if (config.dicom() != null) {
            places.add(config.dicom().dir());
        }
        if (config.enrol().isUsed()) {
            places.add(config.enrol().dir());
        }
        return places;
    }
}
