package org.wasla.gateway.follow;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.acts.ActRules;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.device.DeviceSettings;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.hospital.Hospital;
import org.wasla.gateway.hospital.HospitalProgress;
import org.wasla.gateway.hospital.HospitalSettings;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.render.Fhir;

/**
 * What is made of the records for other systems, where it is configured: FHIR for the shared record, acts for the care
 * sheet, messages for the hospital. Thread-safe; each reads what the buffer holds.
 */
public final class Renderings implements AutoCloseable {
    private final @Nullable FhirSnapshots fhir;
    private final @Nullable ActFollower acts;
    private final @Nullable Hospital hospital;
    private volatile Config current;
    /** Devices that the keeper has yet to take up. */
    private volatile List<DeviceSettings> come = List.of();

    public Renderings(Config config, Outbox outbox, Supplier<Clock> clock) {
        this.current = config;
        HospitalSettings receivers = config.hospital();
        ActRules rules = config.acts();
        this.hospital = receivers == null ? null : new Hospital(receivers, outbox, device -> current.kind(device));
        this.fhir = config.fhir().everyMs() > 0 ? new FhirSnapshots(outbox, config.fhir()) : null;
        this.acts = rules == null ? null : new ActFollower(config, rules, outbox, clock);
    }

    /** Before a device is read. */
    public void start(List<DeviceWorker> workers) {
        if (acts != null) {
            // From now on all counts.
            acts.tick(System.nanoTime());
        }
        if (hospital != null) {
            hospital.start();
        }
        if (fhir != null) {
            workers.forEach(worker -> add(fhir, worker.settings()));
        }
    }

    /** Devices have come or gone. */
    public void devices(Config now, List<DeviceWorker> workers) {
        current = now;
        come = workers.stream().map(DeviceWorker::settings).toList();
        if (acts != null) {
            acts.devices(now);
        }
    }

    private static void add(FhirSnapshots snapshots, DeviceSettings settings) {
        var device = settings.profile().device();
        String maker = device.makers().size() == 1 ? device.makers().get(0) : "";
        Fhir.Source source = new Fhir.Source(device.kind(), maker);
        snapshots.addPort(settings.id(), source);
        settings.parts().values().forEach(part -> snapshots.add(part.id(), source));
    }

    /** The wall clock was set by so many ms. */
    public void stepped(long ms) {
        if (acts != null) {
            acts.stepped(ms);
        }
    }

    /** To be called every second or so, with the scanners that have sent something. */
    public void tick(Collection<String> scanners) {
        FhirSnapshots snapshots = fhir;
        if (snapshots != null) {
            come.forEach(settings -> add(snapshots, settings));
            come = List.of();
            scanners.forEach(scanner -> snapshots.add(scanner, new Fhir.Source("imaging modality", "")));
            snapshots.tick(System.currentTimeMillis());
        }
        if (acts != null) {
            acts.tick(System.nanoTime());
        }
        if (hospital != null) {
            hospital.watch();
        }
    }

    /** How far each of the hospital's systems is. */
    public List<HospitalProgress> progress() {
        return hospital == null ? List.of() : hospital.progress();
    }

    /** Once nothing is read any more, and while the buffer is open. */
    @Override
    public void close() {
        if (acts != null) {
            acts.close();
        }
        if (hospital != null) {
            hospital.close();
        }
    }
}
