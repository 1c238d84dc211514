package org.wasla.gateway.imaging;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.vault.Safe;

/** The DICOM side of a box: server, store and desk. Thread-safe. */
public final class Imaging implements AutoCloseable {
    private final ObjectStore store;
    private final Desk desk;
    private final Forwarder forwarder;
    private final ImagingServer server;
    private final StepDesk steps;
    private final CommitReporter reporter;
    private final @Nullable WorklistSource worklist;

    private Imaging(
            ObjectStore store,
            Desk desk,
            Forwarder forwarder,
            ImagingServer server,
            StepDesk steps,
            CommitReporter reporter,
            @Nullable WorklistSource worklist) {
        this.store = store;
        this.desk = desk;
        this.forwarder = forwarder;
        this.server = server;
        this.steps = steps;
        this.reporter = reporter;
        this.worklist = worklist;
    }

    /** Takes what is told of objects and studies; returns once all of it is durable. */
    @FunctionalInterface
    public interface Outlet {
        void tell(Told told) throws IOException;
    }

    /**
     * What is told at once. Immutable.
     *
     * @param caller title that the object, or the study's first object, came from
     * @param timeMs UTC when the object was whole, or the study got so far
     * @param deviceTime the device's own time of the object, ISO 8601, or null
     * @param whose whose all of it is
     */
    public record Told(String caller, long timeMs, @Nullable String deviceTime, List<RecordBody> bodies, Whose whose) {
        public Told {
            bodies = List.copyOf(bodies);
        }
    }

    /**
     * Opens the store and begins to listen.
     *
     * @throws IOException when store, port or the files of TLS cannot be used
     */
    public static Imaging start(ImagingSettings settings, Timing timing, Outlet outlet) throws IOException {
        return start(settings, timing, outlet, Surroundings.NONE);
    }

    /** The same, with somebody to ask for orders and patients. */
    public static Imaging start(ImagingSettings settings, Timing timing, Outlet outlet, Surroundings around)
            throws IOException {
        return start(settings, timing, outlet, around, Safe.NONE);
    }

    /** The same on a box that is encrypted. */
    public static Imaging start(ImagingSettings settings, Timing timing, Outlet outlet, Surroundings around, Safe safe)
            throws IOException {
        ObjectStore store = ObjectStore.open(settings.dir(), settings.maxBytes(), safe);
        Forwarder forwarder = forwarder(store, settings, timing);
        StepDesk steps;
        try {
            steps = StepDesk.open(store, settings, around);
        } catch (IOException unusable) {
            forwarder.close();
            store.close();
            throw unusable;
        }
        Desk desk = new Desk(store, settings.quietMs(), outlet, steps);
        Consumer<Instance> after = instance -> {
            forwarder.add(instance);
            desk.add(instance);
        };
        ImagingServer server = new ImagingServer(settings, store, timing, after, steps);
        StepSettings.Upstream from = settings.steps().upstream();
        Surroundings.Keeper keeper = around.keeper();
        Imaging imaging = new Imaging(
                store,
                desk,
                forwarder,
                server,
                steps,
                new CommitReporter(steps, settings, Requester.TIMING),
                from == null || keeper == null ? null : new WorklistSource(settings, from, keeper, Requester.TIMING));
        boolean isStarted = false;
        try {
            // What it has to read of earlier runs is known before anything new comes.
            desk.start();
            forwarder.start();
            server.start();
            imaging.reporter.start();
            if (imaging.worklist != null) {
                imaging.worklist.start();
            }
            isStarted = true;
            return imaging;
        } finally {
            if (!isStarted) {
                imaging.close();
            }
        }
    }

    private static Forwarder forwarder(ObjectStore store, ImagingSettings settings, Timing timing) throws IOException {
        boolean isOpen = false;
        try {
            Forwarder forwarder = Forwarder.open(store, settings.forward(), timing);
            isOpen = true;
            return forwarder;
        } finally {
            if (!isOpen) {
                store.close();
            }
        }
    }

    /** How far each destination is. */
    public List<ForwardProgress> forwarded() throws IOException {
        return forwarder.progress();
    }

    /** How many objects were deleted since the start, because they are where they belong. */
    public long deleted() {
        return forwarder.deleted();
    }

    /** The ports listened on: the plain one first. */
    public List<Integer> ports() {
        return server.ports();
    }

    public ObjectStore.Figures figures() throws IOException {
        return store.figures();
    }

    /** How many associations stand. */
    public int associations() {
        return server.associations();
    }

    /** How often something has happened since the start, 0 when never. */
    public long count(String what) {
        return server.count(what) + steps.count(what);
    }

    @Override
    public void close() throws IOException {
        if (worklist != null) {
            worklist.close();
        }
        reporter.close();
        server.close();
        desk.close();
        try {
            forwarder.close();
        } finally {
            try {
                steps.close();
            } finally {
                store.close();
            }
        }
    }
}
