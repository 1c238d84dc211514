package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the store, and sets one aside that will not open. One thread, but for {@link #quarantined}.
 *
 * <p>A store is damaged when it does not open twice in a row although its directory can be written.
 */
final class StoreOpener {

    private static final Logger LOG = LoggerFactory.getLogger(StoreOpener.class);
    private static final int ATTEMPTS = 2;

    private final BufferDir dir;
    private final String scheme;
    private final AtomicInteger quarantined = new AtomicInteger();

    StoreOpener(BufferDir dir, String scheme) {
        this.dir = dir;
        this.scheme = scheme;
    }

    int quarantined() {
        return quarantined.get();
    }

    /** For the start: the file as it is, or a fresh one. */
    Store open() throws IOException {
        return open(List.of(), 0);
    }

    /** After a fault: everything is read once, so that damage shows; a fresh store begins after {@code floor}. */
    Store reopen(List<LaneState> known, long floor) throws IOException {
        return open(known, floor);
    }

    /** For a store that opens and yet fails again and again: a fresh one in its place. */
    Store replace(long floor, Throwable why) throws IOException {
        probe();
        setAside(why);
        return fresh(floor);
    }

    private Store open(List<LaneState> known, long floor) throws IOException {
        probe();
        if (!dir.hasStore()) {
            return fresh(floor);
        }
        Exception failure = new IOException("never tried");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                return openOnce(known, floor);
            } catch (SQLException | RuntimeException e) {
                failure = e;
            }
            if (Cause.isNoSpace(failure)) {
                throw cannot(failure);
            }
            if (Cause.isInUse(failure)) {
                throw new IOException("the buffer in " + dir.path() + " is in use by another program", failure);
            }
        }
        setAside(failure);
        return fresh(floor);
    }

    private Store openOnce(List<LaneState> known, long floor) throws SQLException {
        Store store = Store.open(scheme, dir.path(), floor);
        try {
            store.lanes();
            store.recount(known);
            return store;
        } catch (SQLException | RuntimeException e) {
            store.abandon();
            throw e;
        }
    }

    private Store fresh(long floor) throws IOException {
        try {
            Store store = openOnce(List.of(), floor);
            dir.force();
            return store;
        } catch (SQLException | RuntimeException e) {
            throw cannot(e);
        }
    }

    private void setAside(Throwable why) throws IOException {
        Path aside = dir.setAside(Instant.now());
        quarantined.incrementAndGet();
        LOG.error(
                "buffer damaged, set aside dir={} to={} cause=\"{}\"; a fresh one takes over, keep the old",
                dir.path(),
                aside.getFileName(),
                Cause.text(why));
    }

    private void probe() throws IOException {
        try {
            dir.probe();
        } catch (IOException e) {
            throw cannot(e);
        }
    }

    /** The one sentence for a buffer that cannot write, for whoever appends. */
    IOException cannot(Throwable why) {
        return new IOException("the buffer in " + dir.path() + " cannot write: " + Cause.text(why), why);
    }
}
