package org.wasla.gateway.bedside;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.imaging.Imaging;
import org.wasla.gateway.imaging.ImagingSettings;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.ward.Ward;

/** The DICOM services of the box, and the records of what they receive. Thread-safe. */
public final class Scans implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scans.class);
    private final @Nullable ImagingSettings settings;
    private final Outbox outbox;
    private final Supplier<Clock> clock;
    private final Bedside bedside;
    private final ImagingRecords records;
    private final ToldObjects toldObjects;
    private volatile @Nullable Imaging imaging;

    public Scans(Config config, Outbox outbox, Supplier<Clock> clock, Bedside bedside) {
        this.settings = config.dicom();
        this.outbox = outbox;
        this.clock = clock;
        this.bedside = bedside;
        this.records = new ImagingRecords(config.gateway().id());
        this.toldObjects = new ToldObjects(outbox, System.currentTimeMillis());
    }

    /** A taken port or a full disk must not keep the devices unread. */
    public void start() {
        ImagingSettings wanted = settings;
        if (wanted == null) {
            return;
        }
        try {
            Imaging started = open(wanted);
            imaging = started;
            LOG.info("imaging listens ae={} ports={}", wanted.title(), started.ports());
        } catch (IOException unusable) {
            LOG.error("imaging does not run error=\"{}\"", unusable.getMessage());
        }
    }

    private Imaging open(ImagingSettings wanted) throws IOException {
        try {
            return start(wanted);
        } catch (IOException unusable) {
            if (outbox.isDurable()) {
                throw unusable;
            }
            // Without room every object is refused with 0xA700, and scanners keep it; steps are refused by having none.
            LOG.warn("imaging refuses all objects, its disk cannot be used error=\"{}\"", unusable.getMessage());
            return start(wanted.withoutRoom(outbox.directory().resolve("dicom")));
        }
    }

    private Imaging start(ImagingSettings wanted) throws IOException {
        return Imaging.start(wanted, Timing.USUAL, this::scanned, bedside.surroundings(), outbox.safe("imaging"));
    }

    private void scanned(Imaging.Told told) throws IOException {
        String ref = told.whose().ref();
        Ward ward = bedside.ward();
        String registered = ref == null || ward == null ? null : ward.reference(ref);
        List<Draft> drafts = new ArrayList<>(records.drafts(told, clock.get(), registered));
        if (drafts.isEmpty() || toldObjects.has(drafts.get(0).device(), told)) {
            return;
        }
        String how = told.whose().how();
        if (ref != null && ward != null && ImagingRecords.isClosed(told)) {
            Draft claim = ward.examined(drafts.get(0).device(), ref, how, told.timeMs());
            drafts.addAll(claim == null ? List.of() : List.of(claim));
        }
        outbox.append(drafts);
    }

    /** The services while they run, else null. */
    @Nullable
    public Imaging running() {
        return imaging;
    }

    /** Whether images cannot be received although they are to be. */
    public boolean isMissing() {
        return settings != null && imaging == null;
    }

    /** The scanners that have sent something. */
    public Collection<String> devices() {
        return records.devices();
    }

    @Override
    public void close() {
        Imaging running = imaging;
        if (running == null) {
            return;
        }
        try {
            running.close();
        } catch (IOException e) {
            LOG.warn("imaging not closed cleanly error=\"{}\"", e.getMessage());
        }
    }
}
