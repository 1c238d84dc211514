package org.wasla.gateway.imaging;

import java.io.IOException;
import java.util.List;
import org.wasla.gateway.dicom.Timing;

/** The DICOM side of a box: server, store and desk. Thread-safe. */
public final class Imaging implements AutoCloseable {
    private final ObjectStore store;
    private final Desk desk;
    private final ImagingServer server;

    private Imaging(ObjectStore store, Desk desk, ImagingServer server) {
        this.store = store;
        this.desk = desk;
        this.server = server;
    }

    /** Takes what is told of studies; returns once that is durable. */
    @FunctionalInterface
    public interface Outlet {
        /** @param caller title that the study's first object came from */
        void study(String event, String caller, StudyFigures figures) throws IOException;
    }

    /** How far a study is. */
    public record StudyFigures(String study, int series, int instances, long bytes) {}

    /**
     * Opens the store and begins to listen.
     *
     * @throws IOException when store, port or the files of TLS cannot be used
     */
    public static Imaging start(ImagingSettings settings, Timing timing, Outlet outlet) throws IOException {
        ObjectStore store = ObjectStore.open(settings.dir(), settings.maxBytes());
        Desk desk = new Desk(
                store,
                settings.quietMs(),
                StudyReader::read,
                news -> outlet.study(
                        news.step().wire(),
                        news.caller(),
                        new StudyFigures(news.study(), news.series(), news.instances(), news.bytes())));
        ImagingServer server = new ImagingServer(settings, store, timing, desk::add);
        Imaging imaging = new Imaging(store, desk, server);
        boolean isStarted = false;
        try {
            server.start();
            desk.start();
            isStarted = true;
            return imaging;
        } finally {
            if (!isStarted) {
                imaging.close();
            }
        }
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
        return server.count(what);
    }

    @Override
    public void close() throws IOException {
        server.close();
        desk.close();
        store.close();
    }
}
